"""Facts as people read them: money, days, moments in UK time, yes and no, lists."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from core.calendars import time_in_words
from core.money import Money
from lots.rules.facts import DocumentFacts, KeyDateFacts, LotFacts, SubLotFacts, TextFacts
from lots.states import KeyDateKind, Phase, TextKind

UK = ZoneInfo("Europe/London")
NOTHING = "not said"


def told(value: Any, *, field: str = "") -> str:
    """One fact in words; lists have a line for each. `field` is its name: pence are told as pounds."""
    if value is None or value == "" or value == ():
        return "No limit" if field in {"max_participants", "max_lots"} else NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return Money(value).in_short if field.endswith("_pence") else f"{value:,}"
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, tuple):
        return "\n".join(_one(item) for item in value)
    return _one(value)


def day(value: dt.date) -> str:
    """`1 September 2026`."""
    return f"{value.day} {value:%B %Y}"


def moment(value: dt.datetime) -> str:
    """`20 April 2026 at midday (UK time)`."""
    local = value.astimezone(UK)
    return f"{day(local)} at {time_in_words(local)} (UK time)"


def _one(value: Any) -> str:
    if isinstance(value, LotFacts):
        parts = f", parts {' '.join(part.letter for part in value.sub_lots)}" if value.sub_lots else ""
        return f"{value.title}, {told(value.net_pence, field='net_pence')} without VAT{parts}"
    if isinstance(value, SubLotFacts):
        return f"{value.letter}: {Phase(value.phase).label}"
    if isinstance(value, TextFacts):
        borrowed = f" (as for lot {value.same_as})" if value.same_as else ""
        return f"{value.name or TextKind(value.kind).label}{borrowed}: {value.resolved}"
    if isinstance(value, KeyDateFacts):
        return f"{KeyDateKind(value.kind).label}, {moment(value.at)}"
    if isinstance(value, DocumentFacts):
        return f"{value.title} {value.reference}".strip()
    return str(value)
