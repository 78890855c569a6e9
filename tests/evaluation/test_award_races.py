"""Awards at the same moment. Each race is first shown to happen when the lock is taken away, then not to with it."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Organisation
from accounts.states import OrganisationKind
from evaluation.actions import bids as bid_actions
from evaluation.models import AwardSet, Bid, Evaluation, Letter
from evaluation.rules import awards as rules
from evaluation.rules import opening
from evaluation.states import BidState
from lots.actions import places as lots_actions
from lots.models import Framework, Place
from lots.rules import awards as lots_rules
from lots.rules.awards import Award, OverLimit
from lots.rules.refusals import Refused
from tests.cast import make_world
from tests.evaluation.awarding import approve, checked, fresh, limited, propose, somebody
from tests.evaluation.made import round_closed
from tests.frameworks import AT
from tests.patience import found_by, together, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world():
    return make_world()


def anew(world, **limits) -> AwardSet:
    """An award that waits for approval, on a framework of its own."""
    made = checked(world, framework=round_closed(world))
    award = propose(made, world)
    if limits:
        limited(made, **limits)
    return award


def given(award: AwardSet):
    return Place.objects.filter(framework=award.evaluation.framework_id)


def members(award: AwardSet, count: int) -> None:
    """So many others hold a place there."""
    lot = award.evaluation.framework.lots.get(number="2")
    already = Organisation.objects.filter(name__startswith="Member ").count()
    firms = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.PROVIDER, name=f"Member {already + n}", name_key=f"member {already + n}")
        for n in range(count)
    )
    Place.objects.bulk_create(
        Place(
            framework_id=award.evaluation.framework_id,
            lot=lot,
            sub_lot=lot.sub_lots.first(),
            provider=firm,
            provider_name=firm.name,
            awarded_at=AT,
        )
        for firm in firms
    )


class TestOneSetApprovedManyTimes:
    def approve_all(self, award, world, clients: int):
        return together(*[partial(approve, award, world)] * clients)

    def test_without_the_lock_one_of_them_breaks(self, world, monkeypatch, meet):
        award = anew(world)
        without_lock(monkeypatch, Framework, Evaluation, AwardSet)
        meet(rules, "check_ready")

        raised = self.approve_all(award, world, 2)

        assert {type(error) for error in raised} == {type(None), IntegrityError}

    def test_eight_at_once_make_one_award(self, world):
        for _ in range(ROUNDS):
            award = anew(world)

            raised = self.approve_all(award, world, CLIENTS)

            assert sorted(type(error).__name__ for error in raised) == ["NoneType"] + ["Refused"] * (CLIENTS - 1)
            assert given(award).count() == 6
            assert Letter.objects.filter(award_set=award).count() == 4


class TestNinetyNineMembersAndASetOfTwo:
    def test_it_is_refused_whole_and_nothing_is_written(self, world):
        for _ in range(ROUNDS):
            award = anew(world, most=100)
            members(award, 99)

            raised = together(*[partial(approve, award, world)] * CLIENTS)

            assert {type(error) for error in raised} == {OverLimit}
            assert given(award).count() == 99
            assert not Letter.objects.filter(award_set=award).exists()
            assert AwardSet.objects.get(pk=award.pk).state == "proposed"

    def test_of_ninety_eight_it_is_given_whole(self, world):
        award = anew(world, most=100)
        members(award, 98)

        together(*[partial(approve, award, world)] * 2)

        assert given(award).filter(lot__is_auto=False).values("provider").distinct().count() == 100


class TestTwoSetsThatTogetherPassTheLimit:
    """The evaluation's award of two, and places that an officer gives a third and a fourth; three fit."""

    def race(self, world, award):
        lot = award.evaluation.framework.lots.get(number="2")
        firms = Organisation.objects.bulk_create(
            Organisation(
                kind=OrganisationKind.PROVIDER,
                name=f"{letter} {award.pk}",
                name_key=f"{letter} {award.pk}",
            )
            for letter in "cd"
        )
        part, line = lot.sub_lots.first().pk, lot.price_lines.get().pk
        other = [Award(firm.pk, lot.pk, part, {line: 4500}) for firm in firms]
        framework = award.evaluation.framework
        return together(
            *[partial(approve, award, world)] * (CLIENTS // 2),
            *[
                lambda: lots_actions.award_places(
                    framework=framework, given=other, by=somebody(world.max), at=timezone.now()
                )
            ]
            * (CLIENTS // 2),
        )

    def on(self, award) -> int:
        return given(award).values("provider").distinct().count()

    def test_without_the_lock_both_are_given(self, world, monkeypatch, meet):
        award = anew(world, most=3)
        without_lock(monkeypatch, Framework)
        meet(lots_rules, "check_limits")
        monkeypatch.setattr("tests.evaluation.test_award_races.CLIENTS", 2)

        assert self.race(world, award) == [None, None]

        assert self.on(award) == 4

    def test_one_wins_whole(self, world):
        for _ in range(ROUNDS):
            award = anew(world, most=3)

            raised = self.race(world, award)

            assert raised.count(None) == 1
            assert self.on(award) == 2


class TestOneBidAwardedWithdrawnAndExcluded:
    def race(self, world, award, clients: int = CLIENTS):
        bid = Bid.objects.get(evaluation=award.evaluation_id, provider=world.ash_house)

        def leaves(to):
            return bid_actions.move_bid(bid=bid, to=to, reason="Why", by=somebody(world.max), at=timezone.now())

        calls = [
            partial(approve, award, world),
            partial(leaves, BidState.WITHDRAWN),
            partial(leaves, BidState.EXCLUDED),
        ]
        return found_by(*[calls[number % 3] for number in range(clients)])

    def test_without_the_lock_a_bid_that_is_out_is_awarded(self, world, monkeypatch, meet):
        award = anew(world)
        without_lock(monkeypatch, Framework, Evaluation)
        meet(rules, "check_ready", barrier := threading.Barrier(2))
        meet(opening, "check_bid_move", barrier)

        self.race(world, award, clients=2)

        bid = Bid.objects.get(evaluation=award.evaluation_id, provider=world.ash_house)
        assert bid.state == "withdrawn"
        assert given(award).filter(provider=world.ash_house).count() == 3

    def test_there_is_one_outcome_with_its_places_and_letters(self, world):
        for _ in range(ROUNDS):
            award = anew(world)

            found = self.race(world, award)

            ash = Bid.objects.get(evaluation=award.evaluation_id, provider=world.ash_house)
            state = AwardSet.objects.get(pk=award.pk).state
            places, letters = given(award).count(), Letter.objects.filter(award_set=award).count()
            won = [one for one in found if not isinstance(one, Exception)]
            assert all(isinstance(one, Refused) for one in found if isinstance(one, Exception))
            assert len(won) == 1 or {one.state for one in won} == {"withdrawn", "excluded"}
            if ash.state == BidState.IN:
                assert (state, places, letters, fresh(award.evaluation).stage) == ("approved", 6, 4, "awarded")
            else:
                assert (state, places, letters, fresh(award.evaluation).stage) == ("proposed", 0, 0, "checked")
