"""The dates of a framework: typed as people type them, in an order that can happen, within the law's longest term.

Days are days in England; a moment is aware and in UTC.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.calendars import is_working_day
from core.calendars import time_in_words as told_time
from lots.rules import telling
from lots.rules.refusals import Refused
from lots.rules.scheme import SCHEME_YEARS, last_day

ENGLAND = ZoneInfo("Europe/London")
MIDDAY = dt.time(12)
WHAT_TO_TYPE = "Enter a time, like midday, 2:30pm or 14:30"

_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))? ?(am|pm|noon)?")


@dataclass(frozen=True)
class Timetable:
    """When things happen. What is not known yet is None."""

    enquiries_until: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    award_by_on: dt.date | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    scheme_ends_on: dt.date | None = None


LABELS = {
    "enquiries_until": "The last moment for questions",
    "closes_at": "The deadline for applications",
    "award_by_on": "The day by which you expect to award",
    "starts_on": "The first day of the framework",
    "ends_on": "The last day of the framework",
    "scheme_ends_on": "The last day of the whole scheme",
}


def parse_time(text: str) -> dt.time:
    """Read a time of day. Raises `Refused` for what could mean two things: midnight, and a bare number."""
    typed = " ".join(text.lower().split())
    if typed in {"noon", "midday", "12 midday"}:
        return MIDDAY
    if typed in {"midnight", "12 midnight", "12am", "12 am", "12:00am", "12:00 am"}:
        raise Refused("Midnight could be the start or the end of the day: enter 12:01am or 11:59pm")
    found = _TIME.fullmatch(typed)
    if not found or not (found[2] or found[3]):
        raise Refused(WHAT_TO_TYPE)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if (half and not 1 <= hour <= 12) or (half == "noon" and (hour, minute) != (12, 0)):
        raise Refused(WHAT_TO_TYPE)
    if half:
        hour = hour % 12 + (0 if half == "am" else 12)
    try:
        return dt.time(hour, minute)
    except ValueError:
        raise Refused(WHAT_TO_TYPE) from None


def time_in_words(time: dt.time) -> str:
    """A time as it is shown in a field, where it can be typed again: `midday`, `2:30pm`, `00:15`."""
    return told_time(time) if time.hour else f"{time:%H:%M}"


def moment_in_england(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment of a day and a time in England, in UTC. Raises `Refused` where the clocks change and that time is
    left out (March) or comes twice (October)."""
    there = dt.datetime.combine(day, time, tzinfo=ENGLAND)
    at = there.astimezone(dt.UTC)
    if at.astimezone(ENGLAND).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise Refused("The clocks go forward in that night and this time is left out: enter another time")
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        raise Refused("The clocks go back in that night and this time comes twice: enter another time")
    return at


def day_in_england(value: dt.date | dt.datetime) -> dt.date:
    """The day in England of a moment; a day stays what it is."""
    return value.astimezone(ENGLAND).date() if isinstance(value, dt.datetime) else value


def in_words(value: dt.date | dt.datetime) -> str:
    """`20 April 2026`, with `at midday (UK time)` for a moment."""
    return telling.moment(value) if isinstance(value, dt.datetime) else telling.day(value)


def disorder(timetable: Timetable) -> dict[str, str]:
    """Field → what is wrong with its place in time. Questions end before the deadline, the award comes after it,
    the framework starts no earlier than it is awarded, ends no earlier than it starts, and within its scheme."""
    found = {}
    if timetable.enquiries_until and timetable.closes_at and timetable.enquiries_until > timetable.closes_at:
        found["enquiries_until"] = _after(timetable, "enquiries_until", "closes_at")
    order = ["closes_at", "award_by_on", "starts_on", "ends_on", "scheme_ends_on"]
    known = [name for name in order if getattr(timetable, name)]
    for earlier, later in itertools.pairwise(known):
        if day_in_england(getattr(timetable, earlier)) > day_in_england(getattr(timetable, later)):
            found[later] = _after(timetable, earlier, later)
    return found


def _after(timetable: Timetable, earlier: str, later: str) -> str:
    first, second = in_words(getattr(timetable, earlier)), in_words(getattr(timetable, later))
    what = LABELS[later][0].lower() + LABELS[later][1:]
    return f"{LABELS[earlier]}, {first}, is after {what}, {second}: change one of them"


def too_long(timetable: Timetable, *, is_open: bool) -> dt.date | None:
    """The day on which an open framework that begins then must end at the latest, where it is said to end later:
    8 years from the first award (Procurement Act 2023, s.49(2)(c)), here from the first day. Else None."""
    last = timetable.scheme_ends_on or timetable.ends_on
    if not (is_open and timetable.starts_on and last):
        return None
    latest = last_day(timetable.starts_on, SCHEME_YEARS)
    return latest if last > latest else None


def cautions(timetable: Timetable, *, now: dt.datetime) -> dict[str, str]:
    """Field → what to think about: a deadline that has passed, or one on a day when offices are closed."""
    found = {}
    for name in ("enquiries_until", "closes_at"):
        at = getattr(timetable, name)
        if at is None:
            continue
        if not is_working_day(day_in_england(at)):
            found[name] = f"{LABELS[name]}, {in_words(at)}, is not on a working day"
        if at <= now:
            found[name] = f"{LABELS[name]}, {in_words(at)}, has passed"
    return found
