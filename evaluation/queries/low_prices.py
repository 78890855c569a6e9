"""Unusually low prices before an average is taken, and the questions about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from evaluation.models import Bid, Evaluation, Freeze, LowEnquiry
from evaluation.queries import gate_sql
from evaluation.queries.gate_sql import Low
from evaluation.queries.price_pages import name_of
from evaluation.rules.gate import Policy
from evaluation.states import LowDecision
from providers.models import BidPrice


def all_low(evaluation: Evaluation, freeze: Freeze) -> list[Low]:
    """What would be pointed out if prices were checked now, of whomever."""
    policy = Policy.of(evaluation.framework.policies)
    of = gate_sql.source(freeze, policy)
    return gate_sql.all_low(of, gate_sql.added_up(of, policy))


def all_undecided(evaluation: Evaluation, freeze: Freeze) -> int:
    """How many of them nobody has decided to count."""
    prices = {one.price_id for one in all_low(evaluation, freeze)}
    kept = enquiries_in(evaluation).filter(price__in=prices, decision=LowDecision.KEEP)
    return len(prices) - kept.count()


def enquiries_in(evaluation: Evaluation) -> QuerySet[LowEnquiry]:
    """The questions that stand, of whomever."""
    return LowEnquiry.objects.filter(bid__evaluation=evaluation, replaced_at=None)


def enquiry_about(price: BidPrice) -> LowEnquiry | None:
    """The question about this price that stands."""
    return LowEnquiry.objects.filter(price=price, replaced_at=None).first()


@dataclass(frozen=True)
class Shown:
    """A price that was pointed out or asked about. `low` is empty where it is not unusually low (any more); `bid` and
    `price` where the person does not meet its bidder."""

    low: Low | None
    bid: Bid | None
    price: BidPrice | None
    enquiry: LowEnquiry | None

    @property
    def waits(self) -> bool:
        """It is unusually low, and nobody has decided."""
        return self.low is not None and not (self.enquiry and self.enquiry.decision)

    @property
    def name(self) -> str:
        """Lot, part and line, where the person meets the bidder."""
        return name_of(self.price) if self.price else ""


def shown_for(evaluation: Evaluation, freeze: Freeze, *, user) -> list[Shown]:
    """What is pointed out now and every question that stands: what nobody has decided first. Of a bidder whom the
    person does not meet only that there is something."""
    low = {one.price_id: one for one in all_low(evaluation, freeze)}
    asked = {one.price_id: one for one in enquiries_in(evaluation).select_related("asked_by", "decided_by")}
    rows = BidPrice.objects.filter(pk__in={*low, *asked}).select_related("lot", "sub_lot", "line", "submission")
    prices = {row.pk: row for row in rows}
    bids = Bid.objects.visible_to(user).filter(submission__in={row.submission_id for row in prices.values()})
    met = {bid.submission_id: bid for bid in bids}
    found = []
    for pk, price in prices.items():
        bid = met.get(price.submission_id)
        found.append(Shown(low.get(pk), bid, price, asked.get(pk)) if bid else Shown(low.get(pk), None, None, None))
    return sorted(found, key=_first)


def _first(one: Shown) -> tuple:
    return not one.waits, one.bid.provider_name if one.bid else "", one.price.pk if one.price else 0
