"""The demo world's frameworks: what `make run` shows, all of it made by the real actions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import demo as people
from audit.models import Event
from core.calendars import is_working_day
from jobs.models import Job
from lots.models import Framework, Place
from lots.states import FrameworkState, PlaceState
from notices import demo
from notices.models import Release
from notices.queries.export import exported


@pytest.fixture
def loaded(db, settings):
    """Both worlds, loaded by the command that `make run` calls. (The third: tests/providers/test_demo.py.)"""
    settings.DEMO, settings.DEMO_WORLDS = True, settings.DEMO_WORLDS[:2]
    call_command("demo", "--if-needed")


def one(buyer: str) -> Framework:
    return Framework.objects.get(buyer__name=buyer)


def test_larkshires_framework_runs_and_comes_from_our_own_sample(loaded):
    framework = one("Larkshire Council")

    assert (framework.state, framework.net_pence, framework.gross_pence) == ("running", 24_200_000_00, 29_040_000_00)
    assert (framework.max_participants, framework.max_lots) == (100, 6)
    assert [lot.net_pence for lot in framework.lots.all()] == [
        *(3_000_000_00, 1_350_000_00, 2_000_000_00, 9_000_000_00, 1_600_000_00, 750_000_00, 100_000_00)
    ]
    assert sum(lot.sub_lots.count() for lot in framework.lots.all()) == 17
    assert framework.standards.themes.count() == 4
    assert framework.published_at.date() == dt.date(2026, 3, 18)
    assert [job.state for job in Job.objects.all()] == ["done"]  # the file was read before anybody looks
    assert exported(Release.objects.get(framework=framework)) == demo.SAMPLE.read_bytes().strip()


def test_its_places_began_in_september_one_is_held_and_one_was_given_up(loaded):
    places = Place.objects.filter(framework=one("Larkshire Council"))
    bid_for = places.filter(lot__is_auto=False)

    assert {place.active_from.date() for place in places} == {dt.date(2026, 8, 31)}  # midnight in England
    assert [str(place.provider) for place in bid_for.filter(state=PlaceState.SUSPENDED)] == ["Cedar Workshop CIC"]
    assert [str(place.provider) for place in bid_for.filter(state=PlaceState.ENDED)] == ["Dovecote Music"]
    assert bid_for.filter(state=PlaceState.ACTIVE).count() == 16
    assert places.filter(lot__is_auto=True).standing().count() == 6


def test_somebody_can_apply_to_the_trusts_framework_today(loaded):
    framework = one("Oak Trust")
    closes = timezone.localtime(framework.closes_at)

    assert framework.state == FrameworkState.PUBLISHED
    assert (closes.hour, closes.minute, is_working_day(closes.date())) == (12, 0, True)
    assert framework.closes_at > timezone.now() + dt.timedelta(weeks=5)


def test_anybody_reads_what_is_published_and_not_what_mereshire_has_half_done(loaded):
    anybody, half = Client(), one("Mereshire Council")

    assert (half.state, half.lots.count(), half.standards_chosen) == (FrameworkState.DRAFT, 2, None)
    assert anybody.get(reverse("framework", args=[half.pk])).status_code == 404
    assert len(anybody.get(reverse("frameworks")).context["page"]) == 2
    for framework in Framework.objects.public():
        assert anybody.get(reverse("framework", args=[framework.pk])).status_code == 200
        for lot in framework.lots.all():
            assert anybody.get(reverse("lot", args=[lot.pk])).status_code == 200


@pytest.mark.parametrize("today", [dt.date(2026, 12, 24), dt.date(2028, 2, 29)])
def test_the_demo_loads_on_any_day(db, settings, today):
    settings.DEMO = True
    at = dt.datetime.combine(today, dt.time(9), tzinfo=dt.UTC)
    people.load(at=at, today=today)

    demo.load(at=at, today=today)

    assert one("Oak Trust").closes_at > at + dt.timedelta(weeks=5)
    assert Event.objects.filter(action="lots.framework.published").count() == 2
