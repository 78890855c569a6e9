"""When a report is owed, and which days are caught up. Days are England's: one on which the clocks change is one day.
The steps in `monitoring.steps.days` ask the same of the database. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.calendars import ONE_DAY
from lots.rules.refusals import Refused
from referrals.rules.running import Course, Weekly, occurrences

CATCH_UP_DAYS = 60  # what is older is not asked any more
AT_ONCE = 7  # days caught up in one pass, so that the alarms' worker is not held for long


@dataclass(frozen=True)
class Taught:
    """One placement under an agreement: its week and what bounds it."""

    sessions: tuple[Weekly, ...]
    course: Course


def reporting_days(placements: Iterable[Taught], first: dt.date, last: dt.date) -> list[dt.date]:
    """The days from `first` to `last`, both counted, on which at least one session under an agreement takes place: a
    provider that serves two schools owes a report when one of them is open, and none when nobody is expected."""
    days = {day for one in placements for day, _ in occurrences(one.sessions, one.course, first, last)}
    return sorted(days)


def is_due(
    day: dt.date, taught: Collection[dt.date], *, every: int, from_on: dt.date, until_on: dt.date | None = None
) -> bool:
    """Whether a KPI that holds from a day to a day, both counted, is reported on for `day`. `taught` are the reporting
    days of its agreement: the first that is not before `from_on` is due, then every `every`-th of them."""
    if day not in taught or day < from_on or (until_on is not None and day > until_on):
        return False
    return sum(from_on <= one <= day for one in taught) % every == 1 % every


def check_day(day: dt.date, today: dt.date) -> None:
    """Raise `Refused` for a day after today."""
    if day > today:
        raise Refused(f"{day.day} {day:%B %Y} is still to come. Give today or a day before it", field="date")


def days_to_catch_up(first: dt.date | None, done: Collection[dt.date], today: dt.date) -> list[dt.date]:
    """The days before `today` that nobody wrote down, oldest first, at most `AT_ONCE` of them: none before `first`, the
    first that ever was written down, and none older than `CATCH_UP_DAYS`. `done` are those of these days that were."""
    if first is None:
        return []
    day, missed = max(first, today - CATCH_UP_DAYS * ONE_DAY), []
    while day < today and len(missed) < AT_ONCE:
        if day not in done:
            missed.append(day)
        day += ONE_DAY
    return missed
