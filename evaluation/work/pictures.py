"""Pictures of averages where no page of their own draws them: in the printed report, and of a list that is not kept.
Amounts are drawn in pounds; nothing is worked out from a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core import charts
from evaluation.models import GatePool, GateResult
from evaluation.queries.price_pages import limit_of, name_of
from evaluation.rules.amounts import POUND, average, pounds
from evaluation.rules.gate import PENNY

GROUPS = ("Within the limit", "Outside the limit", "Disregarded as abnormally low")
_LONGEST = 32  # letters of a name beside the picture


def of_pool(pool: GatePool, results: Sequence[GateResult], names: Mapping[int, str]) -> tuple[bytes, str]:
    """The picture (SVG) of a pool with a price that counts, and its words. `names` are of bids that the reader knows,
    by key."""
    rows = [(names.get(one.bid_id, ""), one.compared, 2 if not one.counts else int(not one.passes)) for one in results]
    unit = f"£ for one {pool.line.get_unit_display()}"
    return _drawn(name_of(pool), unit, rows, (pool.count, pool.total), {f"Limit {limit_of(pool)}": pool.upper})


def of_list(name: str, rows: Iterable) -> tuple[bytes, str]:
    """The picture of one pool of a list, and its words (`rows` as `evaluation.rules.price_file.Result`)."""
    rows = list(rows)
    upper = rows[0].upper * PENNY
    shown = [(row.provider, row.pence * PENNY, int(not row.passes)) for row in rows]
    counted = (rows[0].count, rows[0].total * PENNY)
    return _drawn(f"Pool: {name}", "£", shown, counted, {f"Limit {pounds(upper)}": upper})


def _drawn(
    title: str, unit: str, rows: Sequence[tuple[str, int, int]], counted: tuple[int, int], limits: Mapping[str, int]
) -> tuple[bytes, str]:
    count, total = counted
    mean = average(total, count).decimals
    lines = [(f"Average {mean}", total / count / POUND)]
    lines += [(words, amount / POUND) for words, amount in limits.items()]
    there = [amount for _, amount, _ in rows]
    outside = sum(group == 1 for _, _, group in rows)
    many = "1 price" if len(rows) == 1 else f"{len(rows):,} prices"
    alt = (
        f"{title}. {many} from {pounds(min(there))} to {pounds(max(there))}. Average {mean}. "
        f"{', '.join(limits)}. {outside:,} outside the limit."
    )
    marks = tuple(charts.Mark(_short(name), amount / POUND, group) for name, amount, group in rows)
    return charts.marks(charts.Marks(title, alt, unit, GROUPS, marks, tuple(lines))), alt


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
