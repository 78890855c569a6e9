"""Days that count."""

from __future__ import annotations

import datetime as dt

import pytest

from core import calendars
from core.calendars import Calendar

D = dt.date


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (D(2026, 11, 20), True),  # a Friday
        (D(2026, 11, 21), False),  # Saturday
        (D(2026, 11, 22), False),  # Sunday
        (D(2026, 4, 3), False),  # Good Friday
        (D(2026, 4, 6), False),  # Easter Monday
        (D(2026, 8, 31), False),  # the late summer bank holiday: England's, not Scotland's
        (D(2026, 1, 2), True),  # a bank holiday in Scotland alone
        (D(2026, 3, 17), True),  # a bank holiday in Northern Ireland alone
        (D(2026, 12, 28), False),  # the substitute for Boxing Day on a Saturday
        (D(2027, 12, 27), False),  # both days at a weekend: two substitutes
        (D(2027, 12, 28), False),
        (D(2022, 6, 3), False),  # a holiday of one year alone
        (D(2022, 9, 19), False),
        (D(2026, 3, 30), True),  # the day after the clocks go forward
        (D(2026, 10, 26), True),  # the day after they go back
    ],
)
def test_a_working_day_is_no_weekend_and_no_bank_holiday_of_england(day, working):
    assert calendars.is_working_day(day) is working


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (D(2026, 11, 2), D(2026, 11, 11)),  # a Monday counts itself
        (D(2026, 11, 7), D(2026, 11, 18)),  # a Saturday does not count
        (D(2026, 12, 21), D(2027, 1, 4)),  # Christmas, Boxing Day's substitute, New Year
        (D(2026, 3, 27), D(2026, 4, 9)),  # Easter; the clocks change on the 29th
    ],
)
def test_the_standstill_is_eight_working_days_beginning_with_the_day_of_publication(published, last):
    assert calendars.standstill_ends_on(published) == last


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (D(2026, 11, 20), 1, D(2026, 11, 23)),
        (D(2026, 11, 21), 1, D(2026, 11, 23)),
        (D(2026, 4, 2), 1, D(2026, 4, 7)),
        (D(2026, 10, 23), 2, D(2026, 10, 27)),
    ],
)
def test_a_working_day_after_does_not_count_the_day_itself(day, number, expected):
    assert calendars.working_day_after(day, number) == expected


def test_thirty_days_begin_with_the_day_of_receipt():
    assert calendars.due_on(D(2026, 11, 1)) == D(2026, 11, 30)
    assert calendars.due_on(D(2026, 2, 1)) == D(2026, 3, 2)


TERM = Calendar(
    terms=((D(2026, 9, 2), D(2026, 10, 23)), (D(2026, 11, 2), D(2026, 12, 18))),
    closures=((D(2026, 9, 14), D(2026, 9, 14)), (D(2026, 11, 30), D(2026, 12, 1))),
)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (D(2026, 9, 1), False),  # the day before term
        (D(2026, 9, 2), True),
        (D(2026, 9, 5), False),  # Saturday
        (D(2026, 9, 14), False),  # closure
        (D(2026, 10, 23), True),
        (D(2026, 10, 26), False),  # half-term
        (D(2026, 11, 2), True),
        (D(2026, 12, 1), False),
        (D(2026, 12, 18), True),
        (D(2026, 12, 21), False),
    ],
)
def test_an_organisation_is_open_in_term_outside_closures(day, is_open):
    assert TERM.is_open(day) is is_open


def test_without_terms_every_working_day_outside_a_closure_is_open():
    calendar = Calendar(closures=((D(2026, 8, 3), D(2026, 8, 14)),))

    assert calendar.is_open(D(2026, 8, 17))
    assert not calendar.is_open(D(2026, 8, 5))
    assert not calendar.is_open(D(2026, 8, 31))


def test_a_calendar_says_how_far_it_is_known():
    assert TERM.covers(D(2026, 12, 18))
    assert not TERM.covers(D(2026, 12, 19))
    assert Calendar().covers(D(2099, 1, 1))


def test_open_days_are_counted_after_the_first_and_with_the_last():
    assert TERM.open_days(D(2026, 10, 22), D(2026, 11, 3)) == [
        D(2026, 10, 22),
        D(2026, 10, 23),
        D(2026, 11, 2),
        D(2026, 11, 3),
    ]
    assert TERM.days_between(D(2026, 10, 22), D(2026, 11, 3)) == 3
    assert TERM.days_between(D(2026, 11, 3), D(2026, 11, 3)) == 0
    assert TERM.days_between(D(2026, 11, 3), D(2026, 10, 1)) == 0


def test_the_fifth_school_day_after_skips_half_term():
    assert TERM.nth_school_day_after(D(2026, 10, 21), 5) == D(2026, 11, 4)


def test_a_school_day_beyond_what_is_written_down_is_not_invented():
    with pytest.raises(calendars.NoSuchDay):
        TERM.nth_school_day_after(D(2026, 12, 17), 2)


def test_the_first_day_is_number_one():
    with pytest.raises(ValueError, match="number 1"):
        calendars.working_day_after(D(2026, 1, 1), 0)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ((0, 0), "midnight"),
        ((0, 30), "12:30am"),
        ((9, 0), "9am"),
        ((12, 0), "midday"),
        ((12, 1), "12:01pm"),
        ((23, 59), "11:59pm"),
    ],
)
def test_a_time_is_told_in_the_govuk_style(time, words):
    assert calendars.time_in_words(dt.datetime(2026, 11, 22, *time, tzinfo=dt.UTC)) == words
