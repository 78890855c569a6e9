"""The award notice and the standstill: counted in working days, corrected while it lasts, kept by every place."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Event
from core.access import Denied
from evaluation.actions import standstill as actions
from evaluation.models import AwardSet, Bid, Evaluation, Letter
from evaluation.queries.award_pages import summaries_of
from evaluation.rules import standstill as rules
from lots.models import Place
from lots.queries.places import end_of
from lots.rules.refusals import Refused
from outbox.models import Message
from tests.evaluation.awarding import approve, awarded, checked, propose, told
from tests.lots.places import accept

D = dt.date
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


def utc(*when) -> dt.datetime:
    return dt.datetime(*when, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("published_on", "last", "ends"),
    [
        (D(2026, 7, 6), D(2026, 7, 15), utc(2026, 7, 15, 23)),  # a Monday: the day itself is the first
        (D(2026, 7, 10), D(2026, 7, 21), utc(2026, 7, 21, 23)),  # a Friday
        (D(2026, 7, 11), D(2026, 7, 22), utc(2026, 7, 22, 23)),  # a Saturday: the first is the Monday after
        (D(2026, 12, 17), D(2026, 12, 30), utc(2026, 12, 31)),  # Christmas, Boxing Day on a Saturday
        (D(2026, 12, 24), D(2027, 1, 7), utc(2027, 1, 8)),  # and New Year's Day
        (D(2026, 3, 26), D(2026, 4, 8), utc(2026, 4, 8, 23)),  # Easter, and the clocks go forward
        (D(2026, 4, 3), D(2026, 4, 16), utc(2026, 4, 16, 23)),  # Good Friday itself
        (D(2026, 4, 29), D(2026, 5, 11), utc(2026, 5, 11, 23)),  # early May
        (D(2026, 5, 20), D(2026, 6, 1), utc(2026, 6, 1, 23)),  # late May
        (D(2026, 8, 28), D(2026, 9, 9), utc(2026, 9, 9, 23)),  # the August bank holiday
        (D(2026, 10, 21), D(2026, 10, 30), utc(2026, 10, 31)),  # the clocks go back
    ],
)
def test_eight_working_days_beginning_with_the_day_of_publication(published_on, last, ends):
    assert rules.last_day(published_on) == last
    assert end_of(last) == ends


@pytest.mark.parametrize("number", ["", "12345-2026", "012345/2026", "012345-26", "ocds-h6vhtk-012345", "٠١٢٣٤٥-2026"])
def test_what_is_no_notice_number(number):
    with pytest.raises(Refused, match="like 012345-2026"):
        rules.check_number(number)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({}, None),
        ({"told_on": None}, None),  # everybody was disregarded, so there was nobody to tell
        ({"unsent": 1}, "^1 assessment summary has not been sent"),
        ({"unsent": 1200}, "^1,200 assessment summaries have not been sent"),
        ({"published_on": D(2027, 1, 6)}, "today or in the past"),
        ({"published_on": D(2027, 1, 1)}, "before the award was approved, on 2 January 2027"),
        ({"published_on": D(2027, 1, 3)}, "before the last assessment summary was sent, on 4 January 2027"),
        ({"number": "012345-2026"}, None),  # drawn up before the new year
        ({"number": "012345-2025"}, "does not fit the day"),
        ({"number": "012345-2028"}, "does not fit the day"),
        ({"number": "12345"}, "like 012345-2026"),
    ],
)
def test_when_a_publication_can_be_written_down(words, refusal):
    given = {
        "number": "012345-2027",
        "published_on": D(2027, 1, 5),
        "approved_on": D(2027, 1, 2),
        "told_on": D(2027, 1, 4),
        "unsent": 0,
        "today": D(2027, 1, 5),
    } | words
    call = (given.pop("number"), given.pop("published_on"))

    if refusal is None:
        rules.check_publication(*call, **given)
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_publication(*call, **given)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({}, None),
        ({"published_on": None}, "not written down yet"),
        ({"waits_until": utc(2027, 1, 5)}, "The waiting period before we sign has ended"),
        ({"waits_until": utc(2027, 1, 5), "standstill": False}, None),
    ],
)
def test_when_a_publication_can_be_corrected(words, refusal):
    given = {"published_on": D(2027, 1, 4), "standstill": True, "waits_until": utc(2027, 1, 6)} | words

    if refusal is None:
        rules.check_correction(**given, at=utc(2027, 1, 5))
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_correction(**given, at=utc(2027, 1, 5))


def publish(award: AwardSet, world, *, on: dt.date | None = None, number: str = "", act=None, **words) -> AwardSet:
    on = on or timezone.localdate()
    act = act or actions.record_publication
    given = {"by": world.max, "at": timezone.now()} | words
    return act(award_set=award, notice_number=number or f"012345-{on.year}", published_on=on, **given)


def accepted(world) -> None:
    rows = Place.objects.filter(provider=world.ash_house, lot__is_auto=False).select_related("provider")
    accept(world, *rows, at=timezone.now())


def waits() -> set[tuple]:
    return set(Place.objects.values_list("waits_until", "waits_for_notice"))


def test_places_wait_until_the_standstill_ends(world):
    award = told(awarded(world))
    accepted(world)
    Message.objects.all().delete()
    on = timezone.localdate()

    award = publish(award, world)

    ends = end_of(rules.last_day(on))
    assert (award.waits_until, award.notice_number, award.published_noted_by) == (ends, f"012345-{on.year}", world.max)
    assert waits() == {(ends, False)}
    assert Message.objects.count() == 2  # each bidder's lead is told
    assert Event.objects.get(action="evaluation.award_set.published").data == {
        "number": award.notice_number,
        "on": on.isoformat(),
    }


def test_without_a_standstill_places_wait_for_the_notice_alone(world):
    made = checked(world)
    Evaluation.objects.update(standstill=False)
    award = told(approve(propose(made, world), world))
    assert waits() == {(None, True)}
    at = timezone.now()

    award = publish(award, world, at=at)

    assert waits() == {(at, False)}
    again = publish(award, world, act=actions.correct_publication, number=f"543210-{award.published_on.year}")
    assert (again.waits_until, again.notice_number[:6]) == (at, "543210")


def test_bidders_have_their_summaries_first(world):
    award = awarded(world)
    assert summaries_of(award) == (None, 2)

    with pytest.raises(Refused, match="2 assessment summaries have not been sent"):
        publish(award, world)
    Letter.objects.all().delete()
    assert summaries_of(award) == (None, 2)

    assert waits() == {(None, True)}


def test_what_was_typed_wrongly_is_corrected_while_the_standstill_lasts(world):
    award = told(awarded(world))
    before = timezone.localdate()
    award = publish(award, world)
    with pytest.raises(Refused, match="already written down"):
        publish(award, world)
    at = timezone.now() + 2 * DAY
    on = timezone.localdate(at)

    award = publish(award, world, on=on, number=f"999999-{on.year}", act=actions.correct_publication, at=at)

    ends = end_of(rules.last_day(on))
    assert waits() == {(ends, False)}
    assert Event.objects.get(action="evaluation.award_set.publication_corrected").data == {
        "number": f"999999-{on.year}",
        "on": on.isoformat(),
        "was_number": f"012345-{before.year}",
        "was_on": before.isoformat(),
    }
    with pytest.raises(Refused, match="The waiting period before we sign has ended"):
        publish(award, world, act=actions.correct_publication, at=ends)


def test_who_writes_it_down_and_of_what(world):
    award = propose(checked(world), world)
    with pytest.raises(Refused, match="once the award was approved"):
        publish(award, world)
    with pytest.raises(Refused, match="not written down yet"):
        publish(award, world, act=actions.correct_publication)
    for name in ("fay", "ada", "eve"):
        with pytest.raises(Denied):
            publish(award, world, by=world.people[name])
        with pytest.raises(Denied):
            publish(award, world, by=world.people[name], act=actions.correct_publication)
    assert Bid.objects.count() == 2
