"""The list of bids, one bid, and a bid that leaves the evaluation or comes back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from evaluation.actions.bids import move_bid
from evaluation.models import Bid, BidLot, Declaration, Evaluation, Judgement
from evaluation.states import BidState, Outcome, Stage, When
from lots.models import Lot, Policies
from lots.rules.refusals import Refused
from lots.states import QualityScope
from tests.evaluation.made import bids_of, evaluation, given, judged
from tests.evaluation.panels import conflict


def listed(client, made, **asked) -> tuple[str, ...]:
    """The bidders on the page, in order."""
    page = client.get(reverse("bids", args=[made.pk]), asked).text
    names = ("Ash House", "Birch Farm", "Provider 003")
    return tuple(sorted((name for name in names if f"<bdi>{name}</bdi>" in page), key=page.index))


class TestTheList:
    def test_it_is_narrowed_by_name_lot_state_and_progress(self, world, sign_in):
        made = evaluation(world, count=3, read=False, lots=("1", "2"))
        ash, birch, _ = bids_of(made)
        BidLot.objects.filter(bid=ash, lot__number="2").delete()
        Bid.objects.filter(pk=birch.pk).update(state=BidState.EXCLUDED, state_at=made.fixed_at)
        given(made, world)
        Judgement.objects.filter(bid=ash, person=world.eve).update(
            outcome=Outcome.PASS, reason="As shown.", locked_at=made.fixed_at
        )
        eve = sign_in(world.eve)
        second = Lot.objects.get(framework=made.framework, number="2").pk

        found = {
            "all": listed(eve, made),
            "words": listed(eve, made, words="farm"),
            "lot": listed(eve, made, lot=second),
            "state": listed(eve, made, state="excluded"),
            "todo": listed(eve, made, progress="todo"),
            "done": listed(eve, made, progress="done"),
            "nonsense": listed(eve, made, progress="settled", lot="x"),
        }

        assert found == {
            "all": ("Ash House", "Birch Farm", "Provider 003"),
            "words": ("Birch Farm",),
            "lot": ("Birch Farm", "Provider 003"),
            "state": ("Birch Farm",),
            "todo": ("Birch Farm", "Provider 003"),
            "done": ("Ash House",),
            "nonsense": ("Ash House", "Birch Farm", "Provider 003"),
        }

    def test_an_evaluator_is_told_of_their_own_work_and_a_moderator_of_what_stands(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        given(made, world)
        before = sign_in(world.eve).get(reverse("bids", args=[made.pk])).text.split("<main")[1]
        Judgement.objects.filter(person=world.tom).update(
            outcome=Outcome.FAIL, reason="Nothing shows it.", locked_at=made.fixed_at
        )

        after = sign_in(world.eve).get(reverse("bids", args=[made.pk])).text.split("<main")[1]

        assert "Decided by you" in before
        assert after == before
        assert "Outcomes that stand" in sign_in(world.ada).get(reverse("bids", args=[made.pk])).text
        assert "0 of 2" not in sign_in(world.fay).get(reverse("bids", args=[made.pk])).text

    @pytest.mark.parametrize("quality", [QualityScope.PROVIDER, QualityScope.LOT])
    def test_what_is_settled_and_what_is_not(self, world, sign_in, quality):
        made = evaluation(world, count=2, read=False)
        Policies.objects.filter(framework=made.framework).update(quality=quality)
        judged(made, world)
        bids_of(made)[1].settled.first().delete()

        ada = sign_in(world.ada)
        assert listed(ada, made, progress="settled") == ("Ash House",)
        assert listed(ada, made, progress="open") == ("Birch Farm",)


class TestABid:
    def test_everything_but_its_prices(self, world, sign_in):
        made = evaluation(world, count=1)
        [bid] = bids_of(made)
        BidLot.objects.filter(bid=bid, sub_lot__letter="C").update(complete=False, missing="Prices: enter a price")

        page = sign_in(world.eve).get(reverse("bid", args=[bid.pk])).text

        assert "We meet standard 1.1." in page
        assert "Safeguarding policy" in page
        assert "Prices: enter a price" in page
        assert ("£40" in page, "40.00" in page) == (False, False)
        assert "Exclude this bidder" not in page
        assert "Exclude this bidder" in sign_in(world.max).get(reverse("bid", args=[bid.pk])).text

    def test_somebody_with_an_interest_finds_it_nowhere(self, world, sign_in):
        made = evaluation(world, count=2, read=False)
        bid = Bid.objects.get(provider=world.ash_house)
        conflict(made, world.max, world.ash_house)

        client = sign_in(world.max)

        assert listed(client, made) == ("Birch Farm",)
        for name in ("bid", "withdraw_bid", "exclude_bid", "bring_back_bid"):
            assert client.get(reverse(name, args=[bid.pk])).status_code == 404
            assert client.post(reverse(name, args=[bid.pk]), {"reason": "No."}).status_code == 404
        bid.refresh_from_db()
        assert bid.state == BidState.IN


class TestLeaving:
    def move(self, bid, to, by, reason="As they wrote on 3 May."):
        return move_bid(bid=bid, to=to, reason=reason, by=by, at=timezone.now())

    def test_out_and_back_with_what_follows_said(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        [bid] = bids_of(made)
        client = sign_in(world.max)
        page = client.get(reverse("exclude_bid", args=[bid.pk])).text
        assert "sections 26 and 58" in page
        assert "It is not judged any further" in page
        assert "Say why" in client.post(reverse("exclude_bid", args=[bid.pk]), {"reason": ""}).text

        client.post(reverse("exclude_bid", args=[bid.pk]), {"reason": "Section 57."})
        bid.refresh_from_db()
        assert (bid.state, bid.state_by, bid.state_reason) == (BidState.EXCLUDED, world.max, "Section 57.")
        client.post(reverse("bring_back_bid", args=[bid.pk]), {"reason": "It was another firm."})
        bid.refresh_from_db()
        assert bid.state == BidState.IN
        client.post(reverse("withdraw_bid", args=[bid.pk]), {"reason": "They wrote."})

        page = client.post(reverse("bring_back_bid", args=[bid.pk]), {"reason": "No."}).text

        assert "cannot become “In the evaluation”" in page
        assert set(
            Event.objects.filter(action__startswith="evaluation.bid.").values_list("action", "data__evaluation")
        ) == {(f"evaluation.bid.{verb}", made.pk) for verb in ("excluded", "brought_back", "withdrawn")}

    @pytest.mark.parametrize("who", ["ada", "eve", "fay", "ines"])
    def test_nobody_else_takes_a_bid_out(self, world, who):
        [bid] = bids_of(evaluation(world, count=1, read=False))

        with pytest.raises(PermissionDenied):
            self.move(bid, BidState.EXCLUDED, world.people[who])

    def test_who_runs_it_and_has_an_interest_or_has_not_declared_does_not_either(self, world):
        made = evaluation(world, count=1, read=False)
        [bid] = bids_of(made)
        Declaration.objects.filter(person=world.max, moment=When.AFTER).delete()

        with pytest.raises(PermissionDenied):
            self.move(bid, BidState.WITHDRAWN, world.max)

    def test_a_reason_is_needed_and_nothing_later_is_undone(self, world):
        made = evaluation(world, count=1, read=False)
        Evaluation.objects.filter(pk=made.pk).update(stage=Stage.AWARDED)
        [bid] = bids_of(made)
        with pytest.raises(Refused, match="Say why"):
            self.move(bid, BidState.WITHDRAWN, world.max, reason="")

        self.move(bid, BidState.WITHDRAWN, world.max)

        made.refresh_from_db()
        assert made.stage == Stage.AWARDED
