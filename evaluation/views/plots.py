"""The picture of one average: every price as a mark, with the average and the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.views.decorators.http import require_safe

from core import charts
from core.access import guard
from evaluation.models import GatePool, GateResult
from evaluation.permissions import prices as permissions
from evaluation.queries import price_pages as queries
from evaluation.rules.amounts import POUND, average, pounds

_GROUPS = ("Within the limit", "Outside the limit", "Disregarded as abnormally low")
_LONGEST = 32  # letters of a name beside the picture


def results_for(pool: GatePool) -> list[GateResult]:
    """Every result of a pool, lowest first."""
    return list(queries.results_in(pool).order_by("compared", "pk"))


def alt_of(pool: GatePool, results: Sequence[GateResult]) -> str:
    """What the picture shows, for somebody who does not see it. It names nobody."""
    counting = [one.compared for one in results if one.counts]
    if not counting:
        return f"{queries.name_of(pool)}. No price counts."
    outside = sum(1 for one in results if one.counts and not one.passes)
    left = len(results) - len(counting)
    said = [
        f"{queries.name_of(pool)}. {_many(len(counting))} from {pounds(min(counting))} to {pounds(max(counting))}.",
        f"The average is {average(pool.total, pool.count).decimals}, the limit {queries.limit_of(pool)}.",
        f"{_many(outside)} outside the limit.",
    ]
    return " ".join(said + ([f"{_many(left)} disregarded as abnormally low."] if left else []))


def _many(number: int) -> str:
    return f"{number:,} price{'' if number == 1 else 's'}"


def pool_chart(
    pool: GatePool, results: Sequence[GateResult], names: Mapping[int, str] | None = None
) -> tuple[bytes, str]:
    """The picture (SVG) and its words, for a page and for a PDF. `names` are of the bids that the reader may know, by
    key: the other marks stand there without a name. Amounts are drawn in pounds; nothing is worked out from a drawing.
    """
    names = names or {}
    marks = [charts.Mark(_short(names.get(one.bid_id, "")), one.compared / POUND, _group(one)) for one in results]
    lines = []
    if pool.count:
        mean = average(pool.total, pool.count)
        lines = [
            (f"Average {mean.decimals}", pool.total / pool.count / POUND),
            (f"Limit {pounds(pool.upper)}", pool.upper / POUND),
        ]
    if pool.lower:
        lines.append((f"Lower limit {pounds(pool.lower)}", pool.lower / POUND))
    alt = alt_of(pool, results)
    name = queries.name_of(pool)
    field = charts.Marks(name, alt, f"£ for one {pool.line.get_unit_display()}", _GROUPS, tuple(marks), tuple(lines))
    return charts.marks(field), alt


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _group(one: GateResult) -> int:
    if not one.counts:
        return 2
    return 0 if one.passes else 1


@guard(permissions.can_see_pool, on=GatePool)
@require_safe
def pool_plot(request, pool):
    """The picture for the page of its average. No browser keeps it: it shows prices."""
    names = queries.names_for(pool.run.evaluation_id, user=request.user)
    response = charts.picture(pool_chart(pool, results_for(pool), names)[0])
    response.headers["Cache-Control"] = "private, no-store"
    return response
