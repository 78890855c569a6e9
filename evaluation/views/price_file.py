"""The price check of a list that somebody has at hand: nothing of it is kept."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from accounts.forms.fields import posted
from core import exports
from core.access import guard
from core.middleware import takes_up_to
from evaluation.forms.price_file import PriceFileForm
from evaluation.permissions import report as permissions
from evaluation.rules import price_file as rules
from evaluation.work import pictures

ROOM = 5 * 1024**2  # bytes of a form: its file, or the prices of one
MOST_DRAWN = 8  # pools; each picture takes a part of a second
HEADINGS = ["pool", "provider", "price", "n", "mean", "mean_exact", "limit", "passes", "flags"]


@dataclass(frozen=True)
class Pool:
    """The prices of one pool, lowest first, for the page."""

    name: str
    rows: tuple[rules.Result, ...]
    picture: str = ""
    alt: str = ""

    @property
    def one(self) -> rules.Result:
        """Any of them: count, average and limit are the same for all."""
        return self.rows[0]

    @property
    def failing(self) -> int:
        return sum(not row.passes for row in self.rows)

    @property
    def warning(self) -> str:
        """What to know of the pool as a whole before anybody is told a result."""
        return next((rules.FLAGS[code] for code in (rules.SOLE, rules.FEW) if code in self.one.flags), "")


@guard(permissions.can_check_prices)
@takes_up_to(ROOM)
def check_prices(request):
    """Take a list of prices; show each pool with its average, limit and results, or give them as CSV or JSON."""
    form = PriceFileForm(posted(request), request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "evaluation/check_prices.html", {"form": form})
    margin = form.cleaned_data["margin"]
    results = list(rules.checked(form.prices, margin=margin))
    wanted = request.POST.get("as")
    if wanted == "csv":
        return exports.csv_response("price-check.csv", HEADINGS, map(_line, results))
    if wanted == "json":
        return _json(results)
    pools = _pools(results)
    context = {
        "form": form,
        "margin": margin,
        "pools": pools,
        "count": len(results),
        "most_drawn": MOST_DRAWN,
        "failing": sum(pool.failing for pool in pools),
        "flagged": [row for row in results if row.is_low],
    }
    return render(request, "evaluation/check_prices_results.html", context)


def _pools(results: list[rules.Result]) -> list[Pool]:
    """In the order of the list; prices lowest first, those of one height in the order of the list."""
    order = {name: at for at, name in enumerate(dict.fromkeys(row.pool for row in results))}
    rows = sorted(results, key=lambda row: (order[row.pool], row.pence))
    found = [(name, tuple(there)) for name, there in groupby(rows, key=lambda row: row.pool)]
    return [
        Pool(name, there, *(_picture(name, there) if at < MOST_DRAWN else ())) for at, (name, there) in enumerate(found)
    ]


def _picture(name: str, rows: tuple[rules.Result, ...]) -> tuple[str, str]:
    """The picture stands in the page itself: there is nothing kept that an address of its own could draw it from."""
    svg, alt = pictures.of_list(name, rows)
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}", alt


def _line(row: rules.Result) -> list:
    facts = row.as_json() | {"mean": row.mean_in_decimals, "mean_exact": str(row.mean)}
    facts |= {"passes": "yes" if row.passes else "no", "flags": " ".join(row.flags)}
    return [facts[name] for name in HEADINGS]


def _json(results: list[rules.Result]) -> HttpResponse:
    response = HttpResponse(json.dumps([row.as_json() for row in results], indent=1), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="price-check.json"'
    return response
