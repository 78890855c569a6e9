"""Several passes over one day at the same moment: one set of rows, and nobody fails. First shown to go wrong without
the lock and without what the database is told to do about a row that is there."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from audit.models import Event
from monitoring.actions.days import Written
from monitoring.models import DayRun, ReportDay, ReportDue, Session
from monitoring.steps import days, sessions
from referrals.models import Placement
from tests.cast import make_world
from tests.monitoring.days import made_up_world, run
from tests.monitoring.made import DAY, NINE, watched
from tests.monitoring.registering import more_sessions
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


def called_off_while_two_are_marked(world):
    """A pass calls off two sessions while somebody marks both, in the order of their keys; the first one's row lies
    behind the second's, as any row does that was changed last."""
    more_sessions(world, Placement.objects.get(), 1)
    Session.objects.all().delete()
    run(DAY, EARLY)
    first, second = Session.objects.order_by("pk")
    Session.objects.filter(pk=first.pk).update(nudged_at=EARLY)
    Placement.objects.update(state="cancelled")

    def marks():
        with transaction.atomic():
            Session.objects.locked(first.pk)
            time.sleep(1)
            Session.objects.locked(second.pk)

    def calls_off():
        time.sleep(0.3)
        return run(DAY, EARLY + dt.timedelta(minutes=1)).called_off

    return found_by(marks, calls_off)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_without_the_order_of_keys_whoever_marks_and_a_pass_wait_in_a_circle(world, monkeypatch):
    monkeypatch.setattr(sessions, "_change", lambda rows, sql, values: sessions._run(sql, values).rowcount)

    with pytest.raises(OperationalError, match="deadlock"):
        called_off_while_two_are_marked(world)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_a_pass_takes_sessions_in_the_order_in_which_they_are_marked(world):
    assert called_off_while_two_are_marked(world) == [None, 2]
