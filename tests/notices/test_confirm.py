"""A framework is made of a release, and brought up to a later one: what the actions say no to, and what they write."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from audit.models import Event
from core import access
from core.access import System
from lots.models import Decision, Framework
from lots.queries.facts import facts_of
from lots.rules.differences import print_of
from lots.rules.facts import FrameworkFacts, LotFacts, SubLotFacts
from lots.rules.fits import NotFit
from notices.actions import releases
from notices.queries import releases as queries
from notices.rules import answers as rules
from notices.rules.answers import Answer
from notices.rules.errors import BadNotice
from notices.rules.findings import Finding, Option
from notices.rules.refusals import Refused, Unanswered
from tests.frameworks import make_framework
from tests.notices.made import answers_to, award, brought_in, confirmed, framework, package

CHOICE = Finding("sides", "Two wordings", "", (), "choose", "sides", (Option("upper", "Upper", "Told"),), "upper")
REASON = Finding("term", "Too long", "", (), "reason")
NOTE = Finding("fee", "N/A", "", ())
PARTS = Finding("lot_1_parts", "1A", "", (), "choose", "lot_1_parts", (Option("BC", "No A", "No A"),), "BC")
FINDINGS = (CHOICE, REASON, NOTE)


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, {"sides": "Choose what holds", "term": "Enter the reason"}),
        (
            {"sides": Answer("nonsense", "x"), "term": Answer("", " ")},
            {"sides": "Choose what holds", "term": "Enter the reason"},
        ),
        ({"sides": Answer("upper"), "term": Answer("", "x")}, {"sides": "Enter the reason"}),
        ({"sides": Answer("upper", "x"), "term": Answer("", "x"), "fee": Answer()}, {}),
    ],
)  # fmt: skip
def test_what_is_still_to_be_answered(answers, missing):
    assert rules.missing(FINDINGS, answers) == missing


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        (Answer("upper", "It says so."), {}),
        (Answer("both", "Legal advice"), {}),
        (Answer("both", " It says so. "), {"sides": "You chose something else than the notice says. Give your reason"}),
    ],
)
def test_a_reason_that_was_filled_in_holds_for_what_the_notice_says_alone(answer, missing):
    options = (*CHOICE.options, Option("both", "Both", "Told"))

    assert rules.missing([replace(CHOICE, options=options, reason="It says so.")], {"sides": answer}) == missing


def test_what_was_settled_carries_the_text_to_all_bidders():
    found = rules.settled(FINDINGS, {"sides": Answer("upper", "Because"), "term": Answer("", "So")})

    assert [(one.finding.code, one.label, one.clarification) for one in found] == [
        ("sides", "Upper", "Told"),
        ("term", "", ""),
    ]


def test_a_finding_about_parts_settles_the_parts():
    settled = rules.settled([CHOICE, PARTS], {"sides": Answer("upper"), "lot_1_parts": Answer("BC")})

    assert rules.parts_chosen(settled) == {"1": "BC"}


def test_parts_that_were_ticked_take_the_place_of_those_that_were_read():
    lot = LotFacts("1", "Vocational", sub_lots=(SubLotFacts("A", "primary"),))
    facts = FrameworkFacts("Title", lots=(lot, replace(lot, number="2"), replace(lot, number="3")))

    found = rules.with_parts(facts, {"1": ["C", "B", "Z"], "2": []})

    assert [tuple(part.letter for part in lot.sub_lots) for lot in found.lots] == [("B", "C"), (), ("A",)]
    assert found.lots[0].sub_lots[1].phase == "post_16"


@pytest.fixture
def release(world):
    return brought_in(world, framework()).releases.get()


def confirm(world, release, *, by=None, **words):
    words = {"answers": answers_to(release), "parts": {}} | words
    return releases.confirm_release(release=release, by=by or world.max, at=timezone.now(), **words)


def take(world, release, *, by=None, **words):
    standing = queries.framework_of(release)
    seen = print_of(facts_of(standing)) if standing else ""
    words = {"keys": set(), "answers": {}, "seen": seen} | words
    return releases.take_release(release=release, by=by or world.max, at=timezone.now(), **words)


def test_what_the_notice_says_becomes_the_framework(world, release):
    made = confirm(world, release)

    told = queries.told_by(release, today=timezone.localdate()).facts
    assert facts_of(made) == told
    assert Decision.objects.filter(framework=made, replaced_at=None).count() == len(answers_to(release))


def test_one_answer_short_nothing_is_written(world, release):
    answers = answers_to(release)
    del answers["pool"]

    with pytest.raises(Unanswered) as refused:
        confirm(world, release, answers=answers)

    assert refused.value.missing == {"pool": "Choose what holds"}
    assert "pool: Choose what holds" in str(refused.value)
    assert (Framework.objects.count(), Decision.objects.count()) == (0, 0)
    release.refresh_from_db()
    assert release.framework is None


def test_a_buyer_of_another_name_is_confirmed_too(world):
    told = framework()
    told["buyer"]["name"] = told["parties"][0]["name"] = "Borough of Fenwick"
    release = brought_in(world, told).releases.get()

    with pytest.raises(Unanswered) as refused:
        confirm(world, release)
    assert list(refused.value.missing) == ["buyer"]

    confirm(world, release, is_our_buyer=True)
    assert Event.objects.get(action="notices.release.confirmed").data["buyer_in_the_notice"] == "AAAA-1111-AAAA"


def test_nobody_else_makes_a_framework_of_it(world, release):
    for who in (world.ada, world.olu, world.ines, System("jobs.run")):
        with pytest.raises(access.Denied):
            confirm(world, release, by=who)
    assert Framework.objects.count() == 0


def test_a_notice_of_something_else_makes_none(world):
    other = brought_in(world, award()).releases.get()

    with pytest.raises(Refused, match="does not set up a framework"):
        confirm(world, other, answers={})


def test_a_framework_is_made_once(world, release):
    confirm(world, release)

    with pytest.raises(Refused, match="here already"):
        confirm(world, release)


def test_after_a_draft_is_withdrawn_its_notice_can_be_used_again(world, release):
    first = confirm(world, release)
    Framework.objects.filter(pk=first.pk).update(state="withdrawn", ocid="", withdrawn_at=timezone.now())

    second = confirm(world, release)

    release.refresh_from_db()
    assert release.framework == second != first


def test_what_no_row_can_hold_is_told_with_its_place(world, release, monkeypatch):
    def refuses(**words):
        raise NotFit("title", "The text is longer than 500 characters")

    answers = answers_to(release)
    with monkeypatch.context() as patched:
        patched.setattr(releases, "write_framework", refuses)
        with pytest.raises(BadNotice) as refused:
            confirm(world, release, answers=answers)
    assert refused.value.path == "tender.title"

    confirm(world, release)
    later = brought_in(world, framework(id="000009-2026", title="New")).releases.get()
    monkeypatch.setattr(releases, "update_framework", refuses)
    with pytest.raises(BadNotice) as refused:
        take(world, later, keys={"title"})
    assert refused.value.path == "tender.title"


def test_a_later_notice_is_refused_where_there_is_nothing_to_bring_up(world, release):
    with pytest.raises(Refused, match="no framework for this notice yet"):
        take(world, release)

    made = confirm(world, release)
    with pytest.raises(Refused, match="comes from this notice already"):
        take(world, release)

    other = brought_in(world, award(ocid=made.ocid)).releases.get()
    with pytest.raises(Refused, match="does not set up a framework"):
        take(world, other)

    later = brought_in(world, framework(id="000009-2026")).releases.get()
    with pytest.raises(access.Denied):
        take(world, later, by=world.ada)
    Framework.objects.filter(pk=made.pk).update(state="withdrawn", withdrawn_at=timezone.now())
    with pytest.raises(Refused, match="is over"):
        take(world, later)


def test_what_providers_rely_on_stays_whatever_is_asked_for(world, release):
    made = confirm(world, release)
    published = {"state": "published", "published_at": timezone.now(), "published_by": world.max}
    Framework.objects.filter(pk=made.pk).update(**published)
    again = {"dates": [{"startDate": "2028-03-01T23:59:59+00:00"}]}
    told = framework(id="000009-2026", title="New title", recurrence=again)
    later = brought_in(world, told).releases.get()

    take(world, later, keys={"title", "closes_at", "lots.1", "key_dates"})

    made.refresh_from_db()
    assert made.title == "Alternative provision"
    assert made.key_dates.count() == 1


def test_a_source_that_we_would_not_read_any_more_counts_as_typed_in(world, release):
    made = confirm(world, release)
    type(release).objects.filter(pk=release.pk).update(
        body=bytes(release.body).replace(b'"currency": "GBP"', b'"currency": "AED"')
    )

    source, facts = queries.source_facts(made, today=timezone.localdate())

    assert (source, facts) == (release, None)


def test_what_is_missing_is_named_with_the_place_where_it_should_stand(world):
    whole = framework()
    del whole["tender"]["title"]

    with pytest.raises(BadNotice, match="no title") as refused:
        confirmed(world, brought_in(world, whole).releases.get())

    assert refused.value.path == "tender.title"
    assert Framework.objects.count() == 0


def test_what_a_later_notice_newly_leaves_open_is_asked(world, release):
    made = confirm(world, release)
    told = framework(id="000009-2026")
    told["tender"]["techniques"]["frameworkAgreement"]["maximumParticipants"] = 20
    later = brought_in(world, told).releases.get()

    with pytest.raises(Unanswered) as refused:
        take(world, later, keys={"max_participants"})
    assert list(refused.value.missing) == ["cap_against_staying_on"]

    answers = {"cap_against_staying_on": Answer("", "Rooms are few")}
    take(world, later, keys={"max_participants"}, answers=answers)
    made.refresh_from_db()
    assert made.max_participants == 20
    assert Decision.objects.get(framework=made, about="cap_against_staying_on").reason == "Rooms are few"


def test_a_framework_set_up_by_hand_has_no_earlier_notice(world, release):
    made = make_framework(world, ocid="ocds-h6vhtk-0d0d0d")

    take(world, release, keys={"risks"}, answers=answers_to(release))

    assert Event.objects.get(action="notices.release.taken").data["before"] == ""
    assert made.releases.get() == release


def test_releases_of_one_file_are_used_one_by_one(world):
    file = brought_in(world, package(framework(), framework(ocid="ocds-2", title="Other")))

    made = [confirmed(world, release) for release in file.releases.all()]

    assert {one.title for one in made} == {"Alternative provision", "Other"}
