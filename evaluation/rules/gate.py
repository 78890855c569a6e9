"""The price check of an evaluation, as a pure function: which prices are compared, with which limits, who passes, and
what a price that fails costs. The database works out the same in sets; tests hold the two against each other.

Amounts are hundredths of a penny: a price in pence is a hundred of them, with VAT at 20 % a hundred and twenty, so
that nothing is ever rounded. The arithmetic itself stands in `lots.rules.prices`.

What is handed back has the names of the stored rows (`GatePool`, `GateResult`), so that the same functions read both.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from typing import NamedTuple

from lots.rules import prices as arithmetic
from lots.rules.price_lines import FEWEST
from lots.rules.prices import Limits
from lots.states import Basis, Counted, FailCosts, Pool, Sides

# What VAT adds, per cent, as the bidder declared it: nothing where it is exempt, zero-rated or not registered.
VAT_PERCENT = {"standard": 20, "reduced": 5, "zero": 0, "exempt": 0, "not_reg": 0}
PENNY = 100  # in hundredths of a penny
LARGEST = 2**63 - 1  # what a column holds
TOO_LARGE = (
    "The prices for “{line}” add up to more than the portal can hold, so one of them must be a slip. Correct it, then "
    "check the prices again"
)

Key = tuple[int, int, int | None]  # lot, price line, part of the lot where parts are compared by themselves
Place = tuple[int, int | None, int | None]  # bid, lot, part: None stands for all of them


@dataclass(frozen=True)
class Policy:
    """The rules of the framework that decide who passes on price, as they were locked. The values are those of
    `lots.states`; percentages are whole numbers."""

    pool: str = Pool.LINE.value
    counted: str = Counted.PASSED.value
    margin_percent: int = 20
    sides: str = Sides.UPPER.value
    low_percent: int = 50
    fail_costs: str = FailCosts.LOT.value
    basis: str = Basis.NET.value

    @property
    def both_sides(self) -> bool:
        """The margin is a limit below the average too."""
        return self.sides == Sides.BOTH

    @classmethod
    def of(cls, policies) -> Policy:
        """Of a framework's policies, or of anything that has these names."""
        values = {one.name: getattr(policies, one.name) for one in fields(cls)}
        return cls(**{name: value if isinstance(value, int) else str(value) for name, value in values.items()})

    def written(self) -> str:
        """As a run keeps it: JSON whose bytes are the same for the same rules."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Policy:
        """As a run kept it; what it does not say is as pre-selected."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text or "{}").items() if name in known})


class Price(NamedTuple):
    """A price of a gated line of a bid that was neither withdrawn nor excluded, as it stands: in pence, with its
    corrections. `passed`: the bid passed quality for this lot and its application for it is complete. `disregarded`:
    the bid is, for this lot, as abnormally low. `parts` are those of the lot that it was made for."""

    price_id: int
    bid_id: int
    lot_id: int
    line_id: int
    sub_lot_id: int | None
    pence: int
    vat: str = "exempt"
    passed: bool = True
    disregarded: bool = False
    parts: tuple[int, ...] = ()


@dataclass(frozen=True)
class PoolOf:
    """The prices of which one average was taken. `last_low` is the highest amount that is pointed out as unusually
    low; below nothing where none is. A pool whose every price was disregarded has a count of 0 and no average."""

    lot_id: int
    line_id: int
    sub_lot_id: int | None
    count: int
    total: int
    upper: int
    lower: int
    last_low: int = -1

    @property
    def key(self) -> Key:
        return self.lot_id, self.line_id, self.sub_lot_id


class Result(NamedTuple):
    """One price in one pool. What does not count (disregarded) does not pass."""

    price_id: int
    bid_id: int
    pool: PoolOf
    pence: int
    compared: int
    counts: bool
    passes: bool
    low: bool


def compared(pence: int, vat: str, basis: str) -> int:
    """The amount that is compared, in hundredths of a penny: without VAT, or with what the bidder's treatment adds."""
    return pence * (PENNY + (VAT_PERCENT[vat] if basis == Basis.GROSS else 0))


def last_low(count: int, total: int, percent: int) -> int:
    """The highest amount that `lots.rules.prices.unusually_low` points out in a pool of these: less than `percent` per
    cent of the average of all others. Below nothing where no amount would be."""
    return (percent * total - 1) // (100 * (count - 1) + percent) if count > 1 and percent else -1


def pool_of(key: Key, count: int, total: int, policy: Policy) -> PoolOf:
    """A pool from the number and the sum of the prices that count."""
    found = Limits(0, 0, 0, 0)
    if count:
        found = arithmetic.limits_of(count, total, margin=policy.margin_percent, both_sides=policy.both_sides)
    low = last_low(count, total, policy.low_percent)
    return PoolOf(*key, found.count, found.total, found.upper, found.lower, low)


def takes_part(price: Price, policy: Policy) -> bool:
    """Whether it is compared at all: a bid that failed on quality is no price in the market, unless the policy counts
    every bid that was submitted."""
    return price.passed or policy.counted == Counted.SUBMITTED


def pool_key(price: Price, policy: Policy) -> Key:
    """The pool of a price: its line, and its part where parts are compared by themselves."""
    return price.lot_id, price.line_id, price.sub_lot_id if policy.pool == Pool.SUB_LOT else None


def pools_of(prices: Iterable[Price], policy: Policy) -> dict[Key, PoolOf]:
    """The pools of these prices, with their limits: the average is taken once, of all that count, and never again."""
    sums: dict[Key, list[int]] = {}
    for price in prices:
        if takes_part(price, policy):
            found = sums.setdefault(pool_key(price, policy), [0, 0])
            if not price.disregarded:
                found[0] += 1
                found[1] += compared(price.pence, price.vat, policy.basis)
    return {key: pool_of(key, count, total, policy) for key, (count, total) in sums.items()}


def result_of(price: Price, pool: PoolOf, policy: Policy) -> Result:
    """A price passes if it is at most the margin above the average of its pool (framework notice, award criteria), the
    limit itself included, and with `both_sides` not more than the margin below."""
    amount, counts = compared(price.pence, price.vat, policy.basis), not price.disregarded
    passes, low = counts and pool.lower <= amount <= pool.upper, counts and amount <= pool.last_low
    return Result(price.price_id, price.bid_id, pool, price.pence, amount, counts, passes, low)


def worked_out(prices: Collection[Price], policy: Policy) -> list[Result]:
    """Every price that takes part with its result, in the order given."""
    pools = pools_of(prices, policy)
    there = (price for price in prices if takes_part(price, policy))
    return [result_of(price, pools[pool_key(price, policy)], policy) for price in there]


def lost(results: Iterable, policy: Policy, *, out: Collection[tuple[int, int]] = ()) -> set[Place]:
    """What prices cost their bidders: (bid, lot, part), where no part means all of the lot and no lot the whole bid.
    `is_lost` reads it. Takes results of this module, or stored ones with their pools.

    A price that fails costs what the policy says: its lot, its part, its line (then a part is lost only where none of
    its gated lines is left), or the whole bid. One that was disregarded as abnormally low costs its lot, whatever the
    policy. `out` are (bid, lot) that were not complete or that quality has cost already: their prices cost nothing
    more."""
    results = [one for one in results if (one.bid_id, one.pool.lot_id) not in out]
    failed = [one for one in results if one.counts and not one.passes]
    found: set[Place] = {(one.bid_id, one.pool.lot_id, None) for one in results if not one.counts}
    if policy.fail_costs == FailCosts.FRAMEWORK:
        found |= {(one.bid_id, None, None) for one in failed}
    elif policy.fail_costs == FailCosts.LINE:
        left = {_place(one) for one in results if one.passes}
        found |= {place for place in map(_place, failed) if place not in left}
    elif policy.fail_costs == FailCosts.SUB_LOT:
        found |= {_place(one) for one in failed}
    else:
        found |= {(one.bid_id, one.pool.lot_id, None) for one in failed}
    return found


def _place(result) -> Place:
    return result.bid_id, result.pool.lot_id, result.pool.sub_lot_id


def is_lost(found: Collection[Place], bid: int, lot: int, part: int | None) -> bool:
    """Whether `lost` takes this part of this lot from this bid."""
    return any(place in found for place in ((bid, None, None), (bid, lot, None), (bid, lot, part)))


def failed_lines(results: Iterable) -> set[tuple[int, int, int | None, int]]:
    """(bid, lot, part, line) of each price that does not pass: where a price that fails costs its line only, the place
    goes without it."""
    return {(*_place(one), one.pool.line_id) for one in results if not one.passes}


@dataclass(frozen=True)
class Flag:
    """What somebody must have seen before they sign: `kind` is one of KINDS, `bids` those that it is about; without
    `pool` it is about the whole run."""

    kind: str
    pool: Key | None
    bids: tuple[int, ...] = ()


SOLE, FEW, LOW, CONNECTED, OUTSIDE, UNREAD = "sole", "few", "low", "connected", "disregarded", "unread"
KINDS = {
    SOLE: "Only one price: it is its own average, so it cannot fail",
    FEW: f"Fewer than {FEWEST} prices: each moves the average a long way",
    LOW: "An unusually low price that counts pulls the average down",
    OUTSIDE: "A price was disregarded as abnormally low",
    CONNECTED: "Bidders who are connected with each other are in one average",
    UNREAD: "The portal could not look for connected bidders: compare whom they name yourselves",
}


def flags(results: Iterable, connected: Iterable[tuple[int, int]] = ()) -> list[Flag]:
    """Everything to point out, pool by pool. `connected` are pairs of bids. Of a pool with many prices only those need
    be given that are low, disregarded or of a bid that is connected."""
    pools: dict[Key, list] = {}
    for one in results:
        pools.setdefault((one.pool.lot_id, one.pool.line_id, one.pool.sub_lot_id), []).append(one)
    pairs, found = list(connected), []
    for key, there in sorted(pools.items(), key=lambda item: tuple(part or 0 for part in item[0])):
        counting = {one.bid_id for one in there if one.counts}
        low = tuple(sorted({one.bid_id for one in there if one.low}))
        outside = tuple(sorted({one.bid_id for one in there if not one.counts}))
        if 0 < (count := there[0].pool.count) < FEWEST:
            found.append(Flag(SOLE if count == 1 else FEW, key, tuple(sorted(counting))))
        found += [Flag(LOW, key, low)] if low else []
        found += [Flag(OUTSIDE, key, outside)] if outside else []
        found += [Flag(CONNECTED, key, pair) for pair in pairs if set(pair) <= counting]
    return found
