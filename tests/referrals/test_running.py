"""Sessions of placements from what is written down: terms, closures, pauses, ends, in a constant number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Closure
from referrals.models import Pause, Placement, WeeklySession
from referrals.queries import running
from tests.referrals.made import AT, made_place, made_pupil
from tests.referrals.placed import made_placement, made_terms_of_year

DAY = dt.date


def days_of(world, first, last) -> list[tuple[int, int]]:
    rows = Placement.objects.visible_to(world.sana)
    return [(one.day.month, one.day.day) for one in running.sessions_between(rows, DAY(2026, *first), DAY(2026, *last))]


def test_terms_closures_pauses_and_the_end_that_came_decide(world):
    made_terms_of_year(world.elm_grove)
    Closure.objects.create(
        organisation=world.ash_house, reason="Training", starts_on=DAY(2026, 10, 7), ends_on=DAY(2026, 10, 7)
    )
    placement = made_placement(world)
    Pause.objects.create(
        placement=placement, from_on=DAY(2026, 11, 9), until_on=DAY(2026, 11, 11), reason="Ill", written_at=AT
    )

    autumn = days_of(world, (10, 5), (11, 16))
    Placement.objects.filter(pk=placement.pk).update(
        state="ended", ended_on=DAY(2026, 10, 13), end_reason="reintegrated"
    )
    ended = days_of(world, (10, 5), (11, 16))

    assert autumn == [(10, 5), (10, 12), (10, 14), (10, 19), (10, 21), (11, 2), (11, 4), (11, 16)]
    assert ended == [(10, 5), (10, 12)]


def test_without_a_home_school_the_commissioners_days_count(world):
    made_terms_of_year(world.elm_grove)
    made_placement(world, home_school=None)

    assert days_of(world, (10, 26), (11, 2)) == [(11, 2)]


@pytest.mark.parametrize("number", [1, 3])
def test_three_queries_for_any_number_of_placements_and_none_for_none(world, number):
    place = made_place(world)
    pupil = made_pupil(world)
    for _ in range(number):
        made_placement(world, place=place, pupil=pupil)
    rows = list(Placement.objects.visible_to(world.sana))

    with CaptureQueriesContext(connection) as asked:
        found = running.sessions_between(rows, DAY(2026, 10, 5), DAY(2026, 10, 7))
        assert [one.row.site.name for one in found] == ["Workshop"] * 2 * number
    with CaptureQueriesContext(connection) as nothing:
        assert running.sessions_between([], DAY(2026, 10, 5), DAY(2026, 10, 7)) == []

    assert (len(asked), len(nothing)) == (3, 0)


def test_sessions_come_by_day_and_time(world):
    place, pupil = made_place(world), made_pupil(world)
    late, early = made_placement(world, place=place, pupil=pupil), made_placement(world, place=place, pupil=pupil)
    WeeklySession.objects.filter(placement=early).update(starts=dt.time(9))

    found = running.sessions_between(Placement.objects.visible_to(world.sana), DAY(2026, 10, 5), DAY(2026, 10, 7))

    assert [(one.day.day, one.placement) for one in found] == [(5, early), (5, late), (7, early), (7, late)]
