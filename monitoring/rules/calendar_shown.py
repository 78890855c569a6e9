"""A term's reports as a calendar: a row for each week, a cell for each day. Pure; days are England's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.calendars import ONE_DAY

IN_TIME, LATE, MISSING, TODAY, NONE = "in-time", "late", "missing", "today", "none"
WORDS = {IN_TIME: "On time", LATE: "Late", MISSING: "Missing", TODAY: "Due today", NONE: ""}


@dataclass(frozen=True)
class Cell:
    """A day; `told`: something was told."""

    day: dt.date
    state: str
    told: bool
    in_term: bool

    @property
    def words(self) -> str:
        return WORDS[self.state]


def state_of(counts: Mapping[str, int] | None, day: dt.date, today: dt.date) -> str:
    """What a day's reports came to. A day is as late as its latest KPI, and missing while one is."""
    if not counts:
        return NONE
    if counts["missing"]:
        return TODAY if day >= today else MISSING
    return LATE if counts["late"] else IN_TIME


def weeks_of(
    owed: Mapping[dt.date, Mapping[str, int]],
    told: Collection[dt.date],
    *,
    first: dt.date,
    last: dt.date,
    today: dt.date,
) -> list[list[Cell]]:
    """The weeks from a day to a day, Monday to Friday, with the weekend where a report is owed on one."""
    days = 7 if any(day.weekday() > 4 for day in owed) else 5
    monday, weeks = first - first.weekday() * ONE_DAY, []
    while monday <= last:
        week = [monday + number * ONE_DAY for number in range(days)]
        weeks.append(
            [Cell(day, state_of(owed.get(day), day, today), day in told, first <= day <= last) for day in week]
        )
        monday += 7 * ONE_DAY
    return weeks
