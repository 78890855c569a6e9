"""The price check in sets: one statement adds up the pools, one writes every result. The same text for SQLite and
PostgreSQL. What it finds is what `evaluation.rules.gate` finds; tests hold the two against each other.

No sum can overflow: amounts are added in two halves, and the limits of a pool are worked out in Python, whose whole
numbers have no end. Comparing with a limit is then comparing two columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from evaluation.models import Freeze
from evaluation.rules import gate as rules
from evaluation.rules.gate import Key, Policy, PoolOf
from evaluation.rules.hashes import Sums
from lots.models import PriceLine
from lots.rules.refusals import Refused
from lots.states import Basis, Counted, Pool

AT_ONCE = 5000
_HALF = 10**9
# What takes part: (bid, lot), with `gone` where the bid was disregarded for it as abnormally low. Materialised, because
# it is small and each price looks it up once.
_PART = """
WITH t AS MATERIALIZED (
    SELECT DISTINCT b.submission_id, b.id AS bid_id, bl.lot_id, d.bid_id AS gone
    FROM evaluation_bid b
    JOIN evaluation_bidlot bl ON bl.bid_id = b.id{passed}
    LEFT JOIN (
        SELECT DISTINCT e.bid_id, p.lot_id
        FROM evaluation_lowenquiry e JOIN providers_bidprice p ON p.id = e.price_id
        WHERE e.decision = 'disregard' AND e.replaced_at IS NULL
    ) d ON d.bid_id = b.id AND d.lot_id = bl.lot_id
    WHERE b.evaluation_id = %s AND b.state = 'in'
)
"""
_PASSED = """ AND bl.complete
    JOIN evaluation_qualityresult q ON q.freeze_id = %s AND q.bid_id = b.id AND q.lot_id = bl.lot_id AND q.passed"""
# Bids first, then their prices: SQLite keeps the order of what is joined across, PostgreSQL finds its own.
_TABLES = """
FROM evaluation_bid b CROSS JOIN providers_bidprice bp CROSS JOIN t CROSS JOIN lots_priceline l
LEFT JOIN evaluation_correction c ON c.price_id = bp.id AND c.approved_at IS NOT NULL AND c.replaced_at IS NULL
"""
_WHERE = """
WHERE b.evaluation_id = %s AND bp.submission_id = b.submission_id AND t.submission_id = bp.submission_id
AND t.lot_id = bp.lot_id AND l.id = bp.line_id AND l.gated = 'gated'
"""
PENCE = "COALESCE(c.becomes_pence, bp.pence)"


@dataclass(frozen=True)
class Source:
    """Where the amounts of one check come from: what stands before SELECT and after it, with its parameters; the amount
    that is compared; the part of the lot by which prices are grouped (0 for none)."""

    before: str
    of_before: tuple
    tables: str
    where: str
    of_where: tuple
    amount: str
    part: str

    def select(self, what: str, joined: str = "") -> str:
        """A statement over every amount. Its parameters: `of_before`, those of `what` and `joined`, `of_where`."""
        return f"{self.before}SELECT {what}{self.tables}{joined}{self.where}"


def source(freeze: Freeze, policy: Policy) -> Source:
    """For the evaluation of this freeze under this policy."""
    passed = policy.counted == Counted.PASSED
    rate = str(rules.PENNY)
    if policy.basis == Basis.GROSS:
        cases = " ".join(
            f"WHEN '{vat}' THEN {rules.PENNY + percent}" for vat, percent in rules.VAT_PERCENT.items() if percent
        )
        rate = f"(CASE bp.vat {cases} ELSE {rules.PENNY} END)"
    return Source(
        before=_PART.format(passed=_PASSED if passed else ""),
        of_before=((freeze.pk,) * passed) + (freeze.evaluation_id,),
        tables=_TABLES,
        where=_WHERE,
        of_where=(freeze.evaluation_id,),
        amount=f"({PENCE} * {rate})",
        part="COALESCE(bp.sub_lot_id, 0)" if policy.pool == Pool.SUB_LOT else "0",
    )


@dataclass(frozen=True)
class Added:
    """A pool as it was added up, with its lowest amount that counts (0 where none does)."""

    pool: PoolOf
    lowest: int

    @property
    def has_low(self) -> bool:
        """One of its prices at least is unusually low."""
        return bool(self.pool.count) and self.lowest <= self.pool.last_low


def added_up(of: Source, policy: Policy) -> list[Added]:
    """Every pool, in the order of lots, lines and parts. Raises `Refused` where a sum is more than a column holds."""
    counts = "CASE WHEN t.gone IS NULL THEN {} END"
    what = f"""bp.lot_id, bp.line_id, {of.part} AS part, COUNT({counts.format(1)}),
        SUM({counts.format(f"{of.amount} / {_HALF}")}), SUM({counts.format(f"{of.amount} %% {_HALF}")}),
        MIN({counts.format(of.amount)})"""
    ordered = "GROUP BY bp.lot_id, bp.line_id, part ORDER BY bp.lot_id, bp.line_id, part"
    with connection.cursor() as cursor:
        cursor.execute(of.select(what) + ordered, [*of.of_before, *of.of_where])
        return [_added(row, policy) for row in cursor.fetchall()]


def _added(row, policy: Policy) -> Added:
    lot, line, part, count, high, low, lowest = row
    total = int(high or 0) * _HALF + int(low or 0)
    if total > rules.LARGEST:
        raise Refused(rules.TOO_LARGE.format(line=PriceLine.objects.get(pk=line).title))
    key: Key = (lot, line, part or None)
    return Added(rules.pool_of(key, count, total, policy), lowest or 0)


@dataclass(frozen=True)
class Low:
    """A price that is unusually low beside the others of its pool. Pence."""

    price_id: int
    bid_id: int
    pence: int
    pool: PoolOf


def all_low(of: Source, pools: Iterable[Added]) -> list[Low]:
    """What is pointed out, of whomever; pages show those whose bid somebody meets. One query for each pool that has
    any: most have none."""
    found = []
    statement = of.select(f"bp.id, t.bid_id, {PENCE}")
    statement += f"AND bp.line_id = %s AND {of.part} = %s AND t.gone IS NULL AND {of.amount} <= %s ORDER BY bp.id"
    with connection.cursor() as cursor:
        for pool in (one.pool for one in pools if one.has_low):
            own = [pool.line_id, pool.sub_lot_id or 0, pool.last_low]
            cursor.execute(statement, [*of.of_before, *of.of_where, *own])
            found += [Low(price, bid, pence, pool) for price, bid, pence in cursor.fetchall()]
    return found


def inputs_sha256(of: Source) -> str:
    """The hash over every price as it would go in now: that of a run, as long as nothing has changed since."""
    what = f"bp.id, t.bid_id, bp.lot_id, bp.line_id, {of.part} AS part, {PENCE}, {of.amount}, t.gone IS NULL"
    sums = Sums()
    with connection.chunked_cursor() as cursor:
        cursor.execute(of.select(what) + "ORDER BY bp.id", [*of.of_before, *of.of_where])
        while some := cursor.fetchmany(AT_ONCE):
            sums.add_rows(
                (price, bid, f"{lot},{line},{part}", pence, amount, counts)
                for price, bid, lot, line, part, pence, amount, counts in some
            )
    return sums.inputs
