"""Prices as they stand: what was bid, with the corrections that were approved since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evaluation.models import Bid, Correction, Evaluation, PriceOpening
from providers.models import BidPrice


def with_current(prices: QuerySet[BidPrice]) -> QuerySet[BidPrice]:
    """Each price with `now_pence`, as its standing correction has it."""
    stands = Correction.objects.filter(price=OuterRef("pk"), approved_at__isnull=False, replaced_at=None)
    return prices.annotate(now_pence=Coalesce(Subquery(stands.values("becomes_pence")[:1]), F("pence")))


def current(evaluation, bids: Iterable[int] | None = None) -> dict[int, dict[tuple[int, int | None], dict[int, int]]]:
    """All prices with their standing corrections, those of lines that are not compared too: bid → (lot, part) → line →
    pence. Where parts of a lot are not priced by themselves the part is None, and the price counts for each of them."""
    rows = BidPrice.objects.filter(submission__bid__evaluation=evaluation)
    if bids is not None:
        rows = rows.filter(submission__bid__in=list(bids))
    found: dict[int, dict] = defaultdict(lambda: defaultdict(dict))
    for bid, lot, part, line, pence in with_current(rows).values_list(
        "submission__bid", "lot_id", "sub_lot_id", "line_id", "now_pence"
    ):
        found[bid][lot, part][line] = pence
    return {bid: dict(places) for bid, places in found.items()}


def opening_of(evaluation: Evaluation) -> PriceOpening | None:
    """The opening of the prices behind the freeze that stands, or None."""
    rows = PriceOpening.objects.filter(freeze__evaluation=evaluation, freeze__voided_at=None)
    return rows.select_related("freeze", "by").first()


def meets(user, bid) -> bool:
    """Whether the person meets this bid (a row or its key) at all: declared, and without an interest in its bidder."""
    return Bid.objects.visible_to(user).filter(pk=getattr(bid, "pk", bid)).exists()
