"""Pictures of averages: on the page of one, in the printed report, and of a list that is not kept. Amounts are drawn in
pounds; nothing is worked out from a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core import charts
from evaluation.models import GatePool, GateResult
from evaluation.queries.price_pages import limit_of, name_of
from evaluation.rules.amounts import POUND, average, pounds
from evaluation.rules.gate import PENNY

_GROUPS = ("Within the limit", "Outside the limit", "Disregarded as abnormally low")
_LONGEST = 32  # letters of a name beside the picture


def of_pool(pool: GatePool, results: Sequence[GateResult], names: Mapping[int, str] | None = None) -> tuple[bytes, str]:
    """The picture (SVG) of a pool and its words. `names` are of the bids that the reader may know, by key: the other
    marks stand there without a name."""
    names = names or {}
    rows = [(names.get(one.bid_id, ""), one.compared, 2 if not one.counts else int(not one.passes)) for one in results]
    limits = {f"Limit {pounds(pool.upper)}": pool.upper} if pool.count else {}
    if pool.lower:
        limits[f"Lower limit {pounds(pool.lower)}"] = pool.lower
    unit = f"£ for one {pool.line.get_unit_display()}"
    return _drawn(name_of(pool), alt_of(pool, results), unit, rows, (pool.count, pool.total), limits)


def alt_of(pool: GatePool, results: Sequence[GateResult]) -> str:
    """What the picture of a pool shows, for somebody who does not see it. It names nobody."""
    counting = [one.compared for one in results if one.counts]
    if not counting:
        return f"{name_of(pool)}. No price counts."
    outside = sum(1 for one in results if one.counts and not one.passes)
    words = _words(name_of(pool), counting, (pool.count, pool.total), limit_of(pool), outside)
    left = len(results) - len(counting)
    return f"{words} {_many(left)} disregarded as abnormally low." if left else words


def of_list(name: str, rows: Iterable) -> tuple[bytes, str]:
    """The picture of one pool of a list, and its words (`rows` as `evaluation.rules.price_file.Result`)."""
    rows = list(rows)
    upper, counted = rows[0].upper * PENNY, (rows[0].count, rows[0].total * PENNY)
    shown = [(row.provider, row.pence * PENNY, int(not row.passes)) for row in rows]
    title, outside = f"Pool: {name}", sum(group for _, _, group in shown)
    alt = _words(title, [amount for _, amount, _ in shown], counted, pounds(upper), outside)
    return _drawn(title, alt, "£", shown, counted, {f"Limit {pounds(upper)}": upper})


def _words(title: str, amounts: Sequence[int], counted: tuple[int, int], limit: str, outside: int) -> str:
    count, total = counted
    return (
        f"{title}. {_many(len(amounts))} from {pounds(min(amounts))} to {pounds(max(amounts))}. "
        f"The average is {average(total, count).decimals}, the limit {limit}. {_many(outside)} outside the limit."
    )


def _drawn(
    title: str,
    alt: str,
    unit: str,
    rows: Sequence[tuple[str, int, int]],
    counted: tuple[int, int],
    limits: Mapping[str, int],
) -> tuple[bytes, str]:
    count, total = counted
    lines = [(f"Average {average(total, count).decimals}", total / count / POUND)] if count else []
    lines += [(words, amount / POUND) for words, amount in limits.items()]
    marks = tuple(charts.Mark(_short(name), amount / POUND, group) for name, amount, group in rows)
    return charts.marks(charts.Marks(title, alt, unit, _GROUPS, marks, tuple(lines))), alt


def _many(number: int) -> str:
    return f"{number:,} price{'' if number == 1 else 's'}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
