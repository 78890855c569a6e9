"""Several passes over one day at the same moment: one set of rows, and nobody fails. First shown to go wrong without
the lock and without what the database is told to do about a row that is there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from audit.models import Event
from monitoring.actions.days import Written
from monitoring.models import DayRun, ReportDay, ReportDue, Session
from monitoring.steps import days, sessions
from tests.cast import make_world
from tests.monitoring.days import made_up_world, run
from tests.monitoring.made import DAY, NINE, watched
from tests.patience import found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = 5, 8
EARLY = NINE - dt.timedelta(hours=3)
LATER = dt.date(2026, 11, 18)  # when many of the made-up placements run


@pytest.fixture
def world(transactional_db):
    world = make_world()
    watched(world)
    return world


def test_without_the_lock_and_the_unique_rows_a_pass_fails(world, monkeypatch, meet):
    without_lock(monkeypatch, DayRun)
    for module, name in ((sessions, "_WRITE"), (days, "_WRITE"), (days, "_WRITE_DAYS")):
        monkeypatch.setattr(module, name, getattr(module, name).replace("ON CONFLICT DO NOTHING", ""))
    DayRun.objects.create(day=DAY, made_at=EARLY, checked_at=EARLY)
    meet(sessions, "is_working_day")

    found = found_by(*[lambda: run(DAY, EARLY)] * 2)

    assert IntegrityError in {type(one) for one in found}


@pytest.mark.parametrize("go", range(ROUNDS))
def test_passes_at_once_write_one_set(world, monkeypatch, go):
    monkeypatch.setattr(sessions, "MANY", 1)
    made_up_world(world, seed=go, placements=60)

    found = found_by(*[lambda: run(LATER, EARLY + (LATER - DAY))] * CLIENTS)

    assert sorted(one != Written() for one in found) == [False] * (CLIENTS - 1) + [True]
    assert Session.objects.count() == Session.objects.values("placement", "starts_at").distinct().count() > 1
    assert (ReportDay.objects.count(), ReportDue.objects.count(), DayRun.objects.count()) == (1, 5, 1)
    assert Event.objects.filter(action="monitoring.day.written").count() == 1
