"""Eight sweepers at once, two answers at once, a mark beside a breach. Each race is shown to happen without its lock,
then not to with it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import User
from audit.models import Event
from lots.rules.refusals import Refused
from monitoring.actions import alarms as actions
from monitoring.models import Alert, AlertTold, Session
from monitoring.rules import alarms as rules
from monitoring.states import AlertKind
from monitoring.steps import alarms as steps
from monitoring.steps import telling
from tests.cast import make_world
from tests.monitoring.alarms import BY, after, letters, made_rota, marked
from tests.monitoring.made import made_session, watched
from tests.patience import be_patient, found_by

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = 5, 8


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def session(world) -> Session:
    made_rota(world, world.sana)
    return made_session(watched(world))


def unlocked(monkeypatch) -> None:
    """Nothing holds a row any more."""
    be_patient(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())


def tell() -> int:
    return actions.tell(by=BY, at=after(7))


def test_without_the_lock_two_sweepers_take_one_alert(session, monkeypatch, meet):
    unlocked(monkeypatch)
    marked(session, "absent", after(5))
    meet(telling, "rungs_of")

    found = found_by(tell, tell)

    # Both took it; that nobody is told twice is the last thing to hold, the database's own rule.
    assert [type(one) for one in found].count(IntegrityError) == 1


@pytest.mark.parametrize("go", range(ROUNDS))
def test_eight_sweepers_tell_a_rung_once(world, session, go):
    marked(session, "absent", after(5))

    found = found_by(*[tell] * CLIENTS)

    assert sorted(found) == [0] * (CLIENTS - 1) + [1]
    assert AlertTold.objects.count() == 1
    assert [to for to, _ in letters()] == [world.sana.email]


@pytest.mark.parametrize("go", range(ROUNDS))
def test_eight_sweepers_write_a_breach_once_and_remind_once(session, go):
    def write():
        return actions.write_breaches(by=BY, at=after(30)), actions.nudge(by=BY, at=after(30))

    found = found_by(*[write] * CLIENTS)

    assert sum(one for one, _ in found) == 1
    assert sum(one for _, one in found) == 1
    assert Alert.objects.get().kind == AlertKind.NOT_TAKEN
    assert len(letters()) == 1
    assert Event.objects.filter(action="monitoring.alert.breached").count() == 1


def answer(world, alert):
    person = User.objects.get(pk=world.sana.pk)
    return lambda: actions.acknowledge(alert=alert, done="Rang", by=person, at=after(8)) or "answered"


def test_without_the_lock_an_alert_is_answered_twice(world, session, monkeypatch, meet):
    unlocked(monkeypatch)
    marked(session, "absent", after(5))
    meet(rules, "check_answer")
    alert = Alert.objects.get()

    assert found_by(answer(world, alert), answer(world, alert)) == ["answered"] * 2


@pytest.mark.parametrize("go", range(ROUNDS))
def test_an_alert_is_answered_once(world, session, meet, go):
    marked(session, "absent", after(5))
    meet(rules, "check_answer")
    alert = Alert.objects.get()

    found = found_by(*[answer(world, alert) for _ in range(CLIENTS)])

    assert found.count("answered") == 1
    assert [type(one) for one in found].count(Refused) == CLIENTS - 1
    assert Event.objects.filter(action="monitoring.alert.acknowledged").count() == 1


def write():
    return actions.write_breaches(by=BY, at=after(30))


def test_without_the_lock_a_breach_stands_beside_the_mark_that_ends_it(session, monkeypatch):
    unlocked(monkeypatch)
    meet_marking(monkeypatch, steps)

    found_by(write, lambda: marked(session, "present", after(30)))

    standing = Alert.objects.filter(kind=AlertKind.NOT_TAKEN, over_at=None)
    assert standing.count() == 1
    assert Session.objects.get().mark == "present"


def meet_marking(monkeypatch, module) -> None:
    """The mark looks for alerts while the breach is on its way, and commits before it."""
    import threading

    barrier, write, note = threading.Barrier(2), module._record, module.note_mark

    def recorded(*args, **words):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(20)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(20)
        return write(*args, **words)

    def noted(**words):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(20)
        found = note(**words)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(20)
        return found

    monkeypatch.setattr(module, "_record", recorded)
    monkeypatch.setattr("tests.monitoring.alarms.note_mark", noted)


@pytest.mark.parametrize("go", range(ROUNDS))
def test_a_mark_beside_the_sweep_leaves_no_breach_that_still_rings(session, go):
    found_by(write, *[lambda: marked(session, "absent", after(30))] + [write] * (CLIENTS - 2))

    assert not Alert.objects.filter(kind=AlertKind.NOT_TAKEN, over_at=None).exists()
    assert Alert.objects.get(kind=AlertKind.ABSENT).tell_at == after(30)
