"""When reports are late and reminders go out, on England's clocks. A day on which they change is one
day. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

ENGLAND = ZoneInfo("Europe/London")


def moment(day: dt.date, time: dt.time) -> dt.datetime:
    """That time of that day in England, as UTC. A time that the change of the clocks skips is the first one after it;
    one that comes twice is the first."""
    return dt.datetime.combine(day, time, tzinfo=ENGLAND).astimezone(dt.UTC)


def is_late(day: dt.date, cut_off: dt.time, filed_at: dt.datetime) -> bool:
    """Whether what was filed at a moment (UTC) for a day came after the buyer's cut-off of that day, the minute itself
    in time."""
    return filed_at > moment(day, cut_off)
