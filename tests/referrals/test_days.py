"""The sixth school day, as a table: weekends, INSET, half-term, Christmas, bank holidays, calendars that end."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from referrals.rules import days


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def span(first: str, last: str) -> tuple[dt.date, dt.date]:
    return day(first), day(last)


YEAR = (
    span("2026-09-02", "2026-10-23"),
    span("2026-11-02", "2026-12-18"),
    span("2027-01-05", "2027-02-12"),
    span("2027-02-22", "2027-03-25"),
    span("2027-04-12", "2027-05-28"),
)
INSET = (span("2026-09-14", "2026-09-14"),)
SCHOOL = Calendar(terms=YEAR, closures=INSET)


@pytest.mark.parametrize(
    ("first", "sixth", "why"),
    [
        ("2026-09-21", "2026-09-28", "a Monday to the next Monday: the first day is the first"),
        ("2026-09-25", "2026-10-02", "a Friday, over one weekend"),
        ("2026-09-09", "2026-09-17", "over a weekend and an INSET day on the Monday"),
        ("2026-10-20", "2026-11-03", "over half-term: four days before it, two after"),
        ("2026-12-16", "2027-01-07", "over Christmas: three days before it, three after"),
        ("2027-03-24", "2027-04-15", "over Easter"),
        ("2027-04-28", "2027-05-06", "over the bank holiday in May"),
    ],
)
def test_the_sixth_school_day(first, sixth, why):
    assert days.sixth_school_day(day(first), SCHOOL) == days.Sixth(day(sixth)), why


@pytest.mark.parametrize(
    ("first", "sixth"), [("2026-09-26", "2026-10-05"), ("2026-09-14", "2026-09-22"), ("2026-10-26", "2026-11-09")]
)
def test_a_day_on_which_the_school_is_shut_is_said_and_not_counted(first, sixth):
    found = days.sixth_school_day(day(first), SCHOOL)

    assert found == days.Sixth(day(sixth), (days.NOT_A_SCHOOL_DAY,))


def test_a_calendar_that_does_not_reach_says_so_and_gives_no_day():
    assert days.sixth_school_day(day("2027-05-24"), SCHOOL) == days.Sixth(None, (days.OUT_OF_REACH,))
    assert days.sixth_school_day(day("2027-05-21"), SCHOOL).day == day("2027-05-28")
    assert days.sixth_school_day(day("2027-07-01"), SCHOOL).notes[-1] == days.OUT_OF_REACH


def test_a_school_that_is_shut_for_years_has_no_sixth_day():
    shut = Calendar(closures=(span("2026-01-01", "2036-01-01"),))

    assert days.sixth_school_day(day("2026-09-07"), shut).day is None


def test_without_term_dates_working_days_are_counted_and_that_is_said():
    found = days.sixth_school_day(day("2026-12-21"), Calendar())

    assert found == days.Sixth(day("2026-12-30"), (days.NO_TERMS,))


@pytest.mark.parametrize(
    ("sixth", "settled", "said"),
    [
        (None, False, ""),
        ("2026-09-15", True, ""),
        ("2026-09-13", False, "late"),
        ("2026-09-14", False, "late"),
        ("2026-09-15", False, "soon"),
        ("2026-09-16", False, "soon"),
        ("2026-09-17", False, "due"),
    ],
)
def test_how_near_it_is(sixth, settled, said):
    assert days.urgency(sixth and day(sixth), day("2026-09-14"), settled=settled) == said
