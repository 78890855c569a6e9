"""An obvious error in a price, put right by two people; what was bid, and every run, stay to be read."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from evaluation.actions import corrections as actions
from evaluation.models import Bid, Conflict, Correction, Evaluation, GateRun, LowEnquiry
from evaluation.queries.prices import current
from evaluation.states import BidState, RunState, Stage
from lots.models import PriceLine
from lots.rules.refusals import Refused
from providers.models import BidPrice
from tests.evaluation import pricing
from tests.evaluation.made import AT, bids_of
from tests.evaluation.pricing import approve, ask, ask_run, opened, price_of, propose, sign, when


@pytest.fixture
def made(world):
    return opened(world)


class TestTheWholeWay:
    def test_the_fourth_meant_45_and_both_runs_are_kept(self, world, made):
        first = sign(ask_run(made, world.max), world.fay)
        correction = propose(made, world.max, 4, becomes=4500)
        made.refresh_from_db()
        assert (made.stage, first.results.filter(passes=False).count()) == (Stage.CHECKED, 1)

        approve(correction, world.fay)
        second = ask_run(made, world.max)

        first.refresh_from_db()
        made.refresh_from_db()
        bid, price = price_of(made, 4)
        assert (first.state, first.void_reason, made.stage) == (RunState.VOID, "A price was corrected", Stage.PRICES)
        assert [run.failing for run in (first, second)] == [1, 0]
        assert (price.pence, second.results.get(price=price).pence) == (6000, 4500)
        assert current(made)[bid.pk][price.lot_id, None] == {price.line_id: 4500}

    def test_a_low_price_that_was_a_slip_is_low_no_longer(self, world):
        made = opened(world, prices=pricing.LOW)
        ask(made, world.max)

        approve(propose(made, world.max, 1, becomes=4700), world.fay)

        assert LowEnquiry.objects.get().replaced_at
        assert ask_run(made, world.max).failing == 0

    def test_a_price_that_is_only_quoted(self, world, made):
        bid, price = price_of(made, 1)
        PriceLine.objects.filter(pk=price.line_id).update(gated="quoted")

        approve(propose(made, world.max, 1, becomes=10), world.fay)

        assert current(made)[bid.pk][price.lot_id, None] == {price.line_id: 10}

    def test_corrected_twice_the_second_stands(self, world, made):
        approve(propose(made, world.max, 1, becomes=4100), world.fay)
        approve(propose(made, world.max, 1, becomes=4300), world.fay)

        rows = [
            (one.was_pence, one.becomes_pence, one.replaced_at is None) for one in Correction.objects.order_by("pk")
        ]
        assert rows == [(4000, 4100, False), (4100, 4300, True)]


class TestProposing:
    def test_by_who_checks_prices_and_meets_the_bid(self, world, made):
        for person in (world.ada, world.eve, world.fay, world.alice):
            with pytest.raises(PermissionDenied):
                propose(made, person)
        Conflict.objects.create(
            evaluation=made, person=world.max, provider=world.ash_house, text="A cousin", noted_at=AT
        )
        with pytest.raises(PermissionDenied):
            propose(made, world.max)

    def test_something_else_above_nothing_one_at_a_time(self, world, made):
        with pytest.raises(Refused, match="above £0"):
            propose(made, world.max, 1, becomes=0)
        with pytest.raises(Refused, match="the price as it stands"):
            propose(made, world.max, 1, becomes=4000)
        propose(made, world.max)
        with pytest.raises(Refused, match="waits for approval already"):
            propose(made, world.max)

    def test_not_of_a_bid_that_has_left_and_not_of_another_bid(self, world, made):
        (_, price), other = price_of(made, 2), bids_of(made)[0]
        with pytest.raises(BidPrice.DoesNotExist):
            actions.propose_correction(
                bid=other, price=price, becomes_pence=1, reason="x", consent="x", by=world.max, at=when(made)
            )
        Bid.objects.update(state=BidState.WITHDRAWN, state_at=AT)
        with pytest.raises(Refused, match="no longer in the evaluation"):
            propose(made, world.max)


class TestApproving:
    def test_not_by_who_proposed_it_even_as_an_approver(self, world, made):
        correction = propose(made, world.max)
        Correction.objects.update(proposed_by=world.fay)

        with pytest.raises(Refused, match="You proposed this correction"):
            approve(correction, world.fay)

    def test_not_by_anybody_else(self, world, made):
        correction = propose(made, world.max)

        for person in (world.max, world.ada, world.eve, world.alice):
            with pytest.raises(PermissionDenied):
                approve(correction, person)

    def test_once_and_not_what_was_dropped(self, world, made):
        approve(correction := propose(made, world.max), world.fay)
        with pytest.raises(Refused, match="approved or dropped meanwhile"):
            approve(correction, world.fay)
        with pytest.raises(Refused, match="approved or dropped meanwhile"):
            actions.drop_correction(correction=correction, by=world.max, at=when(made))

        dropped = propose(made, world.max, 2)
        actions.drop_correction(correction=dropped, by=world.fay, at=when(made))
        with pytest.raises(Refused, match="approved or dropped meanwhile"):
            approve(dropped, world.fay)
        with pytest.raises(PermissionDenied):
            actions.drop_correction(correction=dropped, by=world.eve, at=when(made))

    def test_not_where_the_price_is_no_longer_what_the_proposal_says(self, world, made):
        correction = propose(made, world.max)
        BidPrice.objects.update(pence=1)

        with pytest.raises(Refused, match="corrected otherwise meanwhile"):
            approve(correction, world.fay)

    def test_not_once_the_award_is_approved(self, world, made):
        correction = propose(made, world.max)
        run = sign(ask_run(made, world.max), world.fay)
        Evaluation.objects.update(stage=Stage.AWARDED)

        with pytest.raises(Refused, match="It is at “Award approved”"):
            approve(correction, world.fay)

        assert GateRun.objects.get().state == run.state == RunState.SIGNED
