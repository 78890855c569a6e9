"""What was submitted, beside the standard: to those who may see the bid, as it was frozen, and nothing else."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from core.access import Denied, System
from evaluation import tasks
from evaluation.actions import clarifying as actions
from evaluation.models import Bid, Conflict
from evaluation.queries import evidence
from evaluation.queries.clarifications import about
from evaluation.queries.documents import document_of
from evaluation.states import Stage
from files.models import File, PageSet
from files.states import FileKind, FileState, PagesState
from lots.models import Evidence, Lot
from lots.states import EvidenceKind
from providers.models import ItemVersion
from tests.evaluation import clarify
from tests.pages import read
from tests.providers.bids import DAY, held

WANT = System("evaluation.want_pages")


def bid_of(person) -> Bid:
    return Bid.objects.visible_to(person).get(provider__name="Ash House")


def standard_with_paper(bid: Bid) -> int:
    return Evidence.objects.get(standard__theme__version__framework=bid.evaluation.framework_id).standard_id


def shown(world, **words) -> list[evidence.Shown]:
    bid = bid_of(world.eve)
    return evidence.shown_for(bid, standard_with_paper(bid), user=world.eve, **words)


def test_a_document_with_its_pages_its_hash_and_where_to_get_it(world):
    bid, version = clarify.given_and_drawn(world)

    [one] = shown(world)

    assert (one.title, one.asked, one.name, one.kind) == (
        "Safeguarding policy",
        ("Safeguarding policy",),
        "policy.pdf",
        "PDF",
    )
    assert (one.sha256, one.url) == (version.file.sha256, reverse("bid_evidence_file", args=[bid.pk, version.pk]))
    [page] = one.pages
    assert (page.number, page.of, page.width, page.url) == (
        1,
        1,
        1200,
        reverse("bid_evidence_page", args=[bid.pk, version.pk, 1]),
    )
    assert (one.can_download, one.why_no_pages, one.is_short, one.not_drawn, one.sent_at) == (True, "", True, 0, None)
    assert evidence.shown_for(bid, 10**9, user=world.eve) == []


@pytest.mark.parametrize(
    ("issued", "expires", "months", "found"),
    [
        (None, None, None, (False, False)),
        (None, -2, None, (True, True)),
        (None, -1, None, (False, True)),
        (None, 0, None, (False, False)),
        (-400, None, 12, (True, True)),
        (-400, None, None, (False, False)),
        (-30, None, 12, (False, False)),
    ],
)
def test_what_had_run_out_at_the_deadline_and_what_has_since(world, issued, expires, months, found):
    """The deadline was yesterday."""
    bid, version = clarify.given_and_drawn(world)
    today = timezone.localdate()
    days = [None if one is None else today + one * DAY for one in (issued, expires)]
    ItemVersion.objects.filter(pk=version.pk).update(issued_on=days[0], expires_on=days[1])
    asked = clarify.evidence_of(bid.evaluation)
    Evidence.objects.filter(pk=asked.pk).update(kind=EvidenceKind.CERTIFICATE, months=months)
    document = document_of(bid, user=world.eve)
    for standard in document["standards"]:
        standard["evidence"] = [row | {"asked": asked.pk} for row in standard["evidence"]]

    [one] = shown(world, document=document)

    assert (one.ended_at_deadline, one.ended) == found


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda file: PageSet.objects.all().delete(), "being made ready"),
        (lambda file: PageSet.objects.update(state=PagesState.WAITING), "being made ready"),
        (
            lambda file: PageSet.objects.update(state=PagesState.NOT_POSSIBLE, why="broken"),
            "None of its pages could be drawn. Download",
        ),
        (lambda file: File.objects.update(kind=FileKind.DOCX), "A Word document looks right only in its own program"),
        (lambda file: File.objects.update(kind=FileKind.XLSX), "An Excel workbook looks right"),
        (lambda file: File.objects.update(state=FileState.PENDING), "is being checked for viruses"),
        (lambda file: File.objects.update(state=FileState.INFECTED), "A virus was found"),
        (lambda file: File.objects.update(sha256="0" * 64), "not the file that was submitted"),
    ],
)
def test_why_no_pages_can_be_looked_at(world, change, why):
    _, version = clarify.given_and_drawn(world)
    change(version.file)

    [one] = shown(world)

    assert why in one.why_no_pages
    assert bool(one.pages) == one.can_download or "Download" not in one.why_no_pages


def test_pages_that_could_not_be_drawn_and_those_beyond_the_first(world):
    _, version = clarify.given_and_drawn(world)
    version.file.images.all().delete()
    version.file.page_set.delete()
    clarify.drawn(version.file, pages=5, broken=1)
    PageSet.objects.update(pages=9)

    [one] = shown(world)

    assert [bool(page.url) for page in one.pages] == [True] * 4 + [False]
    assert (one.is_short, one.not_drawn) == (False, 4)


def test_what_was_given_for_a_lot_stands_where_that_lot_is_judged(world):
    bid, version = clarify.given_and_drawn(world)
    own, lot = (
        held(world.ash_house, "Policy for lot 1"),
        Lot.objects.get(framework=bid.evaluation.framework, number="1"),
    )
    document = document_of(bid, user=world.eve)
    standard = next(one for one in document["standards"] if one["standard"] == standard_with_paper(bid))
    row = {"title": "Safeguarding policy", "version": own.pk, "asked": None}
    standard["for_lots"] = {str(lot.pk): {"evidence": [row, row]}}

    every = shown(world, document=document)
    of_lot = shown(world, document=document, lot_id=lot.pk)
    of_other = shown(world, document=document, lot_id=lot.pk + 1)

    assert [(one.version, one.lots) for one in every] == [(version.pk, ()), (own.pk, ("Lot 1",))]
    assert [(one.version, one.lots) for one in of_lot] == [(own.pk, ())]
    assert [one.version for one in of_other] == [version.pk]


def test_what_came_with_an_answer_stands_beside_what_was_submitted(world):
    one = clarify.asked(world)
    paper = held(world.ash_house, "Policy, signed")
    assert [other.sent_at for other in shown(world)] == [None]

    actions.answer_clarification(clarification=one, text="Here.", version=paper.pk, by=world.alice)

    assert [(other.version == paper.pk, bool(other.sent_at)) for other in shown(world)] == [
        (False, False),
        (True, True),
    ]
    given = evidence.given_version(one.bid, paper.pk)
    assert evidence.frozen_hash(one.bid, given, user=world.eve) == paper.file.sha256
    assert evidence.given_version(one.bid, held(world.ash_house).pk) is None


def test_nobody_sees_evidence_of_a_bid_that_they_must_not_meet(world, sign_in):
    bid, version = clarify.given_and_drawn(world)
    words = {"person": world.eve, "provider": world.ash_house, "text": "A friend leads it", "noted_at": timezone.now()}
    Conflict.objects.create(evaluation=bid.evaluation, **words)

    with pytest.raises(Denied):
        evidence.shown_for(bid, standard_with_paper(bid), user=world.eve)
    client = sign_in(world.eve)
    for name, args in (("bid_evidence_file", ()), ("bid_evidence_page", (1,))):
        assert client.get(reverse(name, args=[bid.pk, version.pk, *args])).status_code == 404


def test_a_document_that_is_not_of_this_bid_is_not_found(world, sign_in):
    bid, version = clarify.given_and_drawn(world)
    other = Bid.objects.exclude(pk=bid.pk).get()
    client = sign_in(world.eve)

    codes = [
        client.get(reverse("bid_evidence_file", args=[other.pk, version.pk])).status_code,
        client.get(reverse("bid_evidence_page", args=[other.pk, version.pk, 1])).status_code,
        client.get(reverse("bid_evidence_page", args=[bid.pk, version.pk, 2])).status_code,
        read(client.get(reverse("bid_evidence_page", args=[bid.pk, version.pk, 1]))).status_code,
    ]

    assert codes == [404, 404, 404, 200]


def test_bytes_that_are_not_those_that_were_frozen_are_not_given_out(world, sign_in):
    bid, version = clarify.given_and_drawn(world)
    address = reverse("bid_evidence_file", args=[bid.pk, version.pk])
    file = File.objects.get(pk=version.file_id)
    client = sign_in(world.eve)
    assert read(client.get(address)).status_code == 200

    default_storage.delete(file.stored_as)
    default_storage.save(file.stored_as, ContentFile(b"%PDF-1.7 another policy"))
    answer = client.get(address)

    assert (answer.status_code, "not what was submitted" in answer.content.decode()) == (409, True)


def test_the_pages_of_what_was_submitted_are_asked_for_once_and_while_it_is_judged(world):
    made = clarify.judging(world)
    papers = ItemVersion.objects.count()

    assert actions.want_pages(by=WANT, at=timezone.now()) == papers
    tasks.want_pages()

    assert PageSet.objects.count() == papers
    event = Event.objects.get(action="evaluation.evidence.pages_wanted")
    assert event.data == {"files": papers}
    made.stage = Stage.FROZEN
    made.save()
    assert not evidence.all_to_look_at().exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_what_is_shown_costs_the_same_for_one_document_and_for_three(world, rows):
    one = clarify.asked(world)
    bid = bid_of(world.eve)
    document = document_of(bid, user=world.eve)
    standard = next(each for each in document["standards"] if each["standard"] == one.standard_id)
    for number in range(rows - 1):
        paper = held(world.ash_house, f"Paper {number}")
        clarify.drawn(paper.file, pages=rows)
        standard["evidence"].append({"title": "Policy", "version": paper.pk})
    bid = bid_of(world.eve)

    with CaptureQueriesContext(connection) as queries:
        asked = about(bid, one.standard_id, user=world.eve)
        found = evidence.shown_for(bid, one.standard_id, user=world.eve, document=document, asked=asked)

    assert (len(found), len(queries)) == (rows, 4)
