"""What is bought outside a framework, by its rules: days, the threshold, who may be told."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from referrals.rules import outside
from referrals.rules.outside import Spent

pytestmark = pytest.mark.once
TODAY = dt.date(2026, 9, 14)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (dt.date(2026, 3, 31), dt.date(2025, 4, 1), dt.date(2026, 3, 31)),
        (dt.date(2026, 4, 1), dt.date(2026, 4, 1), dt.date(2027, 3, 31)),
        (dt.date(2026, 12, 31), dt.date(2026, 4, 1), dt.date(2027, 3, 31)),
    ],
)
def test_a_financial_year_begins_in_april(day, first, last):
    assert outside.year_of(day) == (first, last)


def test_vat_is_added_as_a_caution_and_rounded_up():
    assert outside.gross(100_00) == 120_00
    assert outside.gross(1) == 2
    assert outside.gross(0) == 0


@pytest.mark.parametrize("day", [dt.date(2020, 1, 1), dt.date(2025, 2, 24), TODAY])
def test_the_threshold_of_a_day(day):
    assert outside.threshold_on(day) == 663_540_00


@pytest.mark.parametrize(
    ("net", "near", "over"),
    [
        (442_359_99, False, False),  # a penny below 80 % with VAT
        (442_360_00, True, False),
        (552_949_99, True, False),
        (552_950_00, True, True),  # £663,540.00 with VAT
    ],
)
def test_it_warns_at_80_and_at_100_per_cent(net, near, over):
    spent = Spent("Ash House", all_pence=net)
    assert (spent.is_near, spent.is_over) == (near, over)
    assert bool(spent.warning) is near
    assert ("Ask procurement" in spent.warning) is over


def test_at_the_threshold_a_reason_is_asked():
    after = Spent("Ash House", all_pence=552_000_00).with_more(1_000_00, this_year=False)
    assert (after.number, after.year_pence, after.all_pence) == (1, 0, 553_000_00)
    with pytest.raises(Refused, match=r"Ash House.*£663,540 with VAT.*enter why") as refusal:
        outside.check_threshold(after, " ")
    assert refusal.value.field == "over_reason"
    outside.check_threshold(after, "A court ordered it")
    outside.check_threshold(Spent("Ash House").with_more(1), "")
    assert Spent("Ash House").with_more(5).year_gross == 6


@pytest.mark.parametrize(
    ("route", "starts_on", "ends_on", "field"),
    [
        ("spot", TODAY, TODAY, None),
        ("spot", dt.date(2026, 9, 13), dt.date(2026, 12, 18), "starts_on"),
        ("legacy", dt.date(2026, 1, 5), dt.date(2026, 12, 18), None),
        ("legacy", dt.date(2026, 1, 5), dt.date(2026, 9, 13), "ends_on"),
        ("spot", dt.date(2026, 9, 15), dt.date(2026, 9, 14), "ends_on"),
        ("spot", TODAY, dt.date(2029, 9, 16), "ends_on"),
    ],
)
def test_days(route, starts_on, ends_on, field):
    if field is None:
        outside.check_days(route, starts_on, ends_on, today=TODAY)
        return
    with pytest.raises(Refused) as refusal:
        outside.check_days(route, starts_on, ends_on, today=TODAY)
    assert refusal.value.field == field


def test_what_began_before_was_agreed_on_a_day_that_has_come():
    outside.check_agreed("spot", None, today=TODAY)
    outside.check_agreed("legacy", TODAY, today=TODAY)
    for day, words in ((None, "Enter when"), (dt.date(2026, 9, 15), "today or in the past")):
        with pytest.raises(Refused, match=words):
            outside.check_agreed("legacy", day, today=TODAY)


def test_what_else_is_refused():
    outside.check_places([True, True])
    outside.check_provider(shares=True, suspended=False)
    outside.check_cost(5, 1, covered=True)
    outside.check_referral("ready", placed=False)
    for call, words in (
        (lambda: outside.check_places([True, False]), "needs a site or an address"),
        (lambda: outside.check_provider(shares=False, suspended=False), "no agreement to share pupil data"),
        (lambda: outside.check_provider(shares=True, suspended=True), "suspended"),
        (lambda: outside.check_cost(500_00, 100_00, covered=False), r"£500.00, more than the £100.00"),
        (lambda: outside.check_referral("draft", placed=False), "not ready"),
        (lambda: outside.check_referral("enquiring", placed=True), "a placement already"),
    ):
        with pytest.raises(Refused, match=words):
            call()


def test_days_that_were_counted_once_are_the_same():
    calendar = Calendar(terms=((dt.date(2026, 9, 2), dt.date(2026, 10, 23)),), closures=((TODAY, TODAY),))
    first, last = dt.date(2026, 8, 1), dt.date(2026, 12, 31)
    found = outside.counted(calendar, first, last)
    for span in ((first, last), (TODAY, TODAY), (dt.date(2026, 9, 10), dt.date(2026, 9, 16))):
        assert found.open_days(*span) == calendar.open_days(*span)
    assert [found.covers(day) for day in (dt.date(2026, 10, 23), last)] == [True, False]
