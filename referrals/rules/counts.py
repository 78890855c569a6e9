"""Figures of placements without anybody in them, and how small ones are hidden from the public."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5  # pupils: fewer could be known by their neighbours
FEW, WITHHELD = f"fewer than {FEWEST}", "withheld"
LEAST_HIDDEN = 2  # lines: one alone could be worked out from the total


class By:
    """What is counted by."""

    PROVIDER, MODE, GROUP, FUNDER, REASON = "provider", "mode", "group", "funder", "reason"


BY = [
    (By.PROVIDER, "Provider"),
    (By.MODE, "Where it is taught"),
    (By.GROUP, "Size of the group"),
    (By.FUNDER, "Who pays"),
    (By.REASON, "Why it is arranged"),
]


@dataclass(frozen=True)
class Figures:
    """Of one line or of all of them: placements, pupils, sessions held or to be held, pence expected without VAT."""

    label: str
    placements: int
    pupils: int
    sessions: int
    pence: int


def hidden(rows: Sequence[Figures]) -> set[int]:
    """Which lines the public is not shown: those with fewer than five pupils, and with them the next smallest until at
    least two lines with five pupils or more between them are hidden, so that no total gives one away."""
    found = {i for i, one in enumerate(rows) if one.pupils < FEWEST}
    others = sorted((one.pupils, i) for i, one in enumerate(rows) if i not in found)
    while found and others and not _is_enough(rows, found):
        found.add(others.pop(0)[1])
    return found


def hides_total(rows: Sequence[Figures], total: Figures) -> bool:
    """Whether the total is hidden too: it is small itself, or the hidden lines could be worked out from it."""
    found = hidden(rows)
    return total.pupils < FEWEST or (bool(found) and not _is_enough(rows, found))


def _is_enough(rows: Sequence[Figures], found: set[int]) -> bool:
    return len(found) >= LEAST_HIDDEN and sum(rows[i].pupils for i in found) >= FEWEST


def cells(one: Figures, *, hide: bool) -> list:
    """A line's figures as they are shown: its label, placements, pupils, sessions, pounds to the nearest pound."""
    if not hide:
        return [one.label, one.placements, one.pupils, one.sessions, (one.pence + 50) // 100]
    pupils = FEW if one.pupils < FEWEST else WITHHELD
    return [one.label, WITHHELD, pupils, WITHHELD, WITHHELD]


def whole_months(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """The period widened to whole months: two that differ by a day would tell of the pupils of that day."""
    return first.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


def share_of(pence: int, days: int, all_days: int, share: int = 10_000) -> int:
    """What a total comes to for some of its days, spread evenly, and for a share in hundredths of a per cent; rounded
    down to the penny."""
    return pence * days * share // (all_days * 10_000)


def days_both(first: dt.date, last: dt.date, others: tuple[dt.date, dt.date | None]) -> int:
    """How many days two spans have in common, both ends counted."""
    begins, ends = max(first, others[0]), min(last, others[1] or last)
    return max(0, (ends - begins).days + 1)
