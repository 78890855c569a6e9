"""Appeals for pages, and what an upheld one would come to."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from evaluation.models import Appeal, AwardLine, Bid, Evaluation, Freeze, QualityResult, Settled
from evaluation.queries.freezes import stale_since
from evaluation.queries.frozen import bids_as_settled
from evaluation.states import BidState, SetState
from lots.models import Lot


def appeals_of(evaluation: Evaluation, *, user) -> QuerySet[Appeal]:
    """Appeals of bids that this person may see."""
    return Appeal.objects.visible_to(user).filter(bid__evaluation=evaluation)


def appeals_of_bid(bid: Bid) -> list[Appeal]:
    """Those of one bid in the order in which they came, for letters and the bidder's own page."""
    rows = Appeal.objects.filter(bid=bid).select_related("standard", "lot", "settled", "decided_by")
    return list(rows.order_by("received_on", "pk"))


def outcomes_of(bid: Bid) -> list[Settled]:
    """Every outcome of a bid that stands, as the standards stand."""
    rows = Settled.objects.filter(bid=bid, replaced_at=None).select_related("standard__theme", "lot")
    return list(rows.order_by("standard__theme__position", "standard__position", "standard", "lot__position", "pk"))


def standing_outcome(bid_id: int, standard_id: int, lot_id: int | None) -> Settled | None:
    """The outcome of one standard that stands."""
    return Settled.objects.filter(bid=bid_id, standard=standard_id, lot=lot_id, replaced_at=None).first()


def is_stale(appeal: Appeal) -> bool:
    """The outcome that it is about no longer matches the freeze that holds."""
    return (appeal.bid, appeal.standard) in stale_since(appeal.bid.evaluation)[1]


@dataclass(frozen=True)
class Affected:
    """A bid and a lot whose result on quality would change if quality were frozen again now. `awarded` says that it
    has a place by an approved award, which stands whatever happens here; `others` is how many other bids for the lot
    passed quality: their average would be taken again."""

    bid: Bid
    lot: Lot
    was: bool
    becomes: bool
    awarded: bool
    others: int


@dataclass(frozen=True)
class Stale:
    """What no longer matches the freeze that holds: outcomes as (bid, standard), and what they come to."""

    freeze: Freeze | None
    outcomes: list
    affected: list[Affected]
    unseen: int


def affected_by(evaluation: Evaluation, *, user) -> Stale:
    """What appeals have changed since the freeze, and which results would follow from it, of bids that this person may
    see. Nothing is written: the freeze, the price check and the award stand until people decide otherwise."""
    freeze, changed = stale_since(evaluation)
    if not changed:
        return Stale(None, [], [], 0)
    seen = set(Bid.objects.visible_to(user).filter(evaluation=evaluation).order_by().values_list("pk", flat=True))
    outcomes = [(bid, standard) for bid, standard in changed if bid.pk in seen]
    bids = {bid.pk: bid for bid, _ in outcomes}
    was = {
        (bid, lot): passed
        for bid, lot, passed in QualityResult.objects.filter(freeze=freeze, bid__in=list(bids)).values_list(
            "bid", "lot", "passed"
        )
    }
    rows = Bid.objects.filter(pk__in=list(bids), state=BidState.IN)
    becomes = {
        (one.bid, lot): bool(passed)
        for one in bids_as_settled(evaluation, rows)
        for lot, passed in one.result.lots.items()
    }
    differ = [key for key, passed in was.items() if becomes.get(key, passed) != passed]
    lots = Lot.objects.in_bulk({lot for _, lot in differ})
    passing: dict[int, set[int]] = {}
    for bid, lot in QualityResult.objects.filter(freeze=freeze, lot__in=list(lots), passed=True).values_list(
        "bid", "lot"
    ):
        passing.setdefault(lot, set()).add(bid)
    awarded = set(
        AwardLine.objects.filter(
            award_set__evaluation=evaluation, award_set__state=SetState.APPROVED, awarded=True, bid__in=list(bids)
        ).values_list("bid", "lot")
    )
    found = [
        Affected(
            bid=bids[bid],
            lot=lots[lot],
            was=was[bid, lot],
            becomes=becomes[bid, lot],
            awarded=(bid, lot) in awarded,
            others=len(passing.get(lot, set()) - {bid}),
        )
        for bid, lot in differ
    ]
    order = sorted(found, key=lambda one: (one.bid.number, one.lot.position, one.lot.pk))
    return Stale(freeze, outcomes, order, len(changed) - len(outcomes))
