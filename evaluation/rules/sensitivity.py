"""Who would change if the framework had other rules: each other choice by itself, everything else as it is. It decides
nothing: the rules were fixed before anybody bid. Whoever signs sees how much hangs on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from evaluation.rules.gate import (
    Place,
    Policy,
    Price,
    Result,
    is_lost,
    lost,
    pool_key,
    pools_of,
    result_of,
    takes_part,
    worked_out,
)
from lots.rules.policy_list import POLICY
from lots.states import Basis, Counted, FailCosts, Pool, Sides

MARGINS = (0, 10, 15, 25, 30)
MOST_PRICES = 20_000  # above that the table is left out: it is worked out while somebody waits
MOST_NAMED = 20  # bidders that are named for each other rule


@dataclass(frozen=True)
class Other:
    """One other rule. `what` and `says` are its words: “Margin”, “10%”."""

    what: str
    says: str
    policy: Policy
    without_low: bool = False


@dataclass(frozen=True)
class Changed:
    """What one other rule would do: the places (bid, lot, part) that would pass and do not, and the other way round."""

    other: Other
    gained: tuple[Place, ...]
    lost: tuple[Place, ...]


_CHOICES = (("pool", Pool), ("counted", Counted), ("sides", Sides), ("fail_costs", FailCosts), ("basis", Basis))


def others(policy: Policy) -> list[Other]:
    """Every other rule, in the order of the framework's policies."""
    found = []
    for code, options in _CHOICES:
        now = getattr(policy, code)
        found += [
            Other(POLICY[code].label, option.label, replace(policy, **{code: option.value}))
            for option in options
            if option.value != now
        ]
    margins = [margin for margin in sorted({*MARGINS, 20}) if margin != policy.margin_percent]
    found += [
        Other(POLICY["margin_percent"].label, f"{margin}%", replace(policy, margin_percent=margin))
        for margin in margins
    ]
    low = "Left out of the average, as if they had been disregarded, but not failed for it"
    return [*found, Other("Unusually low prices that count", low, policy, without_low=True)]


def compare(prices: Collection[Price], places: Collection[Place], policy: Policy) -> list[Changed]:
    """What each other rule would do to `places`: every (bid, lot, part) that quality has not cost. Prices that were not
    asked for one part alone count in the average of each part for which the bid was made."""
    out = {(one.bid_id, one.lot_id) for one in prices} - {(one.bid_id, one.lot_id) for one in prices if one.passed}
    now = lost(worked_out(prices, policy), policy, out=out)
    return [_compared(prices, places, now, policy, other, out) for other in others(policy)]


def _compared(prices, places: Collection[Place], now: set[Place], policy: Policy, other: Other, out) -> Changed:
    if other.without_low:
        then = lost(_without_low(prices, policy), policy, out=out)
    else:
        spread = list(_spread(prices)) if other.policy.pool == Pool.SUB_LOT else prices
        then = lost(worked_out(spread, other.policy), other.policy, out=out)
    gained = [place for place in places if is_lost(now, *place) and not is_lost(then, *place)]
    gone = [place for place in places if not is_lost(now, *place) and is_lost(then, *place)]
    return Changed(other, tuple(gained), tuple(gone))


def _spread(prices: Iterable[Price]) -> Iterable[Price]:
    """A price for the whole lot stands in the average of each part for which the bid was made."""
    for price in prices:
        if price.sub_lot_id is None and price.parts:
            yield from (price._replace(sub_lot_id=part) for part in price.parts)
        else:
            yield price


def _without_low(prices: Collection[Price], policy: Policy) -> list[Result]:
    """Results with averages to which unusually low prices do not belong; those prices are compared as the rest."""
    low = {one.price_id for one in worked_out(prices, policy) if one.low}
    pools = pools_of([one._replace(disregarded=one.disregarded or one.price_id in low) for one in prices], policy)
    there = (one for one in prices if takes_part(one, policy))
    return [result_of(one, pools[pool_key(one, policy)], policy) for one in there]
