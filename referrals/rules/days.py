"""The sixth school day of an exclusion or suspension."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.calendars import ONE_DAY, Calendar, days_from

SIXTH = 6
DUE, SOON, LATE = "due", "soon", "late"
NO_TERMS = "No term dates are written down, so every working day was counted as a school day"
OUT_OF_REACH = "The term dates that are written down do not reach the sixth school day. Add the next term dates"
NOT_A_SCHOOL_DAY = "The day that you entered is not a school day, so the count begins with the next one"


@dataclass(frozen=True)
class Sixth:
    """The sixth school day, empty where the calendar does not reach it; `notes` say what a reader has to know of how it
    was counted."""

    day: dt.date | None
    notes: tuple[str, ...] = ()


def sixth_school_day(first: dt.date, calendar: Calendar) -> Sixth:
    """The day from which full-time education has to be arranged: the sixth school day of a suspension (Education and
    Inspections Act 2006, s.100) or of a permanent exclusion (Education Act 1996, s.19(3A)). The first day of it is
    counted as the first, which is the earlier of the readings that are current for a permanent exclusion."""
    notes = [] if calendar.terms else [NO_TERMS]
    if not calendar.is_open(first):
        notes.append(NOT_A_SCHOOL_DAY)
    counted = 0
    for day in days_from(first):
        if not calendar.covers(day):
            break
        counted += calendar.is_open(day)
        if counted == SIXTH:
            return Sixth(day, tuple(notes))
    return Sixth(None, (*notes, OUT_OF_REACH))


def urgency(sixth_on: dt.date | None, today: dt.date, *, settled: bool) -> str:
    """How near the sixth school day is: `late` once it has come and nobody was chosen, `soon` in the two days before
    it, else `due`; empty where there is none, or the matter is settled."""
    if sixth_on is None or settled:
        return ""
    if today >= sixth_on:
        return LATE
    return SOON if today + 2 * ONE_DAY >= sixth_on else DUE
