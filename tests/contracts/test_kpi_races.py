"""Several at once at the KPIs of an agreement. The race is first shown without its lock."""

from __future__ import annotations

import pytest

from accounts.models import User
from contracts.actions import kpis as actions
from contracts.models import Contract
from contracts.rules import kpis as rules
from lots.models import Framework
from tests.cast import make_world
from tests.contracts.test_kpis import DAY, GATES, NOW, TODAY
from tests.lots.places import published
from tests.monitoring.made import made_contract
from tests.patience import found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world():
    return make_world()


def agreed(world, turn: int = 0) -> Contract:
    return made_contract(world, published(world, title=f"Framework {turn}").framework)


def ending(kpi, person, days: int = 0):
    given = {"until_on": TODAY + days * DAY, "at": NOW, "today": TODAY}
    return lambda: actions.end_kpi(kpi=kpi, by=User.objects.get(pk=person.pk), **given)


def setting(contract, person):
    given = {"days": 1, "from_on": TODAY, "at": NOW}
    return lambda: actions.add_five_kpis(contract=contract, by=User.objects.get(pk=person.pk), **given)


def setting_all(framework, person):
    given = {"like": None, "days": 1, "from_on": TODAY, "at": NOW}
    return lambda: actions.set_framework_kpis(framework=framework, by=User.objects.get(pk=person.pk), **given)


def test_without_the_lock_two_end_it(world, monkeypatch, meet):
    kpi = actions.add_kpi(contract=agreed(world), text=GATES, days=1, from_on=TODAY, by=world.eve, at=NOW)
    without_lock(monkeypatch, Contract)
    meet(rules, "check_end")

    assert found_by(ending(kpi, world.eve), ending(kpi, world.max, 7)) == [None, None]


def test_of_eight_who_end_it_at_once_one_does(world):
    contract = agreed(world)
    for turn in range(ROUNDS):
        text = rules.KpiText(f"Gates {turn}", GATES.lines)
        kpi = actions.add_kpi(contract=contract, text=text, days=1, from_on=TODAY, by=world.eve, at=NOW)

        found = found_by(*[ending(kpi, world.eve, days) for days in range(CLIENTS)])

        assert sorted(type(one).__name__ for one in found) == ["NoneType"] + ["Refused"] * (CLIENTS - 1)


def test_the_five_stand_there_once_whoever_puts_them_there(world):
    for turn in range(ROUNDS):
        contract = agreed(world, turn)
        framework = Framework.objects.get(pk=contract.framework_id)
        acts = [setting(contract, world.eve), setting_all(framework, world.max)] * (CLIENTS // 2)

        found_by(*acts)

        assert [(kpi.number, kpi.lines.count()) for kpi in contract.kpis.all()] == [
            (1, 9),
            (2, 7),
            (3, 6),
            (4, 7),
            (5, 3),
        ]
