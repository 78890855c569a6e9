"""Two openers at once, and one bid taken out twice at once: each race is first shown to happen without its lock."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from evaluation.actions import opening as actions
from evaluation.actions.bids import move_bid
from evaluation.models import Bid, Evaluation, OpeningAct
from evaluation.rules import opening as rules
from evaluation.states import BidState, Duty
from lots.models import Framework
from lots.rules.refusals import Refused
from providers.models import Opening
from providers.steps import rounds
from tests.cast import make_world
from tests.evaluation.made import bids_of, evaluation, preparing, round_closed
from tests.evaluation.panels import appointed, handed_in
from tests.patience import found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world():
    return make_world()


def somebody(person) -> User:
    """The same person at another browser."""
    return User.objects.get(pk=person.pk)


class TestManyOpenersAtOnce:
    """Max proposed; Ada and Fay, openers too, confirm at the same moment."""

    def proposed(self, world) -> Evaluation:
        framework = round_closed(world)
        handed_in(framework, world.ash_house, 1)
        made = preparing(world, framework)
        appointed(made, world, "fay", Duty.OPENER)
        actions.propose(evaluation=made, by=world.max)
        return made

    def open_all(self, made, world, clients: int) -> list:
        people = [world.ada, world.fay] * (clients // 2)
        return found_by(*[lambda who=who: actions.open_bids(evaluation=made, by=somebody(who)) for who in people])

    def test_without_the_lock_the_second_breaks_at_the_database(self, world, monkeypatch, meet):
        made = self.proposed(world)
        without_lock(monkeypatch, Framework, Evaluation)
        monkeypatch.setattr(rounds, "_take", lambda statement, framework_id: None)
        meet(rules, "check_second")

        found = self.open_all(made, world, 2)

        assert {type(one) for one in found} == {OpeningAct, IntegrityError}

    @pytest.mark.parametrize("turn", range(ROUNDS))
    def test_eight_at_once_are_one_opening_and_seven_refusals(self, world, turn):
        made = self.proposed(world)

        found = self.open_all(made, world, CLIENTS)

        assert sorted(type(one).__name__ for one in found) == ["OpeningAct"] + ["Refused"] * (CLIENTS - 1)
        assert (Opening.objects.count(), Bid.objects.count(), OpeningAct.objects.count()) == (1, 1, 1)


class TestOneBidTakenOutTwice:
    """Somebody writes down that it was withdrawn while a colleague excludes it."""

    def both(self, world) -> tuple[Bid, list]:
        [bid] = bids_of(evaluation(world, count=1, read=False))

        def move(to):
            return move_bid(bid=bid, to=to, reason=f"It is {to}.", by=somebody(world.max), at=timezone.now())

        found = found_by(lambda: move(BidState.WITHDRAWN), lambda: move(BidState.EXCLUDED))
        bid.refresh_from_db()
        return bid, found

    def test_without_the_lock_both_think_that_they_did_it(self, world, monkeypatch, meet):
        without_lock(monkeypatch, Framework, Evaluation, Bid)
        meet(rules, "check_bid_move")

        _, found = self.both(world)

        assert [type(one) for one in found] == [Bid, Bid]

    @pytest.mark.parametrize("turn", range(ROUNDS))
    def test_one_of_them_is_told_that_it_has_moved(self, world, meet, turn):
        meet(rules, "check_bid_move")

        bid, found = self.both(world)

        assert sorted(type(one).__name__ for one in found) == ["Bid", "Refused"]
        assert bid.state_reason == f"It is {bid.state}."
        assert isinstance(next(one for one in found if not isinstance(one, Bid)), Refused)
