"""What tests of placements begin with holds together, and on which days a session runs."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from referrals.models import Placement
from referrals.rules.running import Course, Weekly, minutes_a_week, occurrences
from referrals.states import Runs
from tests.referrals.placed import placed_story

DAY = dt.date
SCHOOL = Calendar(terms=((DAY(2026, 9, 2), DAY(2026, 10, 23)), (DAY(2026, 11, 2), DAY(2026, 12, 18))))
PROVIDER = Calendar(closures=((DAY(2026, 11, 16), DAY(2026, 11, 16)),))
MONDAYS = Weekly(1, 0, dt.time(9, 30), dt.time(14, 30), Runs.SCHOOL, DAY(2026, 9, 28), None)


def test_who_meets_a_placement(world):
    placed_story(world)

    seen = {name for name, person in world.people.items() if Placement.objects.visible_to(person).exists()}

    assert seen == {"sana", "bob"}


def course(**fields) -> Course:
    words = {"first": DAY(2026, 9, 28), "last": DAY(2026, 12, 18), "pauses": (), "school": SCHOOL, "provider": PROVIDER}
    return Course(**(words | fields))


@pytest.mark.parametrize(
    ("session", "bounds", "first", "last", "days"),
    [
        (MONDAYS, {}, (10, 12), (11, 9), [(10, 12), (10, 19), (11, 2), (11, 9)]),
        (MONDAYS, {}, (11, 9), (11, 23), [(11, 9), (11, 23)]),
        (MONDAYS, {"pauses": ((DAY(2026, 10, 12), DAY(2026, 10, 18)),)}, (10, 5), (10, 19), [(10, 5), (10, 19)]),
        (MONDAYS, {"pauses": ((DAY(2026, 10, 12), None),)}, (10, 5), (10, 19), [(10, 5)]),
        (MONDAYS, {"last": DAY(2026, 10, 12)}, (10, 5), (10, 19), [(10, 5), (10, 12)]),
        (MONDAYS, {"first": DAY(2026, 10, 12)}, (10, 5), (10, 19), [(10, 12), (10, 19)]),
    ],
    ids=["half-term", "the provider is closed", "a pause", "a pause that is open", "ended early", "begins later"],
)
def test_on_which_days_a_session_runs(session, bounds, first, last, days):
    found = occurrences([session], course(**bounds), DAY(2026, *first), DAY(2026, *last))

    assert [day for day, _ in found] == [DAY(2026, *one) for one in days]


def test_a_session_on_the_providers_days_runs_in_half_term():
    session = Weekly(1, 0, dt.time(9, 30), dt.time(12), Runs.PROVIDER, DAY(2026, 9, 28), DAY(2026, 11, 1))

    found = list(occurrences([session], course(), DAY(2026, 10, 20), DAY(2026, 11, 9)))

    assert found == [(DAY(2026, 10, 26), session)]


def test_how_long_a_week_is_by_the_sessions_that_hold():
    over = Weekly(2, 2, dt.time(9), dt.time(10, 15), Runs.SCHOOL, DAY(2026, 9, 28), DAY(2026, 10, 5))

    assert [minutes_a_week([MONDAYS, over], DAY(2026, 10, day)) for day in (5, 6)] == [375, 300]
