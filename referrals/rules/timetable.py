"""The weekly timetable of an offer, and what it comes to: sessions, units of the price line, pence.

Days and times are those of England's clocks, so that the change of the clocks makes no session longer or shorter. Units
are hundredths of a unit, money is whole pence: nothing here is a float."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.calendars import ONE_DAY, Calendar
from lots.rules.refusals import Refused
from lots.states import Unit

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HALF_DAY_MINUTES = 240  # what one half-day may last
LONGEST_DAYS = 366
HOW_COUNTED = {
    Unit.HOUR: "Every minute of every session is counted.",
    Unit.HALF_DAY: "A session of up to 4 hours is one half-day, a longer one is two, and no day is more than two.",
    Unit.DAY: "Each day with a session is one day.",
    Unit.SESSION: "Each session is one.",
    Unit.WEEK: "Each week in which a session falls is one week.",
}


@dataclass(frozen=True, order=True)
class Session:
    """One session a week: weekday (0 is Monday), from and to on England's clocks."""

    weekday: int
    starts: dt.time
    ends: dt.time

    @property
    def minutes(self) -> int:
        return _minute(self.ends) - _minute(self.starts)

    @property
    def in_words(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.starts:%H:%M} to {self.ends:%H:%M}"


@dataclass(frozen=True)
class Total:
    """What a timetable comes to. `units` are hundredths of a unit; `minutes_a_week` is a whole week's."""

    days: int
    sessions: int
    minutes_a_week: int
    units: int
    pence: int


def check_sessions(sessions: Sequence[Session]) -> None:
    """At least one session; each ends after it starts; no two at the same time, wherever they are. Raises `Refused`."""
    if not sessions:
        raise Refused("Enter at least one session: when it starts and ends, and where it is")
    for one in sessions:
        if one.ends <= one.starts:
            raise Refused(f"{one.in_words}: a session must end after it starts")
    for one, other in pairwise(sorted(sessions)):
        if one.weekday == other.weekday and other.starts < one.ends:
            raise Refused(f"{one.in_words} and {other.in_words} are at the same time. Change one of them")


def check_days(
    starts_on: dt.date,
    ends_on: dt.date,
    *,
    today: dt.date,
    wanted_from: dt.date,
    wanted_until: dt.date,
) -> None:
    """An offer begins today or later, not before the pupil is to start, ends when the provision that was asked for ends
    at the latest, and lasts a year at most. Raises `Refused`."""
    if starts_on < today:
        raise Refused("The first day must be today or later", field="starts_on")
    if starts_on < wanted_from:
        raise Refused(f"The pupil is to start on {_day(wanted_from)}: enter that day or a later one", field="starts_on")
    if ends_on < starts_on:
        raise Refused("The last day must be the first day or later", field="ends_on")
    if ends_on > wanted_until:
        raise Refused(
            f"The enquiry asks for provision until {_day(wanted_until)}: enter that day or an earlier one",
            field="ends_on",
        )
    if ends_on - starts_on >= LONGEST_DAYS * ONE_DAY:
        raise Refused("An offer can last a year at most: enter an earlier last day", field="ends_on")


def check_starts(starts_on: dt.date, *, today: dt.date) -> None:
    """An offer whose first day has passed is not accepted. Raises `Refused`."""
    if starts_on < today:
        raise Refused(f"This offer was to start on {_day(starts_on)}, which has passed. Ask the provider for a new one")


def days_that_run(calendar: Calendar, starts_on: dt.date, ends_on: dt.date) -> list[dt.date]:
    """The days on which sessions can run, both ends counted: the school's days. After the last term that was written
    down nobody knows them yet, and every working day outside a closure counts: a total that is too high is seen, one
    that is too low is found out when it has been spent."""
    known = calendar.open_days(starts_on, ends_on)
    if calendar.covers(ends_on):
        return known
    beyond = Calendar(closures=calendar.closures)
    first_unknown = max(starts_on, max(last for _, last in calendar.terms) + ONE_DAY)
    return known + beyond.open_days(first_unknown, ends_on)


def known_until(calendar: Calendar, ends_on: dt.date) -> dt.date | None:
    """The last day of the terms that were written down, where they end before the offer does; else None."""
    return None if calendar.covers(ends_on) else max(last for _, last in calendar.terms)


def total_of(
    sessions: Sequence[Session], *, unit: str, pence: int, starts_on: dt.date, ends_on: dt.date, calendar: Calendar
) -> Total:
    """What the sessions come to at `pence` a unit, over all days that run. Units and pence are rounded once, at the
    end, half up. Raises `Refused` where no session falls on a day that runs."""
    by_day = [
        (day, [one for one in sessions if one.weekday == day.weekday()])
        for day in days_that_run(calendar, starts_on, ends_on)
    ]
    by_day = [(day, held) for day, held in by_day if held]
    if not by_day:
        raise Refused("No session falls on a school day between the first and the last day. Change the days")
    units = units_of(by_day, unit)
    return Total(
        days=len(by_day),
        sessions=sum(len(held) for _, held in by_day),
        minutes_a_week=sum(one.minutes for one in sessions),
        units=units,
        pence=cost_of(units, pence),
    )


def units_of(by_day: Sequence[tuple[dt.date, Sequence[Session]]], unit: str) -> int:
    """Hundredths of a unit of all sessions. A unit is what the price line says and is never converted (the framework's
    price lines): an hour is 60 minutes held; of half-days, days, sessions and weeks there are whole ones only."""
    if unit == Unit.HOUR:
        return _half_up(100 * sum(one.minutes for _, held in by_day for one in held), 60)
    if unit == Unit.HALF_DAY:
        return 100 * sum(_half_days(held) for _, held in by_day)
    if unit == Unit.DAY:
        return 100 * len(by_day)
    if unit == Unit.SESSION:
        return 100 * sum(len(held) for _, held in by_day)
    return 100 * len({day.isocalendar()[:2] for day, _ in by_day})


def cost_of(units: int, pence: int) -> int:
    """Pence of so many hundredths of a unit, half a penny rounded up."""
    return _half_up(units * pence, 100)


def units_in_words(units: int) -> str:
    """`120`, `12.5`, `83.33`: hundredths of a unit as people read them."""
    whole, part = divmod(units, 100)
    return f"{whole:,}.{part:02d}".rstrip("0").rstrip(".") if part else f"{whole:,}"


def hours_in_words(minutes: int) -> str:
    """`10 hours`, `1 hour`, `7 hours 30 minutes`."""
    hours, left = divmod(minutes, 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    if left or not parts:
        parts.append(f"{left} minute{'' if left == 1 else 's'}")
    return " ".join(parts)


def _half_days(sessions: Iterable[Session]) -> int:
    return min(2, sum(1 if one.minutes <= HALF_DAY_MINUTES else 2 for one in sessions))


def _half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


def _minute(time: dt.time) -> int:
    return 60 * time.hour + time.minute


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
