"""Several write one visit, or answer one proposal, at the same moment. Each race is first shown to happen without its
locks, then not to with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.models import User
from accounts.states import Role
from audit.models import Event
from core.access import System
from lots.models import Place, Suspension
from lots.rules.refusals import Refused
from lots.steps import places
from monitoring.actions import effects, visits
from monitoring.models import Finding, Proposal, Visit
from monitoring.permissions.effects import PROPOSE
from monitoring.rules import effects as effect_rules
from monitoring.rules import visits as visit_rules
from monitoring.rules.visits import Written
from tests.cast import make_world
from tests.monitoring.effects import TODAY, made_cover, made_proposal
from tests.monitoring.made import DAY, NINE, made_member, made_visit
from tests.monitoring.test_visits import WRITTEN
from tests.patience import found_by, without_lock
from tests.referrals.made import made_place

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world(transactional_db):
    return make_world()


def writing(world, clients: int, written: Written = WRITTEN) -> list:
    visit = made_visit(world)

    def write():
        by = User.objects.get(pk=world.eve.pk)
        return visits.write_visit(visit=visit, written=written, seen=0, finished=False, by=by, at=NINE, today=DAY)

    return found_by(*[write] * clients)


@pytest.fixture
def proposal(world):
    made_member(world, "kim", world.larkshire, Role.CONTRACTS)
    return made_proposal(world, effect="suspend")


def answering(world, proposal, clients: int) -> list:
    kim = world.kim

    def answer():
        by = User.objects.get(pk=kim.pk)
        return effects.answer_proposal(proposal=proposal, answer="yes", reason="Not renewed", by=by, at=NINE)

    return found_by(*[answer] * clients)


def test_without_the_lock_two_write_over_each_other(world, monkeypatch, meet):
    without_lock(monkeypatch, Visit)
    meet(visit_rules, "check_written")

    writing(world, 2, replace(WRITTEN, findings=()))  # the database alone refuses one finding twice

    assert Event.objects.filter(action="monitoring.visit.saved").count() == 2


@pytest.mark.parametrize("go", range(ROUNDS))
def test_what_was_written_on_an_old_page_is_refused(world, meet, go):
    meet(visit_rules, "check_written")

    found = writing(world, CLIENTS)

    assert sorted(type(one).__name__ for one in found) == ["Refused"] * (CLIENTS - 1) + ["Visit"]
    assert Finding.objects.count() == 1
    assert Visit.objects.get().revision == 1


def test_without_the_locks_a_proposal_is_answered_twice(world, proposal, monkeypatch, meet):
    without_lock(monkeypatch, Proposal)
    monkeypatch.setattr(places, "frameworks_locked", lambda pks: {})
    monkeypatch.setattr(
        places, "places_locked", lambda pks: list(Place.objects.filter(pk__in=list(pks)).select_related("framework"))
    )
    meet(effect_rules, "check_answer")

    answering(world, proposal, 2)

    assert Event.objects.filter(action="monitoring.proposal.answered").count() == 2


@pytest.mark.parametrize("go", range(ROUNDS))
def test_a_proposal_is_answered_once(world, proposal, meet, go):
    meet(effect_rules, "check_answer")

    found = answering(world, proposal, CLIENTS)

    assert {type(one) for one in found} == {Proposal, Refused}
    standing = Place.objects.filter(provider=world.ash_house, state="suspended").count()
    assert Suspension.objects.count() == standing > 0
    assert Event.objects.filter(action="monitoring.proposal.answered").count() == 1


@pytest.mark.parametrize("go", range(ROUNDS))
def test_passes_at_once_propose_once_and_hold_once(world, go):
    made_place(world)
    made_cover(world.ash_house)

    def watch():
        new = effects.propose_effects(by=System(PROPOSE), at=NINE, today=TODAY)
        effects.hold_places(by=System(PROPOSE), at=NINE)
        return new

    found_by(*[watch] * CLIENTS)

    assert Proposal.objects.count() == 1
    assert not Place.objects.filter(provider=world.ash_house, state="active", held_at=None).exists()
