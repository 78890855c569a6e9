"""Two school days' notice of an off-site direction, and how many days it is for."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from referrals.rules import direction as rules
from referrals.states import Basis

TERMS = Calendar(
    terms=((dt.date(2026, 9, 2), dt.date(2026, 10, 23)), (dt.date(2026, 11, 2), dt.date(2026, 12, 18))),
    closures=((dt.date(2026, 9, 25), dt.date(2026, 9, 25)),),
)
MONDAY = dt.date(2026, 9, 21)


@pytest.mark.parametrize(
    ("notice", "first", "days"),
    [
        (dt.date(2026, 9, 17), MONDAY, 2),  # a Thursday: Thursday and Friday
        (dt.date(2026, 9, 18), MONDAY, 1),
        (dt.date(2026, 9, 19), MONDAY, 0),  # a Saturday
        (MONDAY, MONDAY, 0),
        (dt.date(2026, 9, 22), MONDAY, 0),
        (dt.date(2026, 9, 24), dt.date(2026, 9, 28), 1),  # the Friday is an inset day
        (dt.date(2026, 9, 23), dt.date(2026, 9, 28), 2),
        (dt.date(2026, 10, 23), dt.date(2026, 11, 2), 1),  # half-term lies between
        (dt.date(2026, 10, 22), dt.date(2026, 11, 2), 2),
    ],
)
def test_school_days_of_notice(notice, first, days):
    assert rules.notice_days(notice, first, TERMS) == days
    rules.check_notice(notice, first, TERMS, "Somebody would have been hurt")
    if days >= rules.NOTICE_DAYS:
        rules.check_notice(notice, first, TERMS, "")
        return
    with pytest.raises(Refused, match="at least 2 school days") as refusal:
        rules.check_notice(notice, first, TERMS, " ")
    assert refusal.value.field == "why"


@pytest.mark.parametrize(
    ("first", "last_day"),
    [
        (MONDAY, dt.date(2026, 9, 17)),
        (dt.date(2026, 9, 28), dt.date(2026, 9, 23)),
        (dt.date(2026, 11, 2), dt.date(2026, 10, 22)),
        (dt.date(2026, 9, 3), None),  # one school day before it, as far as anybody wrote down
    ],
)
def test_the_last_day_for_a_notice(first, last_day):
    assert rules.last_notice_day(first, TERMS) == last_day


def test_only_section_29a_is_a_direction():
    assert [one for one in Basis if rules.is_direction(one)] == [Basis.S29A]
    assert not rules.is_direction("")


def test_a_day_with_two_sessions_is_one_day():
    assert rules.days_of([MONDAY, MONDAY, dt.date(2026, 9, 23)]) == 2
