"""Award sets: places given together, and the limits that they must keep. Over a limit the whole set is refused: a limit
is never filled in the order in which places come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.money import LARGEST_PENCE, Money
from lots.rules.refusals import Refused
from lots.states import LotLimit, Route


@dataclass(frozen=True)
class Award:
    """A place to be given: ids of provider, lot and part (None on a lot without parts), prices in pence by the id of
    their price line, and the route by which an existing provider comes (s.49(4), (5))."""

    provider: int
    lot: int
    sub_lot: int | None = None
    prices: Mapping[int, int] = field(default_factory=dict)
    route: str = Route.NEW_TENDER


@dataclass(frozen=True)
class LotShape:
    """What an award is checked against: a lot's label, its parts, its price lines and which of them are required."""

    label: str
    is_auto: bool
    sub_lots: frozenset[int]
    lines: frozenset[int]
    required: frozenset[int]


class OverLimit(Refused):
    """The set would go over a limit. `over` are ids of the providers that would be: all that would come new where the
    number of providers is limited, because none of them comes before another."""

    def __init__(self, message: str, over: Collection[int]):
        super().__init__(message)
        self.over = tuple(sorted(over))


def check_shape(awards: Collection[Award], lots: Mapping[int, LotShape], standing: Collection[tuple]) -> None:
    """Each award is for a lot of this framework that is bid for, on a part where the lot has parts, once, where the
    provider has no place yet, with a price of at least a penny for each required line. `standing` are (provider, lot,
    part) of places that have not ended. Raises `Refused`."""
    if not awards:
        raise Refused("Name at least one place to give")
    taken = set(standing)
    for award in awards:
        lot = lots.get(award.lot)
        if lot is None or (award.sub_lot is not None and award.sub_lot not in lot.sub_lots):
            raise Refused("Every place must be on a lot of this framework")
        if lot.is_auto:
            raise Refused(f"Nobody is awarded {lot.label}: it comes with the other lots")
        if lot.sub_lots and award.sub_lot is None:
            raise Refused(f"Say on which part of {lot.label} each place is")
        key = (award.provider, award.lot, award.sub_lot)
        if key in taken:
            raise Refused(f"A provider would have two places on the same part of {lot.label}")
        taken.add(key)
        _check_prices(award, lot)


def _check_prices(award: Award, lot: LotShape) -> None:
    if not set(award.prices) <= lot.lines:
        raise Refused(f"Every price must be for a price line of {lot.label}")
    if not lot.required <= set(award.prices):
        raise Refused(f"A place on {lot.label} lacks the price of a line that must be priced")
    if any(isinstance(pence, bool) or not isinstance(pence, int) or pence < 1 for pence in award.prices.values()):
        raise Refused(f"Every price on {lot.label} must be at least a penny")
    if any(pence > LARGEST_PENCE for pence in award.prices.values()):
        raise Refused(f"Every price on {lot.label} must be at most {Money(LARGEST_PENCE)}")


def check_limits(
    wanted: Collection[tuple],
    standing: Collection[tuple],
    *,
    max_participants: int | None,
    max_lots: int | None,
    lot_limit: str,
    names: Mapping[int, str],
) -> None:
    """The places wanted and those that stand together keep both limits. Both are (provider, lot, part) without lots
    that come with the others, which count for no limit.

    `max_participants` counts suppliers; `max_lots` counts, for each supplier, lots or parts of lots as `lot_limit` says
    (framework notice; policy). Raises `OverLimit` with everybody who would be over: the whole set is refused until the
    published selection rule was applied, or the limit lawfully changed."""
    there, coming = {key[0] for key in standing}, {key[0] for key in wanted}
    if max_participants is not None and len(there | coming) > max_participants:
        raise OverLimit(
            f"{len(there | coming):,} providers would be on the framework, and the limit is {max_participants:,}. "
            "Nobody was given a place. Apply the published selection rule to the whole set",
            coming - there,
        )
    if max_lots is None:
        return
    held = defaultdict(set)
    for provider, lot, sub_lot in [*standing, *wanted]:
        held[provider].add((lot, sub_lot) if lot_limit == LotLimit.SUB_LOTS else lot)
    over = sorted(
        (names.get(provider, str(provider)), provider) for provider in coming if len(held[provider]) > max_lots
    )
    if over:
        what = "parts of lots" if lot_limit == LotLimit.SUB_LOTS else "lots"
        listed = ", ".join(f"{name} ({len(held[pk])})" for name, pk in over)
        raise OverLimit(
            f"One provider can be on {max_lots} {what} at most. Over that limit: {listed}. "
            "Nobody was given a place. Apply the published selection rule to the whole set",
            [pk for _, pk in over],
        )
