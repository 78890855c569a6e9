"""When lines that stand for a while (policies, insurance, recruitment) are asked again: each term, and when something
changes. Pure; days are England's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.calendars import ONE_DAY, Span
from lots.rules.refusals import Refused
from monitoring.rules.reporting import ASKED_ANEW, Meanwhile
from monitoring.rules.times import moment

SAME_TERM_DAYS = 14  # a half-term is at most this long; the Christmas and Easter breaks are longer
FIRST, TERM, CHANGE = "first", "term", "change"  # why a line is asked
MONTHS = (1, 4, 9)  # in which a term begins where nobody wrote the terms down
MOST_WORDS = 1000


@dataclass(frozen=True)
class Line:
    """A line that is asked, with those of equal words in other KPIs: one answer is for all of them."""

    key: int
    text: str
    lines: tuple[int, ...]
    why: str


def whole_terms(spans: Iterable[Span]) -> list[Span]:
    """Terms in order, the two halves of one put together."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and (first - found[-1][1]).days - 1 <= SAME_TERM_DAYS:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def term_of(day: dt.date, spans: Iterable[Span]) -> Span:
    """The term of a day, from its first day to the day before the next one begins, so that a holiday belongs to the
    term before it. Where no terms were written down (yet), one begins in January, April and September."""
    terms = whole_terms(spans)
    starts = [first for first, _ in terms]
    for year in (day.year - 1, day.year, day.year + 1):
        months = [dt.date(year, month, 1) for month in MONTHS]
        starts += [one for one in months if not terms or not terms[0][0] <= one <= terms[-1][1]]
    return max(one for one in starts if one <= day), min(one for one in starts if one > day) - ONE_DAY


def why_asked(answered_at: dt.datetime | None, term: Span, changed_at: dt.datetime | None) -> str:
    """Why a line is asked: never answered, not answered in this term, or something changed since. Empty where it is
    not."""
    if answered_at is None:
        return FIRST
    if answered_at < moment(term[0], dt.time.min):
        return TERM
    return CHANGE if changed_at is not None and changed_at > answered_at else ""


def asked(
    lines: Iterable[tuple[int, str]],
    answered: Mapping[int, dt.datetime],
    *,
    term: Span,
    changed_at: dt.datetime | None,
    again: Iterable[int] = (),
) -> list[Line]:
    """The lines that are asked, each wording once: all lines of it, if one of them is asked, or stands in `again` (what
    the version before answered)."""
    rows: dict[str, list[int]] = {}
    for key, text in lines:
        rows.setdefault(text, []).append(key)
    again, found = set(again), []
    for text, keys in rows.items():
        reasons = [why_asked(answered.get(key), term, changed_at) for key in keys]
        if any(reasons) or again & set(keys):
            why = next(filter(None, reasons), "")
            found.append(Line(key=keys[0], text=text, lines=tuple(keys), why=why))
    return found


def check_standing(asked: Iterable[Line], words: Mapping[int, str], still: bool) -> dict[int, str]:
    """What is said of each line: empty words mean that it is still so, which takes the tick. Raises `Refused`."""
    found = {}
    for line in asked:
        if line.key not in words:
            raise Meanwhile(ASKED_ANEW)
        if not words[line.key] and not still:
            raise Refused("Tick that this is still so, or write what changed", field="still")
        found |= dict.fromkeys(line.lines, words[line.key])
    return found
