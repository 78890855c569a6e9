"""Who answers for a commissioner when a pupil is missing: at a moment, through a day, and where nobody does. Days and
times are those of England's clocks. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from lots.rules.refusals import Refused

Times = tuple[dt.time, dt.time]  # from, up to and without


@dataclass(frozen=True)
class Answers:
    """A line of a rota; `key` finds it again. `position` 1 is asked first. In school holidays only with `holidays`."""

    key: int
    position: int
    weekdays: tuple[int, ...]
    starts: dt.time
    ends: dt.time
    holidays: bool
    from_on: dt.date
    until_on: dt.date | None


@dataclass(frozen=True)
class Watch:
    """A part of a day in which the same people answer, the first one first; nobody where `keys` is empty."""

    starts: dt.time
    ends: dt.time
    keys: tuple[int, ...]


def on_day(rota: Iterable[Answers], day: dt.date, *, school_open: bool) -> list[Answers]:
    """The lines that hold on a day, both first and last day counted, in the order in which they are asked."""
    found = [
        one
        for one in rota
        if day.weekday() in one.weekdays
        and one.from_on <= day
        and (one.until_on is None or day <= one.until_on)
        and (school_open or one.holidays)
    ]
    return sorted(found, key=lambda one: (one.position, one.key))


def covers(rota: Iterable[Answers], day: dt.date, at: dt.time, *, school_open: bool) -> list[int]:
    """The keys of who answers at a moment of a day, the first one first. Hours end when the minute comes: whoever
    answers until 15:00 does so at 14:59, and whoever answers from 15:00 does so then."""
    return [one.key for one in on_day(rota, day, school_open=school_open) if one.starts <= at < one.ends]


def watches(rota: Iterable[Answers], day: dt.date, starts: dt.time, ends: dt.time, *, school_open: bool) -> list[Watch]:
    """The time from `starts` to `ends` cut wherever somebody else answers, or nobody."""
    held = on_day(rota, day, school_open=school_open)
    cuts = {starts, ends} | {time for one in held for time in (one.starts, one.ends) if starts < time < ends}
    return [
        Watch(first, last, tuple(one.key for one in held if one.starts <= first < one.ends))
        for first, last in pairwise(sorted(cuts))
    ]


def turns(day: Iterable[Watch], number: int) -> list[tuple[dt.time, dt.time, int | None]]:
    """Who is rung as number so-and-so (0 is the first) from when to when, without a cut where it stays the same person;
    None is nobody."""
    found: list[tuple[dt.time, dt.time, int | None]] = []
    for one in day:
        key = one.keys[number] if number < len(one.keys) else None
        if found and found[-1][2] == key:
            found[-1] = (found[-1][0], one.ends, key)
        else:
            found.append((one.starts, one.ends, key))
    return found


def gaps(rota: Iterable[Answers], day: dt.date, starts: dt.time, ends: dt.time, *, school_open: bool) -> list[Times]:
    """Where nobody answers in a session: a pupil can be missed at its start, and go missing until its end."""
    whole = watches(rota, day, starts, ends, school_open=school_open)
    return [(one.starts, one.ends) for one in whole if not one.keys]


def check_line(*, weekdays: Iterable[int], starts: dt.time, ends: dt.time, from_on: dt.date, until_on) -> None:
    """A line of a rota has a weekday, and begins before it ends. Raises `Refused`."""
    if not tuple(weekdays):
        raise Refused("Select at least one weekday", field="weekdays")
    if ends <= starts:
        raise Refused("The time until which they answer must be later than the time from which they do", field="ends")
    if until_on is not None and until_on < from_on:
        raise Refused("The last day must be the first day or later", field="until_on")


def check_end(*, last_on: dt.date, until_on: dt.date | None) -> None:
    """A line ends on a day, never later than was written down. Raises `Refused`."""
    if until_on is not None and last_on > until_on:
        raise Refused(
            f"They answer until {until_on.day} {until_on:%B %Y} already. Enter that day or an earlier one",
            field="last_on",
        )
