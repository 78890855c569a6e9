"""The price check's arithmetic, in whole pence. No float, no rounded average: whoever works it out again gets the same.

A pool is the prices of which one average is taken. `margin` is a whole percentage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

Bidder = TypeVar("Bidder")


@dataclass(frozen=True)
class Limits:
    """The limits of one pool. `upper` and `lower` are the last whole pence that pass: rounding a limit down (the lower
    one up) to the penny changes for nobody who passes, because prices are whole pence. `lower` is 0 where the margin
    counts upwards only. `total` is the sum of the `count` prices. Where prices are whole numbers of a smaller unit, as
    hundredths of a penny, so are these."""

    count: int
    total: int
    upper: int
    lower: int

    @property
    def average(self) -> Fraction:
        """The exact average, in pence."""
        return Fraction(self.total, self.count)


def limits(prices: Mapping[Bidder, int], *, margin: int, both_sides: bool = False) -> Limits:
    """The limits that these prices set for themselves. Raises ValueError for an empty pool: it has no average."""
    return limits_of(len(prices), sum(prices.values()), margin=margin, both_sides=both_sides)


def limits_of(count: int, total: int, *, margin: int, both_sides: bool = False) -> Limits:
    """The same from the number of prices and their sum, where a database has added them up."""
    if not count:
        raise ValueError("An empty pool has no average")
    upper = (100 + margin) * total // (100 * count)
    lower = -(-(100 - margin) * total // (100 * count)) if both_sides else 0
    return Limits(count, total, upper, lower)


def passes(pence: int, pool: Limits, *, margin: int, both_sides: bool = False) -> bool:
    """A price passes if it is at most `margin` per cent above the average of its pool (framework notice, award
    criteria), the limit itself included: `100·n·p ≤ (100 + margin)·Σ`. With `both_sides` it may also not be more than
    the margin below the average."""
    scaled = 100 * pool.count * pence
    not_too_high = scaled <= (100 + margin) * pool.total
    return not_too_high and (not both_sides or scaled >= (100 - margin) * pool.total)


def failing(prices: Mapping[Bidder, int], *, margin: int, both_sides: bool = False) -> list[Bidder]:
    """Who fails, in the order given. The average is taken once, of all of them, and never again after somebody failed.
    One bidder alone never fails: their price is the average."""
    pool = limits(prices, margin=margin, both_sides=both_sides)
    return [bidder for bidder, pence in prices.items() if not passes(pence, pool, margin=margin, both_sides=both_sides)]


def unusually_low(prices: Mapping[Bidder, int], *, percent: int) -> list[Bidder]:
    """Whose price a person should ask about before the average is taken (Procurement Act 2023, s.19): less than
    `percent` per cent of the average of all other prices in the pool. A flag, never a cut. A sole bidder has nobody to
    be compared with."""
    count, total = len(prices), sum(prices.values())
    return [bidder for bidder, pence in prices.items() if 100 * (count - 1) * pence < percent * (total - pence)]


def share(pence: int, percent: int) -> int:
    """A share of a price, rounded down to the penny."""
    return pence * percent // 100


def reviewed(pence: int, *, index_permille: int, cap_percent: int) -> int:
    """A price after a review by the consumer prices index: it rises with the index (in tenths of a per cent), but by
    no more than the cap, rounded down to the penny. It does not fall: a lower price may be offered at any time."""
    return pence * (1000 + max(0, min(index_permille, 10 * cap_percent))) // 1000
