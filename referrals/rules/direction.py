"""The notice of an off-site direction: how early it is given, and what stands in it (Education Act 2002, s.29A, with
the regulations on educational provision for improving behaviour). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from core.calendars import ONE_DAY, Calendar
from lots.rules.refusals import Refused
from referrals.states import Basis

NOTICE_DAYS = 2  # school days
LOOKS_BACK = 56  # days: the summer holidays lie between
REVIEW_DAYS = 30  # days between reviews of a direction


@dataclass(frozen=True)
class Notice:
    """What a notice says besides the placement: whom to report to on the first day, the break in each session, reasons
    and objectives."""

    report_to: str
    breaks: str
    reasons: str
    objectives: str


def is_direction(basis: str) -> bool:
    return basis == Basis.S29A


def notice_days(notice_on: dt.date, first: dt.date, calendar: Calendar) -> int:
    """How many school days lie before the first day from the day of the notice on, which counts: two if the notice is
    given on the second school day before, or earlier."""
    return len(calendar.open_days(notice_on, first - ONE_DAY))


def last_notice_day(first: dt.date, calendar: Calendar) -> dt.date | None:
    """The second school day before the first day; None where there is none in the eight weeks before it."""
    days = calendar.open_days(first - LOOKS_BACK * ONE_DAY, first - ONE_DAY)
    return days[-NOTICE_DAYS] if len(days) >= NOTICE_DAYS else None


def check_notice(notice_on: dt.date, first: dt.date, calendar: Calendar, why_short: str) -> None:
    """Two school days' notice, or a reason. Raises `Refused`."""
    given = notice_days(notice_on, first, calendar)
    if given >= NOTICE_DAYS or why_short.strip():
        return
    raise Refused(
        f"The notice has to be given at least {NOTICE_DAYS} school days before {_day(first)}, and this is "
        f"{_told(given)}. Say why it could not be given earlier, or start later",
        field="why",
    )


def days_of(days: Iterable[dt.date]) -> int:
    """The number of days for which the pupil is directed: those on which a session takes place, each once."""
    return len(set(days))


def _told(given: int) -> str:
    return "not one school day before" if given == 0 else "one school day before"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
