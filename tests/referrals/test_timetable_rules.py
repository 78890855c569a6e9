"""What a weekly timetable comes to, on the school's days, in the unit of the price line."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from referrals.rules import timetable
from referrals.rules.timetable import Session

D = dt.date
T = dt.time
# The autumn of 2026 with its half-term, and the spring.
SCHOOL = Calendar(
    terms=((D(2026, 9, 3), D(2026, 10, 23)), (D(2026, 11, 2), D(2026, 12, 18)), (D(2027, 1, 4), D(2027, 2, 12))),
    closures=((D(2026, 11, 27), D(2026, 11, 27)),),
)
ALWAYS = Calendar()


def at(weekday: int, start: str = "09:30", end: str = "14:30") -> Session:
    return Session(weekday, T.fromisoformat(start), T.fromisoformat(end))


FIRST, LAST = D(2026, 9, 28), D(2026, 12, 18)


def total(*sessions, unit="hour", pence=45_00, first=FIRST, last=LAST, calendar=SCHOOL):
    return timetable.total_of(sessions, unit=unit, pence=pence, starts_on=first, ends_on=last, calendar=calendar)


def test_a_term_of_two_days_a_week_skips_half_term():
    found = total(at(0), at(2))

    # 4 weeks before the half-term and 7 after it.
    assert (found.days, found.sessions, found.minutes_a_week) == (22, 22, 600)
    assert (found.units, found.pence) == (110_00, 110 * 45_00)


@pytest.mark.parametrize(
    ("first", "last", "weekday", "days"),
    [
        (D(2026, 10, 26), D(2026, 11, 6), 0, 1),  # half-term: the Monday after it alone
        (D(2026, 11, 23), D(2026, 12, 4), 4, 1),  # an INSET day on one of two Fridays
        (D(2026, 12, 14), D(2027, 1, 8), 0, 2),  # Christmas
        (D(2026, 10, 19), D(2026, 10, 23), 4, 1),  # the last day of a term is in it
        (D(2026, 9, 28), D(2026, 9, 28), 0, 1),  # one day, both ends counted
    ],
)
def test_only_school_days_count(first, last, weekday, days):
    assert total(at(weekday), unit="day", first=first, last=last).days == days


@pytest.mark.parametrize(
    ("first", "last", "weekday", "days"),
    [
        (D(2027, 3, 22), D(2027, 4, 2), 4, 1),  # Good Friday 2027
        (D(2027, 5, 3), D(2027, 5, 10), 0, 1),  # the early May bank holiday
        (D(2026, 12, 21), D(2027, 1, 4), 0, 2),  # 28 December is the substitute for Boxing Day
    ],
)
def test_without_term_dates_every_working_day_counts(first, last, weekday, days):
    assert total(at(weekday), unit="day", first=first, last=last, calendar=ALWAYS).days == days


@pytest.mark.parametrize("sunday", [D(2026, 10, 25), D(2028, 3, 26)])
def test_the_change_of_the_clocks_makes_no_session_longer(sunday):
    one = dt.timedelta(days=1)

    before = total(at(4), first=sunday - 2 * one, last=sunday - 2 * one, calendar=ALWAYS)
    after = total(at(0), first=sunday + one, last=sunday + one, calendar=ALWAYS)

    assert before.units == after.units == 500


WEEK = (at(0, "09:00", "12:00"), at(0, "13:00", "15:20"), at(2, "09:00", "13:00"), at(4, "09:00", "13:01"))


@pytest.mark.parametrize(
    ("unit", "units"),
    [
        # 2 weeks: 2 × (180 + 140 + 240 + 241) minutes = 26.7 hours.
        ("hour", 26_70),
        ("half_day", 2 * (2 + 1 + 2) * 100),  # the longer Friday is two
        ("day", 600),
        ("session", 800),
        ("week", 200),
    ],
)
def test_units(unit, units):
    found = total(*WEEK, unit=unit, pence=10_00, first=D(2026, 9, 28), last=D(2026, 10, 9))

    assert (found.units, found.pence) == (units, units * 10)


def test_a_day_is_two_half_days_at_most():
    day = (at(0, "09:00", "10:00"), at(0, "10:00", "11:00"), at(0, "12:00", "13:00"))

    assert total(*day, unit="half_day", first=D(2026, 9, 28), last=D(2026, 9, 28)).units == 200


def test_a_week_begun_counts_across_the_turn_of_the_year():
    found = total(at(3), unit="week", first=D(2026, 12, 28), last=D(2027, 1, 8), calendar=ALWAYS)

    assert found.units == 200  # week 53 of 2026 and week 1 of 2027


@pytest.mark.parametrize(
    ("minutes", "units", "pence"),
    [(50, 83, 37_35), (20, 33, 14_85), (40, 67, 30_15), (60, 100, 45_00), (1, 2, 90)],
)
def test_hundredths_are_rounded_once_half_up(minutes, units, pence):
    ends = T(9 + minutes // 60, minutes % 60)

    found = total(Session(0, T(9), ends), first=D(2026, 9, 28), last=D(2026, 9, 28))

    assert (found.units, found.pence) == (units, pence)


@pytest.mark.parametrize(("units", "pence", "cost"), [(50, 1, 1), (49, 1, 0), (12_50, 33_33, 416_63), (0, 45_00, 0)])
def test_half_a_penny_is_rounded_up(units, pence, cost):
    assert timetable.cost_of(units, pence) == cost


def test_after_the_terms_that_are_known_every_working_day_counts_and_the_page_says_so():
    last = D(2027, 2, 26)

    found = total(at(0), unit="day", first=D(2027, 2, 8), last=last)

    assert found.days == 3  # 8 February in term, 15 and 22 not known
    assert timetable.known_until(SCHOOL, last) == D(2027, 2, 12)
    assert timetable.known_until(SCHOOL, D(2027, 2, 12)) is None
    assert timetable.known_until(ALWAYS, last) is None


@pytest.mark.parametrize("weekday", [5, 6])
def test_no_session_falls_on_a_weekend(weekday):
    with pytest.raises(Refused, match="No session falls on a school day"):
        total(at(weekday))


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        ((), "at least one session"),
        ((at(0, "10:00", "10:00"),), "Monday 10:00 to 10:00: a session must end after"),
        ((at(0, "10:00", "09:00"),), "a session must end after"),
        ((at(1, "09:00", "11:00"), at(1, "10:59", "12:00")), "Tuesday 09:00 to 11:00 and Tuesday 10:59 to 12:00"),
        ((at(1, "09:00", "11:00"), at(1, "09:00", "11:00")), "at the same time"),
    ],
)
def test_sessions_that_cannot_be(sessions, said):
    with pytest.raises(Refused, match=said):
        timetable.check_sessions(sessions)


def test_sessions_that_touch_or_are_on_other_days_are_fine():
    timetable.check_sessions([at(1, "11:00", "12:00"), at(1, "09:00", "11:00"), at(2, "10:00", "11:30")])


WANTED = {"today": D(2026, 9, 14), "wanted_from": D(2026, 9, 28), "wanted_until": D(2027, 12, 18)}


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (D(2026, 9, 13), D(2026, 12, 18), "starts_on"),
        (D(2026, 9, 27), D(2026, 12, 18), "starts_on"),
        (D(2026, 10, 2), D(2026, 10, 1), "ends_on"),
        (D(2027, 12, 1), D(2027, 12, 19), "ends_on"),
        (D(2026, 9, 28), D(2027, 9, 29), "ends_on"),
    ],
)
def test_days_that_cannot_be_offered(first, last, field):
    with pytest.raises(Refused) as refusal:
        timetable.check_days(first, last, **WANTED)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("first", "last"), [(D(2026, 9, 28), D(2026, 9, 28)), (D(2026, 9, 28), D(2027, 9, 28)), (D(2027, 12, 18),) * 2]
)
def test_days_at_the_edge_can_be_offered(first, last):
    timetable.check_days(first, last, **WANTED)


def test_an_offer_whose_start_has_passed_is_not_accepted():
    timetable.check_starts(D(2026, 9, 28), today=D(2026, 9, 28))

    with pytest.raises(Refused, match="28 September 2026, which has passed"):
        timetable.check_starts(D(2026, 9, 28), today=D(2026, 9, 29))


@pytest.mark.parametrize(
    ("units", "words"), [(12_000, "120"), (1250, "12.5"), (83, "0.83"), (100_001, "1,000.01"), (0, "0")]
)
def test_units_in_words(units, words):
    assert timetable.units_in_words(units) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(600, "10 hours"), (60, "1 hour"), (450, "7 hours 30 minutes"), (1, "1 minute"), (0, "0 minutes")],
)
def test_hours_in_words(minutes, words):
    assert timetable.hours_in_words(minutes) == words
