"""A calendar feed: sessions as iCalendar (RFC 5545). It names no pupil, school, provider or address: whoever finds it
learns that somebody has sessions at some time. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

LONDON = ZoneInfo("Europe/London")
WEEKS = 8
MOST_FEEDS = 10  # that one person may have at a time
NOTED_EVERY = dt.timedelta(hours=1)  # a program asks more often than anybody wants to know


@dataclass(frozen=True)
class Entry:
    """One session on one day, by the numbers of its weekly session and its placement; times on England's clocks."""

    session: int
    placement: int
    day: dt.date
    starts: dt.time
    ends: dt.time


def days_of_feed(today: dt.date) -> tuple[dt.date, dt.date]:
    """The days that a feed holds, both counted: the next `WEEKS` weeks, today first."""
    return today, today + dt.timedelta(weeks=WEEKS, days=-1)


def is_to_be_noted(used_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether a use at this moment is written down, or one shortly before it was."""
    return used_at is None or used_at + NOTED_EVERY <= at


def feed_of(entries: Iterable[Entry], *, host: str, at: dt.datetime) -> bytes:
    """The feed, in the order given. Moments are written in UTC, each worked out by the clocks of its own day; `at` is
    when the feed was made. The same session of the same day always has the same UID."""
    calendar = Calendar()
    calendar.add("prodid", "-//Alternative provision portal//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Sessions")
    for one in entries:
        event = Event()
        event.add("uid", f"session-{one.session}-{one.day:%Y%m%d}@{host}")
        event.add("dtstamp", at.astimezone(dt.UTC))
        event.add("dtstart", _moment(one.day, one.starts))
        event.add("dtend", _moment(one.day, one.ends))
        event.add("summary", f"Session, placement {one.placement}")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return calendar.to_ical()


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, LONDON).astimezone(dt.UTC)
