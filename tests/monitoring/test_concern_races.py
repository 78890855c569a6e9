"""Two officers receive one concern at the same moment. The race is shown to happen without its lock, then not to with
it."""

from __future__ import annotations

import pytest

from audit.models import Event
from core.access import System
from lots.rules.refusals import Refused
from monitoring.actions import concerns as actions
from monitoring.models import Concern
from monitoring.permissions.concerns import ESCALATE
from monitoring.rules import concerns as rules
from outbox.models import Message
from tests.cast import make_world
from tests.monitoring.made import DAY, NINE, made_concern
from tests.monitoring.worries import fresh, said
from tests.patience import found_by, without_lock
from tests.referrals.placed import made_placement

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world(transactional_db):
    return make_world()


def receive(world, concern, name):
    return lambda: actions.receive_concern(concern=concern, by=fresh(getattr(world, name)), at=NINE)


def test_without_the_lock_both_believe_that_they_have_received_it(world, monkeypatch, meet):
    without_lock(monkeypatch, Concern)
    meet(rules, "check_move")
    concern = made_concern(world, made_placement(world))

    found_by(receive(world, concern, "tom"), receive(world, concern, "sana"))

    assert Event.objects.filter(action="monitoring.concern.received").count() == 2


@pytest.mark.parametrize("go", range(ROUNDS))
def test_one_of_eight_receives_it(world, go):
    concern = made_concern(world, made_placement(world))

    found = found_by(*(receive(world, concern, name) for name in ("tom", "sana") * (CLIENTS // 2)))

    assert {type(one) for one in found if one is not None} == {Refused}
    assert sum(one is None for one in found) == 1
    assert Event.objects.filter(action="monitoring.concern.received").count() == 1


@pytest.mark.parametrize("go", range(2))
def test_sent_eight_times_at_once_it_is_one_concern_and_one_letter_each(world, go):
    placement = made_placement(world)
    sent = said(world, placement)

    def send():
        return actions.raise_concern(organisation=world.ash_house, said=sent, by=fresh(world.bob), at=NINE, today=DAY)

    found = found_by(*[send] * CLIENTS)

    assert {one.pk for one in found} == {Concern.objects.get().pk}
    assert Message.objects.filter(key__startswith="concern:").count() == 2


@pytest.mark.parametrize("go", range(2))
def test_eight_passes_write_each_officer_once(world, go):
    made_concern(world, made_placement(world), acknowledge_by=NINE)

    def escalate():
        return actions.escalate_concerns(by=System(ESCALATE), at=NINE + DAY.resolution, today=DAY)

    found = found_by(*[escalate] * CLIENTS)

    assert sorted(found) == [0] * (CLIENTS - 1) + [1]
    assert Message.objects.filter(key__contains=":late:").count() == 1
