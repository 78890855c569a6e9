"""The two hashes of a run: one over every price that went in, one over rules, inputs and results. Both databases make
the same text, in the order of price rows, so who works a run out again gets the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from evaluation.rules.gate import PoolOf, Result


def input_row(one: Result) -> tuple:
    """What goes in of one price, as `Sums` takes it."""
    return one.price_id, one.bid_id, pool_text(one.pool), one.pence, one.compared, one.counts


def pool_text(pool) -> str:
    """Lot, line and part (0 for none)."""
    return f"{pool.lot_id},{pool.line_id},{pool.sub_lot_id or 0}"


class Sums:
    """The hashes, as the run is read. First `add_rows`, in the order of price rows; then `over`."""

    def __init__(self):
        self._inputs = hashlib.sha256()

    def add_rows(self, rows: Iterable[tuple]) -> None:
        """More prices: key, bid, pool as text, pence, hundredths of a penny compared, whether it counts."""
        lines = [
            f"{price},{bid},{pool},{pence},{amount},{1 if counts else 0}\n"
            for price, bid, pool, pence, amount, counts in rows
        ]
        self._inputs.update("".join(lines).encode())

    @property
    def inputs(self) -> str:
        """Over every price that went in."""
        return self._inputs.hexdigest()

    def over(self, policy: str, pools: Iterable[PoolOf], failing: Iterable[int], low: Iterable[int]) -> str:
        """Over the rules as written, the inputs, each pool, and the prices (keys) that do not pass or are unusually
        low; every other price passes."""
        pools = sorted(pools, key=lambda pool: (pool.lot_id, pool.line_id, pool.sub_lot_id or 0))
        lines = [f"{p.lot_id},{p.line_id},{p.sub_lot_id or 0},{p.count},{p.total},{p.upper},{p.lower}" for p in pools]
        parts = [policy, self.inputs, "pools", *lines, "failing", *map(str, sorted(failing)), "low"]
        return hashlib.sha256("\n".join([*parts, *map(str, sorted(low)), ""]).encode()).hexdigest()
