"""What pages show of prices, as far as somebody meets the bids behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from evaluation.models import Bid, Correction, Evaluation, GatePool, GateResult, GateRun, LowEnquiry
from evaluation.queries.prices import with_current
from evaluation.rules.amounts import Average, average, pounds
from evaluation.rules.gate import Key
from lots.models import Lot, PriceLine, SubLot
from lots.rules.places import label
from lots.rules.policies import said
from lots.rules.policy_list import POLICY
from providers.models import BidPrice

MOST_OUTSIDE = 100


def names_for(evaluation, *, user, bids: Iterable[int] | None = None) -> dict[int, str]:
    """The bidders' names by bid, of those whom the person meets; of these bids alone, where they are given."""
    rows = Bid.objects.visible_to(user).filter(evaluation=evaluation)
    if bids is not None:
        rows = rows.filter(pk__in=list(bids))
    return dict(rows.order_by().values_list("pk", "provider_name"))


@dataclass(frozen=True)
class PoolShown:
    """A pool in a list: with how many prices are outside its limit, and how many were disregarded."""

    pool: GatePool
    name: str
    average: Average | None
    outside: int
    disregarded: int

    @property
    def inside(self) -> int:
        return self.pool.count - self.outside

    @property
    def limit(self) -> str:
        """The highest amount that passes, with the lowest where there is one."""
        return limit_of(self.pool)


def limit_of(pool: GatePool) -> str:
    """The highest amount that passes, with the lowest where there is one; empty where nothing counts."""
    if not pool.count:
        return ""
    return f"{pounds(pool.lower)} to {pounds(pool.upper)}" if pool.lower else pounds(pool.upper)


def pools_of(run: GateRun) -> list[PoolShown]:
    """Every pool of a run, in the order of lots and lines."""
    counted = (
        GateResult.objects.filter(run=run)
        .order_by()
        .values_list("pool")
        .annotate(outside=Count("pk", filter=Q(counts=True, passes=False)), out=Count("pk", filter=Q(counts=False)))
    )
    numbers = {pool: (outside, out) for pool, outside, out in counted}
    rows = GatePool.objects.filter(run=run).select_related("lot", "sub_lot", "line")
    ordered = rows.order_by("lot__position", "lot_id", "line__position", "line_id", "sub_lot__letter", "pk")
    return [
        PoolShown(pool, name_of(pool), average(pool.total, pool.count), *numbers.get(pool.pk, (0, 0)))
        for pool in ordered
    ]


def name_of(thing) -> str:
    """A pool's or price's lot, part and line in words: `Lot 1, part B: Half-day session`."""
    return f"{label(thing.lot.number, thing.sub_lot and thing.sub_lot.letter)}: {thing.line.title}"


def names_of_keys(keys: Iterable[Key]) -> dict[Key, str]:
    """The same for lot, line and part by key; three queries."""
    keys = list(keys)
    lots = dict(Lot.objects.filter(pk__in={key[0] for key in keys}).values_list("pk", "number"))
    lines = dict(PriceLine.objects.filter(pk__in={key[1] for key in keys}).values_list("pk", "title"))
    parts = dict(SubLot.objects.filter(pk__in={key[2] for key in keys} - {None}).values_list("pk", "letter"))
    return {key: f"{label(lots[key[0]], parts.get(key[2]))}: {lines[key[1]]}" for key in keys}


def labels_of_places(evaluation: Evaluation) -> dict[tuple[int, int | None], str]:
    """Every lot and part of the framework in words, by key. One query."""
    lots = Lot.objects.filter(framework=evaluation.framework_id).values_list(
        "pk", "number", "sub_lots", "sub_lots__letter"
    )
    found: dict[tuple[int, int | None], str] = {}
    for lot, number, part, letter in lots:
        found[lot, None] = label(number, None)
        found[lot, part] = label(number, letter)
    return found


def results_in(pool: GatePool) -> QuerySet[GateResult]:
    """What a pool's table shows, each with its bid, for whoever meets every bidder in its run."""
    return GateResult.objects.filter(pool=pool).select_related("bid")


def results_for(pool: GatePool) -> list[GateResult]:
    """Every result of a pool, lowest first, for its picture."""
    return list(results_in(pool).order_by("compared", "pk"))


def outside_of(run: GateRun) -> list[GateResult]:
    """The first prices that do not pass, with their pools, of whomever."""
    rows = GateResult.objects.filter(run=run, passes=False).order_by("price_id")
    return list(rows.select_related("pool__lot", "pool__sub_lot", "pool__line")[:MOST_OUTSIDE])


def corrections_for(evaluation: Evaluation, *, user) -> list[Correction]:
    """Every correction of bids that the person meets, newest first."""
    rows = Correction.objects.visible_to(user).filter(price__submission__bid__evaluation=evaluation)
    return list(
        rows.select_related(
            "price__lot", "price__sub_lot", "price__line", "proposed_by", "approved_by", "price__submission__bid"
        ).order_by("-pk")
    )


@dataclass(frozen=True)
class PriceShown:
    """A price of one bid, with what was asked about it and how it was corrected, newest first. `now` is pence."""

    price: BidPrice
    name: str
    enquiries: tuple[LowEnquiry, ...]
    corrections: tuple[Correction, ...]

    @property
    def now(self) -> int:
        return self.price.now_pence

    @property
    def standing(self) -> LowEnquiry | None:
        """The question that stands."""
        return next((one for one in self.enquiries if one.replaced_at is None), None)

    @property
    def waiting(self) -> Correction | None:
        """The correction that waits for approval."""
        return next((one for one in self.corrections if not one.approved_at and not one.dropped_at), None)


def prices_of(bid: Bid) -> list[PriceShown]:
    """Every price of a bid, in the order of lots and lines. The page's guard has asked who meets it."""
    rows = with_current(BidPrice.objects.filter(submission=bid.submission_id)).select_related("lot", "line", "sub_lot")
    prices = list(rows.order_by("lot__position", "lot_id", "line__position", "line_id", "sub_lot__letter", "pk"))
    enquiries, corrections = defaultdict(list), defaultdict(list)
    people = ("asked_by", "answered_by", "decided_by")
    for one in LowEnquiry.objects.filter(bid=bid).select_related(*people).order_by("-asked_at", "-decided_at"):
        enquiries[one.price_id].append(one)
    people = ("proposed_by", "approved_by")
    for one in Correction.objects.filter(price__in=prices).select_related(*people).order_by("-pk"):
        corrections[one.price_id].append(one)
    return [PriceShown(one, name_of(one), tuple(enquiries[one.pk]), tuple(corrections[one.pk])) for one in prices]


def price_of(bid: Bid, price: int) -> BidPrice | None:
    """One price of a bid, as it stands."""
    rows = with_current(BidPrice.objects.filter(submission=bid.submission_id, pk=price))
    return rows.select_related("lot", "line", "sub_lot").first()


def priced_bids(evaluation: Evaluation, *, user) -> QuerySet[Bid]:
    """The bids that the person meets."""
    return Bid.objects.visible_to(user).filter(evaluation=evaluation)


def policy_in_words(policy) -> list[tuple[str, str]]:
    """The rules of a run as pages say them, in the order of the framework's policies."""
    codes = ("pool", "counted", "margin_percent", "sides", "low_percent", "fail_costs", "basis")
    return [(POLICY[code].label, said(POLICY[code], getattr(policy, code))) for code in codes]
