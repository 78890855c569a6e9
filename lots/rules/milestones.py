"""The dates of a framework in order, how it stands at a moment in words, and what is due next.

Days are days in England, moments are aware. A deadline is inclusive: at that very moment one may still apply.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lots.states import FrameworkState, KeyDateKind

ENGLAND = ZoneInfo("Europe/London")
_WHOLE_DAY = {dt.time.min, dt.time(23, 59, 59)}  # how notices write a day without a time


@dataclass(frozen=True)
class Dates:
    """What a framework says of time, under the names of `lots.models.Framework`. `key_dates`: (kind, moment, words)."""

    state: str
    published_at: dt.datetime | None = None
    enquiries_until: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    award_by_on: dt.date | None = None
    awarded_at: dt.datetime | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    scheme_ends_on: dt.date | None = None
    ended_at: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None
    key_dates: tuple[tuple[str, dt.datetime, str], ...] = ()


@dataclass(frozen=True)
class Milestone:
    """A line of the table of dates: `when` is a day or a moment, with `until` a period; `is_over` when it was asked."""

    label: str
    when: dt.date | dt.datetime
    until: dt.date | dt.datetime | None = None
    hint: str = ""
    is_over: bool = False

    @property
    def is_moment(self) -> bool:
        """It has a time of its own."""
        return isinstance(self.when, dt.datetime) and self.when.astimezone(ENGLAND).time() not in _WHOLE_DAY

    @property
    def first(self) -> dt.date:
        return day_of(self.when)

    @property
    def last(self) -> dt.date | None:
        return None if self.until is None else day_of(self.until)


@dataclass(frozen=True)
class Standing:
    """How a framework stands: `code` is one of STANDINGS, `on` the day or moment that belongs to it."""

    code: str
    words: str
    on: dt.date | dt.datetime | None = None


STANDINGS = {
    "draft": "Being set up",
    "open": "Open for applications",
    "assessing": "Applications being assessed",
    "awarded": "Awarded, not begun yet",
    "running": "Running",
    "over": "Ended",
    "withdrawn": "Withdrawn",
}


def day_of(when: dt.date | dt.datetime) -> dt.date:
    """The day in England."""
    return when.astimezone(ENGLAND).date() if isinstance(when, dt.datetime) else when


def standing(dates: Dates, *, at: dt.datetime) -> Standing:
    """How the framework stands at `at`. The recorded state decides; inside it, the dates do."""
    code, on = _standing(dates, at)
    return Standing(code, STANDINGS[code], on)


def _standing(dates: Dates, at: dt.datetime) -> tuple[str, dt.date | dt.datetime | None]:
    match dates.state:
        case FrameworkState.DRAFT:
            return "draft", None
        case FrameworkState.WITHDRAWN:
            return "withdrawn", dates.withdrawn_at
        case FrameworkState.ENDED:
            return "over", dates.ended_at
        case FrameworkState.PUBLISHED:
            still_open = dates.closes_at is None or at <= dates.closes_at
            return ("open", dates.closes_at) if still_open else ("assessing", dates.award_by_on)
    today = day_of(at)
    if dates.starts_on and today < dates.starts_on:
        return "awarded", dates.starts_on
    if dates.ends_on and today > dates.ends_on:
        return "over", dates.ends_on
    return "running", dates.ends_on


def milestones(dates: Dates, *, at: dt.datetime) -> tuple[Milestone, ...]:
    """Every date that the framework gives, by its beginning."""
    found = [
        ("Published", dates.published_at, None, ""),
        ("Last moment for questions", dates.enquiries_until, None, ""),
        ("Last moment to apply", dates.closes_at, None, ""),
        ("Award planned by", None if dates.awarded_at else dates.award_by_on, None, ""),
        ("Awarded", dates.awarded_at, None, ""),
        ("Runs", dates.starts_on, dates.ends_on, "The last day counts."),
        ("The scheme ends", dates.scheme_ends_on, None, "No framework of the scheme goes on after this day."),
        ("Ended", dates.ended_at, None, ""),
        ("Withdrawn", dates.withdrawn_at, None, ""),
        *((KeyDateKind(kind).label, when, None, words) for kind, when, words in dates.key_dates),
    ]
    lines = [
        Milestone(label, when, until, hint, is_over=_is_over(until or when, at))
        for label, when, until, hint in found
        if when is not None
    ]
    return tuple(sorted(lines, key=_in_order))


def _in_order(one: Milestone) -> tuple:
    return one.first, _minute(one.when), one.label


def _is_over(when: dt.date | dt.datetime, at: dt.datetime) -> bool:
    return when < at if isinstance(when, dt.datetime) else when < day_of(at)


def _minute(when: dt.date | dt.datetime) -> float:
    """Orders moments of one day; a whole day comes first."""
    return when.timestamp() if isinstance(when, dt.datetime) else float("-inf")


def due_next(dates: Dates, *, at: dt.datetime) -> Milestone | None:
    """The first date that is still to come (a period that has begun counts by its end)."""
    ahead = [
        Milestone(f"{one.label} until", one.until) if one.until is not None and one.first <= day_of(at) else one
        for one in milestones(dates, at=at)
        if not one.is_over
    ]
    return min(ahead, key=_in_order, default=None)
