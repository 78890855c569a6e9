"""A day of placements: how each session stands at a moment, why one does not run, and the day as a picture
of quarters of an hour. Days and times are those of England's clocks. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.calendars import ONE_DAY, Calendar, is_bank_holiday
from referrals.rules.timetable import WEEKDAYS

SLOT = 15  # minutes, of which the picture shows hours and halves
SHOWN = (8 * 60, 17 * 60)  # what the picture shows at least, in minutes since midnight
FURTHEST = dt.timedelta(days=400)  # how far from today a day is shown
FULL_WEEK = 32 * 60 + 30  # minutes that a school week is expected to have (DfE, length of the school week)


class Stands(StrEnum):
    """How a session stands."""

    NOW = "Running now"
    LATER = "Later today"
    OVER = "Over"
    PLANNED = "Planned"
    NOT_STARTED = "Not started"
    PAUSED = "Paused"
    CLOSED = "Closed"

    @property
    def takes_place(self) -> bool:
        return self in {Stands.NOW, Stands.LATER, Stands.OVER, Stands.PLANNED}


def stands(
    *,
    day: dt.date,
    starts: dt.time,
    ends: dt.time,
    begun: bool,
    paused: bool,
    runs: bool,
    today: dt.date,
    time: dt.time,
) -> Stands:
    """How a weekly session of this day stands at a moment of today. `runs` is `running.runs_on` without the pauses,
    `begun` whether everything was in place and the pupil had started by then. It is over from the minute it ends."""
    if not runs:
        return Stands.CLOSED
    if paused:
        return Stands.PAUSED
    if not begun:
        return Stands.NOT_STARTED
    if day != today:
        return Stands.OVER if day < today else Stands.PLANNED
    if time < starts:
        return Stands.LATER
    return Stands.NOW if time < ends else Stands.OVER


def why_closed(name: str, day: dt.date, calendar: Calendar, reasons: Sequence[str]) -> str:
    """Why an organisation is not open on a day, in words; empty where it is open. `reasons` are those of its
    closures."""
    if calendar.is_open(day):
        return ""
    if day.weekday() > 4:
        return f"It is a {WEEKDAYS[day.weekday()]}"
    if is_bank_holiday(day):
        return "It is a bank holiday"
    if reasons:
        return f"{name} is closed: {', '.join(reasons)}"
    if not calendar.covers(day):
        return f"{name} has not written down its term dates for this day"
    return f"{name} is closed: school holidays"


@dataclass(frozen=True)
class Scale:
    """From which to which minute a picture reaches, in whole hours."""

    first: int
    last: int

    @property
    def hours(self) -> list[dt.time]:
        return [dt.time(minute // 60) for minute in range(self.first, self.last, 60)]

    @property
    def slots(self) -> int:
        return (self.last - self.first) // SLOT


@dataclass(frozen=True)
class Cell:
    """So many quarters of an hour, with what is there, or nothing."""

    width: int
    item: Any = None


Bar = tuple[dt.time, dt.time, Any]  # from, to, what


def scale_of(bars: Iterable[Bar]) -> Scale:
    """The hours from 08:00 to 17:00, and as many more as the sessions need."""
    first, last = SHOWN
    for starts, ends, _ in bars:
        first = min(first, _minute(starts) // 60 * 60)
        last = max(last, -(-_minute(ends) // 60) * 60)
    return Scale(first, last)


def lanes(bars: Iterable[Bar], scale: Scale) -> list[list[Cell]]:
    """The bars of one row, each widened to whole quarters of an hour; bars that would cover one another stand in lanes
    below each other. Every lane is as long as the scale."""
    made: list[tuple[int, list[Cell]]] = []  # where the lane ends, its cells
    for starts, ends, item in sorted(bars, key=lambda one: (one[0], one[1])):
        first = (_minute(starts) - scale.first) // SLOT
        last = -(-(_minute(ends) - scale.first) // SLOT)
        number = next((at for at, (end, _) in enumerate(made) if end <= first), len(made))
        end, cells = made[number] if number < len(made) else (0, [])
        gap = [Cell(first - end)] if first > end else []
        made[number : number + 1] = [(last, [*cells, *gap, Cell(last - first, item)])]
    return [[*cells, Cell(scale.slots - end)] if end < scale.slots else cells for end, cells in made]


def day_asked(text: str, today: dt.date) -> dt.date:
    """The day that an address asks for as `2026-10-05`; today where it asks for none, for no day, or for one more than
    `FURTHEST` away."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day - today) <= FURTHEST else today


def weekday_beside(day: dt.date, step: int) -> dt.date:
    """The next day (`step` 1) or the one before (-1) that is no Saturday or Sunday."""
    day += step * ONE_DAY
    while day.weekday() > 4:
        day += step * ONE_DAY
    return day


def monday_of(day: dt.date) -> dt.date:
    return day - day.weekday() * ONE_DAY


def length_in_words(minutes: int) -> str:
    """`5 hours`, `1 hour 30 minutes`, `45 minutes`, `no time`."""
    parts = [(minutes // 60, "hour"), (minutes % 60, "minute")]
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number) or "no time"


def missing_of_full_week(minutes: int) -> int:
    """How many minutes a week lacks of a full one, and never less than none."""
    return max(0, FULL_WEEK - minutes)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute
