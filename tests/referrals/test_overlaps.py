"""No pupil is at two sessions at once, and a long week has its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from referrals.rules import placing
from referrals.rules.overlaps import Held, check_free, clashes
from referrals.rules.running import Weekly
from referrals.rules.timetable import Session

FIRST, LAST = dt.date(2026, 9, 28), dt.date(2026, 12, 18)


def weekly(weekday=0, starts=(9, 30), ends=(12, 0), *, from_on=FIRST, until_on=None) -> Weekly:
    return Weekly(1, weekday, dt.time(*starts), dt.time(*ends), "school", from_on, until_on)


def held(session, *, first=FIRST, last=LAST) -> Held:
    return Held(session, first, last, "Birch Farm")


@pytest.mark.parametrize(
    ("new", "old", "met"),
    [
        (weekly(), held(weekly()), True),
        (weekly(), held(weekly(starts=(11, 59), ends=(15, 0))), True),
        (weekly(), held(weekly(starts=(12, 0), ends=(15, 0))), False),
        (weekly(), held(weekly(1)), False),
        (weekly(), held(weekly(), first=dt.date(2026, 12, 18), last=dt.date(2027, 3, 1)), True),
        (weekly(), held(weekly(), first=dt.date(2026, 12, 19), last=dt.date(2027, 3, 1)), False),
        (weekly(until_on=dt.date(2026, 10, 31)), held(weekly(from_on=dt.date(2026, 11, 1))), False),
        (weekly(until_on=dt.date(2026, 11, 1)), held(weekly(from_on=dt.date(2026, 11, 1))), True),
    ],
    ids=["same", "a minute", "one after the other", "another day", "the last day", "after it", "ended before",
         "the day of the change"],
)  # fmt: skip
def test_when_two_sessions_meet(new, old, met):
    assert bool(clashes([new], FIRST, LAST, [old])) is met


def test_the_refusal_says_which_day_and_time_and_where():
    with pytest.raises(Refused) as refused:
        check_free([weekly()], FIRST, LAST, [held(weekly(starts=(11, 0), ends=(15, 0)))])

    assert "Monday 09:30 to 12:00 (Birch Farm, Monday 11:00 to 15:00)" in str(refused.value)
    check_free([weekly()], FIRST, LAST, [])


@pytest.mark.parametrize(
    ("minutes", "reason", "refused"), [(1500, "", False), (1501, "", True), (1501, "  ", True), (1501, "Boards", False)]
)
def test_more_than_full_time_needs_a_reason(minutes, reason, refused):
    if refused:
        with pytest.raises(Refused, match="more than 25 hours"):
            placing.check_hours(minutes, reason)
    else:
        placing.check_hours(minutes, reason)


def test_part_time_is_said():
    assert placing.hours_note(1500) == ""
    assert placing.hours_note(600).startswith("All placements together are 10 hours a week. That is part-time")


@pytest.mark.parametrize(
    ("weekday", "starts", "ends", "found"),
    [
        (0, (9, 0), (12, 30), ["am"]),
        (0, (9, 0), (13, 1), ["am", "pm"]),
        (0, (12, 0), (12, 45), ["pm"]),
        (4, (13, 0), (15, 0), ["pm"]),
        (5, (9, 0), (12, 0), []),
    ],
)
def test_which_halves_of_a_day_a_session_takes(weekday, starts, ends, found):
    halves = placing.halves([(7, weekday, dt.time(*starts), dt.time(*ends))] * 2)

    assert halves == [(7, weekday, half) for half in found]


@pytest.mark.parametrize(
    ("state", "sent", "signed", "said"),
    [
        ("draft", False, False, "Send the agreement to be signed"),
        ("draft", True, False, "Provider signs"),
        ("draft", True, True, "Contracting party signs"),
        ("assurance", True, True, "Put everything in place before the start"),
        ("paused", True, True, "Say when it goes on"),
        ("live", True, True, ""),
    ],
)
def test_what_has_to_be_done_next(state, sent, signed, said):
    assert placing.next_step(state, sent=sent, provider_signed=signed) == said


@pytest.mark.parametrize(("units", "said"), [(100, "1 hour"), (50, "0.5 hours"), (12_000, "120 hours")])
def test_units_are_said_with_their_name(units, said):
    assert placing.units_said(units, "hour") == said


def test_a_week_on_which_nothing_runs_is_refused():
    calendars = {"school": Calendar(closures=((FIRST, LAST),))}

    with pytest.raises(Refused, match="No session falls on a day that runs"):
        placing.worked_out(
            [(Session(0, dt.time(9), dt.time(10)), "school")],
            unit="hour", pence=1, starts_on=FIRST, ends_on=LAST, calendars=calendars,
        )  # fmt: skip
