"""A pupil's week over all placements: sessions, hours, what changes, and why a day has none."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Closure
from audit.models import Event
from core import clock
from referrals.models import Pause, Placement, Pupil, WeeklySession
from referrals.queries.week import week_of
from referrals.rules import today as rules
from referrals.rules.private import Private
from referrals.rules.today import Stands
from tests.referrals.made import AT, made_place, made_pupil
from tests.referrals.placed import made_placement, placed_story

MONDAY = dt.date(2026, 10, 5)
NOW = dt.datetime(2026, 10, 5, 8, 45, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def a_quarter_to_ten(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: MONDAY)


def week(world, pupil, monday=MONDAY):
    return week_of(pupil, monday, user=world.sana, at=NOW)


def test_the_sessions_of_all_placements_and_their_hours(world):
    pupil, place = made_pupil(world), made_place(world)
    made_placement(world, place=place, pupil=pupil)
    other = made_placement(world, place=place, pupil=pupil, state="assurance")
    WeeklySession.objects.filter(placement=other).update(weekday=3, starts=dt.time(9), ends=dt.time(9, 45))
    made_placement(world, place=place, pupil=pupil, state="cancelled")

    found = week(world, pupil)

    assert [(one.day.day, one.stands, one.minutes) for one in found.sessions] == [
        (5, Stands.NOW, 300),
        (7, Stands.PLANNED, 300),
        (8, Stands.NOT_STARTED, 45),
        (8, Stands.NOT_STARTED, 45),
    ]
    assert (found.minutes, found.usual) == (600, 690)
    assert rules.missing_of_full_week(found.usual) == 21 * 60
    assert rules.missing_of_full_week(40 * 60) == 0


def test_a_day_without_its_session_says_why(world):
    placement = made_placement(world)
    Closure.objects.create(organisation=world.elm_grove, reason="Training", starts_on=MONDAY, ends_on=MONDAY)
    Pause.objects.create(placement=placement, from_on=MONDAY + 2 * DAY, reason="Ill", written_at=AT)
    Closure.objects.create(
        organisation=world.ash_house, reason="Flood", starts_on=MONDAY + 7 * DAY, ends_on=MONDAY + 7 * DAY
    )

    found, following = week(world, placement.pupil), week(world, placement.pupil, MONDAY + 7 * DAY)

    assert found.why == {MONDAY: "Elm Grove School is closed: Training", MONDAY + 2 * DAY: "Paused"}
    assert following.why[MONDAY + 7 * DAY] == "Ash House is closed: Flood"
    assert (found.minutes, found.usual) == (0, 600)


def test_what_changes_from_this_week_on(world):
    placement = made_placement(world)
    row = placement.sessions.get(weekday=0)
    WeeklySession.objects.filter(pk=row.pk).update(until_on=dt.date(2026, 10, 16))
    row.pk, row.starts, row.from_on = None, dt.time(11), dt.date(2026, 10, 19)
    row.save()
    Pause.objects.create(placement=placement, from_on=MONDAY - DAY, until_on=MONDAY + DAY, reason="Ill", written_at=AT)

    found = week(world, placement.pupil).changes
    before = week(world, placement.pupil, MONDAY - 7 * DAY)
    after = week(world, placement.pupil, dt.date(2026, 12, 21))

    assert [(one.day.month, one.day.day, one.words) for one in found] == [
        (10, 6, "Pause ends"),
        (10, 16, "Monday 09:30 to 14:30 ends"),
        (10, 19, "Monday 11:00 to 14:30 begins"),
        (12, 18, "Last day"),
    ]
    assert [one.words for one in before.changes][:2] == ["First day", "Pause begins"]
    assert (before.usual, after.usual, after.changes) == (600, 0, [])


def test_sana_reads_the_week_and_it_is_written_down(world, sign_in):
    placement = placed_story(world)
    WeeklySession.objects.filter(placement=placement, weekday=2).update(weekday=5)
    client, address = sign_in(world.sana), reverse("pupil_week", args=[placement.pupil_id])

    text = client.get(address).text
    following = client.get(address, {"day": "2026-10-14"}).text

    for words in (
        "5 October to",
        "9 October 2026",
        "5 hours",
        "10 hours, by",
        "22 hours 30 minutes",
        "Ash House",
        "Nothing planned",
    ):
        assert words in text
    assert ("Saturday 10 October" in text, "This week</a>" in text) == (False, False)
    assert ("12 October to" in following, "This week</a>" in following) == (True, True)
    assert "<title>Pupil - " in text
    events = Event.objects.filter(action="referrals.pupil.read")
    assert [one.data["page"] for one in events] == ["pupil_week"] * 2
    assert "Quillsworth" not in text.split("</title>")[0]


def test_a_record_put_together_leads_on_and_a_purged_one_is_gone(world, sign_in):
    kept = made_pupil(world)
    gone = made_pupil(world, private=Private())
    client, address = sign_in(world.sana), reverse("pupil_week", args=[gone.pk])

    Pupil.objects.filter(pk=gone.pk).update(merged_into=kept, merged_at=AT)
    merged = client.get(address)
    Pupil.objects.filter(pk=gone.pk).update(merged_into=None, merged_at=None, purged_at=AT)
    purged = client.get(address)

    assert (merged.status_code, merged["Location"]) == (302, reverse("pupil_week", args=[kept.pk]))
    assert purged.status_code == 404


def test_any_number_of_placements_costs_as_many_queries(world, sign_in):
    pupil, place = made_pupil(world), made_place(world)
    client, costs = sign_in(world.sana), []
    for number in (1, 2):
        for _ in range(number):
            made_placement(world, place=place, pupil=pupil)
        with CaptureQueriesContext(connection) as asked:
            text = client.get(reverse("pupil_week", args=[pupil.pk])).text
        costs.append(len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]))
        assert text.count("Running now</strong>") == Placement.objects.count()

    assert costs[0] == costs[1] <= 10
