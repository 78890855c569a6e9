"""Who answers at a moment, through a day, and where nobody does; lines that no rota has."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules.refusals import Refused
from referrals.rules import cover as rules
from referrals.rules.cover import Answers, Watch
from referrals.states import AbsenceReason

MONDAY = dt.date(2026, 10, 5)
TUESDAY = MONDAY + dt.timedelta(days=1)


def time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def line(key: int, starts: str = "08:00", ends: str = "16:00", **fields) -> Answers:
    fields = {
        "position": key,
        "weekdays": (0, 1, 2, 3, 4),
        "holidays": False,
        "from_on": dt.date(2026, 9, 1),
        "until_on": None,
    } | fields
    return Answers(key=key, starts=time(starts), ends=time(ends), **fields)


@pytest.mark.parametrize(
    ("rota", "day", "at", "is_open", "answer"),
    [
        ([], MONDAY, "09:30", True, []),
        ([line(1)], MONDAY, "08:00", True, [1]),
        ([line(1)], MONDAY, "07:59", True, []),
        ([line(1)], MONDAY, "15:59", True, [1]),
        ([line(1)], MONDAY, "16:00", True, []),
        ([line(1), line(2, "16:00", "18:00")], MONDAY, "16:00", True, [2]),
        ([line(2, position=1), line(1, position=2)], MONDAY, "09:30", True, [2, 1]),
        ([line(2, position=1), line(1, position=1)], MONDAY, "09:30", True, [1, 2]),
        ([line(1, weekdays=(0,))], TUESDAY, "09:30", True, []),
        ([line(1, until_on=MONDAY)], MONDAY, "09:30", True, [1]),
        ([line(1, until_on=MONDAY)], TUESDAY, "09:30", True, []),
        ([line(1, from_on=TUESDAY)], MONDAY, "09:30", True, []),
        ([line(1, from_on=TUESDAY)], TUESDAY, "09:30", True, [1]),
        ([line(1)], MONDAY, "09:30", False, []),
        ([line(1), line(2, holidays=True)], MONDAY, "09:30", False, [2]),
        ([line(1), line(2, holidays=True)], MONDAY, "09:30", True, [1, 2]),
    ],
)
def test_who_answers_at_a_moment(rota, day, at, is_open, answer):
    assert rules.covers(rota, day, time(at), school_open=is_open) == answer


@pytest.mark.parametrize(
    ("rota", "missed"),
    [
        ([], [("09:30", "14:30")]),
        ([line(1)], []),
        ([line(1, "10:00")], [("09:30", "10:00")]),
        ([line(1, ends="14:00")], [("14:00", "14:30")]),
        ([line(1, ends="12:00"), line(2, "12:00")], []),
        ([line(1, ends="12:00"), line(2, "12:30")], [("12:00", "12:30")]),
        (
            [line(1, "10:00", "11:00"), line(2, "13:00", "14:00")],
            [("09:30", "10:00"), ("11:00", "13:00"), ("14:00", "14:30")],
        ),
        ([line(1, "15:00", "16:00")], [("09:30", "14:30")]),
        ([line(1, weekdays=(1,))], [("09:30", "14:30")]),
    ],
)  # fmt: skip
def test_where_nobody_answers_in_a_session(rota, missed):
    found = rules.gaps(rota, MONDAY, time("09:30"), time("14:30"), school_open=True)

    assert found == [(time(first), time(last)) for first, last in missed]


def test_a_day_is_cut_where_somebody_else_answers_and_nowhere_else():
    rota = [line(1, "08:00", "12:00"), line(2, "08:00", "14:00")]

    found = rules.watches(rota, MONDAY, time("08:00"), time("16:00"), school_open=True)

    assert found == [
        Watch(time("08:00"), time("12:00"), (1, 2)),
        Watch(time("12:00"), time("14:00"), (2,)),
        Watch(time("14:00"), time("16:00"), ()),
    ]
    assert rules.turns(found, 0) == [
        (time("08:00"), time("12:00"), 1),
        (time("12:00"), time("14:00"), 2),
        (time("14:00"), time("16:00"), None),
    ]
    assert rules.turns(found, 1) == [(time("08:00"), time("12:00"), 2), (time("12:00"), time("16:00"), None)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"ends": time("08:00")}, "ends"),
        ({"until_on": MONDAY - dt.timedelta(days=1)}, "until_on"),
    ],
)
def test_lines_that_no_rota_has(fields, field):
    good = {"weekdays": [0], "starts": time("08:00"), "ends": time("16:00"), "from_on": MONDAY, "until_on": MONDAY}
    rules.check_line(**good)

    with pytest.raises(Refused) as refusal:
        rules.check_line(**(good | fields))

    assert refusal.value.field == field


def test_a_line_never_ends_later_than_was_written_down():
    rules.check_end(last_on=MONDAY, until_on=None)
    rules.check_end(last_on=MONDAY, until_on=MONDAY)
    with pytest.raises(Refused, match="5 October 2026 already"):
        rules.check_end(last_on=TUESDAY, until_on=MONDAY)


@pytest.mark.parametrize(
    ("reason", "at_fault"),
    [
        (AbsenceReason.ILL, False),
        (AbsenceReason.APPOINTMENT, False),
        (AbsenceReason.REFUSED, False),
        (AbsenceReason.SUSPENDED, False),
        (AbsenceReason.SCHOOL, False),
        (AbsenceReason.TRANSPORT, False),
        (AbsenceReason.NO_STAFF, True),
        (AbsenceReason.SHUT, True),
        (AbsenceReason.UNKNOWN, False),
    ],
)
def test_which_absence_is_the_providers_fault(reason, at_fault):
    assert reason.at_fault is at_fault


def test_every_reason_of_an_absence_stands_in_that_table():
    assert len(AbsenceReason) == 9
