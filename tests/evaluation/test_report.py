"""The report of an evaluation: everything that was decided, for whoever may know it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Conflict, Correction, Evaluation, GateResult, LowEnquiry, ReportCopy, Reversal
from evaluation.permissions import report as permissions
from evaluation.queries.report_tables import MAY_NAME, OF_ALL
from evaluation.rules import report as rules
from evaluation.states import SetState, Stage
from evaluation.work import report as work
from jobs import running
from jobs.models import Job
from lots.rules.refusals import Refused
from tests.evaluation.further import frozen, proposed
from tests.evaluation.further import run as price_check
from tests.evaluation.made import evaluation, judged

QUERIES = 49  # of the whole report, however many bids there are


def told(made, person) -> dict[str, list[list[str]]]:
    """Every section's rows in words, for this reader."""
    _, sections = work.report_for(made, person)
    return {section.code: [line.cells for line in work.shown(section).lines] for section in sections}


def everything(found) -> str:
    return "\n".join(cell for rows in found.values() for row in rows for cell in row)


def interest(made, world, person, provider) -> Conflict:
    return Conflict.objects.create(
        evaluation=made, person=person, provider=provider, text="My sister teaches there.", noted_at=timezone.now()
    )


def test_the_whole_report_of_an_award(world):
    made = evaluation(world, count=4, prices=[4000, 4200, 4500, 6001])
    award = proposed(made, world, state=SetState.APPROVED)
    line = award.lines.filter(awarded=True).first()
    Reversal.objects.create(line=line, reason="It closed.", proposed_at=timezone.now(), proposed_by=world.max)
    result = GateResult.objects.filter(run=award.run).first()
    LowEnquiry.objects.create(
        bid=result.bid, price=result.price, text="Why so low?", asked_at=timezone.now(), asked_by=world.max,
        due_at=timezone.now(),
    )  # fmt: skip
    Correction.objects.create(
        price=result.price, was_pence=4000, becomes_pence=4100, reason="A slip.", consent="By letter.",
        proposed_at=timezone.now(), proposed_by=world.max,
    )  # fmt: skip
    made.refresh_from_db()

    found = told(made, world.max)

    assert [len(found[code]) for code in ("bids", "judgements", "outcomes", "results", "lines")] == [4, 16, 8, 4, 8]
    assert found["opening"][0][-1] == made.opening_act.sha256
    assert [row[4:] for row in found["pools"]] == [["4", "£187.01", "£46.7525 (exactly 18701/400)", "£56.103"]]
    assert [row[9] for row in found["results"]] == ["Yes", "Yes", "Yes", "No"]
    assert found["corrections"][0][5:8] == ["£40.00", "£41.00", "A slip."]
    assert found["reversals"][0][5] == "It closed."
    assert ["1", "Unusually low prices that count"] in [row[:2] for row in found["other_rules"]]
    assert "Why so low?" in everything(found)
    assert "0" * 64 in everything(found)
    assert "remainder of a division by 100" in everything(found)


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        (Stage.JUDGING, set()),
        (Stage.FROZEN, {"judgements", "outcomes", "themes", "quality"}),
        (Stage.CHECKED, {"judgements", "outcomes", "themes", "quality", "runs", "results", "pools"}),
    ],
)
def test_verdicts_wait_for_the_freeze_and_prices_for_their_opening(world, stage, shown):
    made = evaluation(world)
    price_check(made, world)
    made.stage = stage
    made.save()

    found = told(made, world.max)

    watched = {"judgements", "outcomes", "themes", "quality", "runs", "results", "pools", "sample"}
    assert {code for code in watched if found[code]} == shown | ({"sample"} if stage != Stage.JUDGING else set())
    assert ("As the policy shows." in everything(found)) == (stage != Stage.JUDGING)
    assert found["freezes"]
    assert found["bids"]


def test_whoever_moderates_reads_no_prices_before_the_award(world):
    made = evaluation(world, prices=[4321, 4444])
    price_check(made, world)
    made.refresh_from_db()

    before = told(made, world.ada)
    proposed(made, world, state=SetState.APPROVED)
    made.refresh_from_db()

    assert "43.21" not in everything(before)
    assert before["judgements"]
    assert "£43.21" in everything(told(made, world.ada))


def test_a_bidder_in_whom_the_reader_has_an_interest_is_left_out_with_all_that_tells_of_them(world):
    made = evaluation(world, count=3, prices=[4000, 4200, 4321])
    proposed(made, world, state=SetState.APPROVED)
    made.refresh_from_db()
    left = made.bids.get(number=3)
    declared = made.declarations.filter(person=world.tom).first()
    declared.text = f"I know somebody at {left.provider_name}."
    declared.save()
    whole = everything(told(made, world.max))
    interest(made, world, world.max, left.provider)
    interest(made, world, world.eve, left.provider)

    reader, _ = work.report_for(made, world.max)
    found = told(made, world.max)
    text = everything(found)

    told_of_them = [left.provider_name, left.sha256, "£43.21", "£125.21", "1" * 64, "2" * 64, "3" * 64]
    assert [one for one in told_of_them if one not in whole] == []
    assert [one for one in told_of_them if one in text] == []
    assert found["conflicts"] == []
    assert OF_ALL in text
    assert MAY_NAME in text
    assert list(reader.left_out.values()) == [left.provider_name]


def test_whoever_has_not_declared_reads_of_no_bid(world):
    made = evaluation(world)
    frozen(made, world)
    made.declarations.filter(person=world.max).delete()
    made.refresh_from_db()

    found = told(made, world.max)

    assert {code for code in ("bids", "parts", "judgements", "outcomes", "quality") if found[code]} == set()


@pytest.mark.parametrize("count", [1, 2])
def test_the_report_costs_the_same_for_one_bid_and_for_two(world, count, django_assert_num_queries):
    made = evaluation(world, count=count, read=False)
    proposed(made, world, state=SetState.APPROVED)
    made = Evaluation.objects.visible_to(world.max).get()

    with django_assert_num_queries(QUERIES):
        told(made, world.max)


def test_the_page_names_who_is_left_out_and_the_draft(world, sign_in):
    made = evaluation(world)
    interest(made, world, world.max, world.ash_house)

    text = sign_in(world.max).get(reverse("evaluation_report", args=[made.pk])).content.decode()

    assert "This is a draft." in text
    assert "1 bidder is left out" in text
    assert "section 98" in text


def test_a_short_report_is_printed_at_once_and_is_a_workbook_too(world, sign_in):
    made = evaluation(world)
    judged(made, world)
    frozen(made, world)
    client = sign_in(world.max)

    printed = client.get(reverse("evaluation_report_pdf", args=[made.pk]))
    sent = client.get(reverse("evaluation_report_xlsx", args=[made.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sent.streaming_content)))

    assert printed.content.startswith(b"%PDF-1.7")
    assert book["Judgements"].max_row == 9
    assert book["Results"]["A2"].value == "Prices and the award are not shown to you at this stage of the evaluation."


def test_a_long_report_is_made_by_a_task_for_whoever_asked(world, sign_in, monkeypatch):
    monkeypatch.setattr(rules, "SMALL", 0)
    made = evaluation(world)
    proposed(made, world, state=SetState.APPROVED)
    client = sign_in(world.max)

    asked = client.get(reverse("evaluation_report_pdf", args=[made.pk]))
    client.post(asked.url)
    again = client.post(asked.url, follow=True)
    running.sweep()
    copy = ReportCopy.objects.get()
    got = client.get(reverse("evaluation_report_copy", args=[copy.pk]))

    assert "being made for you already" in again.content.decode()
    assert Job.objects.get().result == "The report is ready."
    assert b"".join(got.streaming_content).startswith(b"%PDF-1.7")
    assert sign_in(world.ada).get(reverse("evaluation_report_copy", args=[copy.pk])).status_code == 404
    assert (copy.full, copy.with_prices, copy.left_out) == (True, True, "")

    work.make(Job.objects.get(), lambda *said: None)
    assert ReportCopy.objects.get().file_id == copy.file_id

    interest(made, world, world.max, world.ash_house)
    assert client.get(reverse("evaluation_report_copy", args=[copy.pk])).status_code == 403


@pytest.mark.parametrize(("stage", "status"), [(Stage.JUDGING, 403), (Stage.FROZEN, 403), (Stage.AWARDED, 302)])
def test_a_copy_is_had_only_while_its_reader_may_know_what_is_in_it(world, sign_in, stage, status):
    made = evaluation(world)
    made.stage = stage
    made.save()
    copy = ReportCopy.objects.create(
        evaluation=made, asked_at=timezone.now(), asked_by=world.max, full=True, with_prices=True
    )

    assert sign_in(world.max).get(reverse("evaluation_report_copy", args=[copy.pk])).status_code == status


def test_a_copy_is_not_had_by_somebody_who_no_longer_oversees(world):
    made = evaluation(world, read=False)
    copy = ReportCopy.objects.create(evaluation=made, asked_at=timezone.now(), asked_by=world.eve)

    assert not permissions.can_have_copy(world.eve, copy)
    assert permissions.can_have_copy(world.max, copy)


def test_nothing_is_made_for_somebody_who_left(world):
    made = evaluation(world)
    copy = ReportCopy.objects.create(evaluation=made, asked_at=timezone.now(), asked_by=world.max)
    world.max.memberships.update(ended_at=timezone.now(), person_name="")

    with pytest.raises(work.Failed, match="may no longer read"):
        work.make(Job(about_id=copy.pk), lambda *said: None)


def test_two_copies_at_once_are_refused():
    with pytest.raises(Refused):
        rules.check_waiting(True)
    rules.check_waiting(False)


@pytest.mark.parametrize(
    ("cells", "name", "rest"),
    [
        (["3", "Ash House", "1.1", "", "Pass", ""], "Bid 3, Ash House, standard 1.1", [("Outcome", "Pass")]),
        (["", "", "", "", "", "x"], "", [("Why", "x")]),
    ],
)
def test_how_a_row_is_told(cells, name, rest):
    headings = ("Bid", "Bidder", "Standard", "Lot", "Outcome", "Why")

    assert rules.name_of(headings, cells, 4) == name
    assert rules.rest_of(headings, cells, 4) == rest
    assert rules.is_wide(headings)
