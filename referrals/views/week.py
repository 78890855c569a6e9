"""What a row of the directory shows besides words: its prices, and the free halves of the week as a small picture."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.templatetags.portal import money
from providers.rules.seats import WEEKDAYS
from providers.states import Half
from referrals.queries.results import Result

_BREAK = SafeString("<br>")


@dataclass(frozen=True)
class Row:
    """A row of the table, as it is shown."""

    pk: int
    name: str
    lot: str
    about: str
    title: str
    registered: bool
    where: str
    miles: str
    price: SafeString
    week: SafeString


def row_of(result: Result) -> Row:
    """A place with its prices and its week drawn."""
    shown = {name: getattr(result, name) for name in _AS_IT_IS}
    return Row(**shown, price=prices(result.prices), week=picture(result.free))


_AS_IT_IS = [one.name for one in fields(Row) if one.name not in {"price", "week"}]


@lru_cache(maxsize=2000)
def prices(priced: tuple[tuple[int, str, str], ...]) -> SafeString:
    """Each price with its unit, and with its line where there are several. Many places have the same."""
    if not priced:
        return SafeString("By quote")
    several = len(priced) > 1
    lines = [
        format_html("{} for one {}{}", money(pence), unit, format_html(" (<bdi>{}</bdi>)", title) if several else "")
        for pence, unit, title in priced
    ]
    return format_html_join(_BREAK, "{}", ((line,) for line in lines))


@lru_cache(maxsize=1200)
def picture(free: frozenset[tuple[int, str]] | None) -> SafeString:
    """The week, Monday to Friday; None where nobody knows. A week looks the same at every place, so each is drawn
    once."""
    rows = [
        (half.label, [(day, (number, half.value) in (free or ())) for number, day in enumerate(WEEKDAYS)])
        for half in Half
    ]
    return render_to_string("referrals/parts/week.html", {"known": free is not None, "days": WEEKDAYS, "rows": rows})
