"""Dates of a notice: read as days in England and moments, and written back in the notice's own spelling."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

ENGLAND = ZoneInfo("Europe/London")
FIRST_YEAR, LAST_YEAR = 1900, 2999
DAY_BEGINS, DAY_ENDS = dt.time(0, 0, 0), dt.time(23, 59, 59)

_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,12}))?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?)?",
    re.ASCII,
)


class NoSuchDate(ValueError):
    """It is written as a date, and the calendar has no such day or the clock no such time."""


@dataclass(frozen=True)
class Written:
    """A date as it stands: `time` is None for a day alone, `offset` as spelled and empty when there is none."""

    day: dt.date
    time: dt.time | None
    offset: str

    @property
    def moment(self) -> dt.datetime | None:
        """The moment, or None when the text leaves open which it is: no time, or no offset."""
        if self.time is None or not self.offset:
            return None
        return dt.datetime.combine(self.day, self.time, _zone(self.offset))

    @property
    def in_england(self) -> dt.datetime:
        """Day and time of day in England. A text without an offset is taken as it stands."""
        moment = self.moment
        if moment is None:
            return dt.datetime.combine(self.day, self.time or DAY_BEGINS, ENGLAND)
        return moment.astimezone(ENGLAND)


def _zone(offset: str) -> dt.timezone:
    if offset in "Zz":
        return dt.UTC
    apart = dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return dt.timezone(-apart if offset[0] == "-" else apart)


def written(text: str) -> Written | None:
    """The date that a text is, or None when it is written in no way that can mean one thing only (`01/09/2026`).

    Raises `NoSuchDate` for 2026-02-30, for 25:00, and for years outside 1900 to 2999."""
    match = _WRITTEN.fullmatch(text)
    if not match:
        return None
    part = match.groupdict()
    if not FIRST_YEAR <= int(part["year"]) <= LAST_YEAR:
        raise NoSuchDate(text)
    try:
        day = dt.date(int(part["year"]), int(part["month"]), int(part["day"]))
        if part["hour"] is None:
            return Written(day, None, "")
        micro = int((part["fraction"] or "")[:6].ljust(6, "0"))
        time = dt.time(int(part["hour"]), int(part["minute"]), int(part["second"] or 0), micro)
        offset = part["offset"] or ""
        if offset:
            _zone(offset)
    except ValueError:
        raise NoSuchDate(text) from None
    return Written(day, time, offset)


def _read(text: object) -> Written | None:
    try:
        return written(text) if isinstance(text, str) else None
    except NoSuchDate:
        return None


def spell_day(day: dt.date, like: object, *, otherwise: dt.time) -> str:
    """`day` spelled as the notice spelled the day that stood there: the same time of day, the offset that England has
    on the new day. `otherwise` is the time of day where nothing that can be read stood there."""
    old = _read(like)
    if old is not None and old.time is None:
        return day.isoformat()
    if old is not None and not old.offset:
        return dt.datetime.combine(day, old.time).isoformat()
    return spell_moment(dt.datetime.combine(day, old.in_england.time() if old else otherwise, ENGLAND), like)


def spell_moment(at: dt.datetime, like: object) -> str:
    """`at` in UK time with its offset; in UTC with `Z` where the notice spelled it so."""
    old = _read(like)
    if old is not None and old.offset in {"Z", "z"}:
        return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + old.offset
    return at.astimezone(ENGLAND).isoformat()
