"""Two decide about one pupil at once; the watch runs twice at once. Each race is first shown to happen without its
locks, then not to with them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.models import Membership, Organisation
from accounts.states import Role
from audit.models import Event
from core.access import System
from lots.models import Framework, Place, Suspension
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import deciding
from referrals.actions import events as actions
from referrals.models import DecisionDue, Placement, ProviderEvent, Pupil
from referrals.permissions.events import WATCH
from referrals.queries import events as queries
from referrals.rules import events as rules
from tests.cast import make_person, make_world
from tests.patience import found_by, without_lock
from tests.referrals.made import AT, TODAY
from tests.referrals.placed import made_placement
from tests.referrals.suspended import asked, suspended

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AROUND = (Framework, Place, Pupil, Placement, DecisionDue)


@pytest.fixture
def world(transactional_db):
    return make_world()


def two_decide(world, meet) -> list:
    """Sana lets it go on while Dora ends it."""
    decision, dora = asked(world), make_person("dora")
    Membership.objects.create(
        user=dora, organisation=world.elm_grove, role=Role.SCHOOL_SENCO, person_name="Dora", given_at=AT
    )
    meet(rules, "check_decision")

    def decide(by, what):
        return lambda: deciding.decide_placement(decision=decision, what=what, reason="Why", by=by, at=AT, today=TODAY)

    return found_by(decide(world.sana, "go_on"), decide(dora, "move"))


def decided() -> int:
    return Event.objects.filter(action="referrals.decisiondue.decided").count()


def test_without_the_lock_two_decide(world, meet, monkeypatch):
    without_lock(monkeypatch, *AROUND)

    found = two_decide(world, meet)

    assert all(isinstance(one, DecisionDue) for one in found)
    assert decided() == 2


def test_one_decides_and_the_other_is_told(world, meet):
    found = two_decide(world, meet)

    [lost] = [one for one in found if isinstance(one, Exception)]
    assert isinstance(lost, Refused)
    assert "decided this already" in str(lost)
    assert decided() == 1


def ask_twice(world, meet) -> list:
    """Two passes of the watch over one suspension."""
    made_placement(world)
    pk = suspended(world).pk
    meet(rules, "decide_by")

    def ask():
        return actions.ask_decisions(suspension=pk, by=System(WATCH), at=AT, today=TODAY)

    return found_by(ask, ask)


def test_without_the_lock_two_passes_ask_the_same(world, meet, monkeypatch):
    without_lock(monkeypatch, Suspension)

    found = ask_twice(world, meet)

    assert sorted(type(one) for one in found if isinstance(one, Exception)) == [IntegrityError]


def test_two_passes_ask_once(world, meet):
    found = ask_twice(world, meet)

    assert sorted(found) == [0, 1]
    assert DecisionDue.objects.count() == 1
    assert Message.objects.filter(key__startswith="decision-opened").count() == 1


def tell_twice(world, meet) -> list:
    """Two passes of the watch over what it has seen."""
    made_placement(world)
    suspended(world, buyer=world.mereshire)
    meet(queries, "commissioners_at")

    def tell():
        return actions.tell_seen(provider=world.ash_house.pk, by=System(WATCH), at=AT, today=TODAY)

    return found_by(tell, tell)


def test_without_the_lock_two_passes_tell_the_same(world, meet, monkeypatch):
    without_lock(monkeypatch, Organisation)

    found = tell_twice(world, meet)

    assert [type(one) for one in found if isinstance(one, Exception)] == [IntegrityError]


def test_two_passes_tell_once(world, meet):
    found = tell_twice(world, meet)

    assert sorted(found) == [0, 1]
    assert ProviderEvent.objects.count() == 1
    assert Message.objects.filter(key__startswith="provider-event").count() == 1
