"""Several at once at an agreement. The race is first shown without its lock."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from contracts.actions import signing as actions
from contracts.models import Contract
from contracts.rules import agreements as rules
from lots.actions.places import end_place
from lots.models import Framework, Place
from lots.rules.refusals import Refused
from lots.states import PlaceState
from tests.cast import make_world
from tests.contracts.made import offered
from tests.contracts.test_agreements import LATER, NAMED, now
from tests.lots.places import published
from tests.patience import found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world():
    return make_world()


def signing(contract, person):
    person = User.objects.get(pk=person.pk)
    return lambda: actions.sign_contract(contract=contract, by=person, at=LATER, **NAMED)


def test_without_the_lock_two_sign(world, monkeypatch, meet):
    contract = offered(world)
    without_lock(monkeypatch, Framework, Contract)
    monkeypatch.setattr(actions, "_places", lambda contract: [])
    monkeypatch.setattr(rules, "check_places", lambda standing: None)
    meet(rules, "check_move")

    found = found_by(*[signing(contract, world.alice)] * 2)

    assert [type(one) for one in found] == [Contract, Contract]


def test_of_eight_who_sign_at_once_one_does(world):
    for turn in range(ROUNDS):
        contract = offered(world, framework=published(world, title=f"Framework {turn}"))

        found = found_by(*[signing(contract, world.alice) for _ in range(CLIENTS)])

        assert sorted(type(one).__name__ for one in found) == ["Contract"] + ["Refused"] * (CLIENTS - 1)


def test_signed_while_the_buyer_ends_the_places_is_one_or_the_other(world):
    for turn in range(ROUNDS):
        contract = offered(world, framework=published(world, title=f"Framework {turn}"))
        place = Place.objects.filter(framework=contract.framework_id, lot__is_auto=False).first()
        ends = {"place": place, "also_others": True, "by": world.alice, "at": LATER + dt.timedelta(hours=1)}

        signed, _ = found_by(signing(contract, world.alice), lambda ends=ends: end_place(**ends))

        states = set(Place.objects.filter(framework=contract.framework_id).values_list("state", flat=True))
        assert states == {PlaceState.ENDED}
        assert now(contract).state == ("offered" if isinstance(signed, Refused) else "signed")
