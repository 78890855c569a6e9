"""On which days a placement's weekly session runs: the one answer that register, alarm, report, timetable, census and
charge all follow (DESIGN section 4). Days and times are those of England's clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.calendars import ONE_DAY, Calendar
from referrals.states import Runs

Span = tuple[dt.date, dt.date | None]  # both ends counted; None is open


@dataclass(frozen=True)
class Weekly:
    """One weekly session as the rules need it; `key` is whatever the caller finds it again by."""

    key: int
    weekday: int
    starts: dt.time
    ends: dt.time
    runs: str
    from_on: dt.date
    until_on: dt.date | None

    @property
    def minutes(self) -> int:
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute


@dataclass(frozen=True)
class Course:
    """What bounds a placement's sessions: its first and last day (the earlier of the end agreed and the end that came),
    its pauses, and the two calendars. Without a home school its days are the commissioner's."""

    first: dt.date
    last: dt.date
    pauses: tuple[Span, ...]
    school: Calendar
    provider: Calendar


def runs_on(session: Weekly, day: dt.date, course: Course) -> bool:
    """Whether this session takes place on that day. One on its own dates does, whatever the calendars say: somebody
    wrote the very day down."""
    if day.weekday() != session.weekday or not course.first <= day <= course.last:
        return False
    if not _within(day, (session.from_on, session.until_on)) or any(_within(day, pause) for pause in course.pauses):
        return False
    if session.runs == Runs.DATES:
        return session.until_on is not None
    calendar = course.school if session.runs == Runs.SCHOOL else course.provider
    return calendar.is_open(day) and (session.runs == Runs.PROVIDER or course.provider.is_open(day))


def occurrences(
    sessions: Iterable[Weekly], course: Course, first: dt.date, last: dt.date
) -> Iterator[tuple[dt.date, Weekly]]:
    """Every session that takes place from `first` to `last`, both counted, in order of day and time."""
    rows: Sequence[Weekly] = sorted(sessions, key=lambda one: (one.starts, one.ends, one.key))
    day = max(first, course.first)
    while day <= min(last, course.last):
        yield from ((day, one) for one in rows if runs_on(one, day, course))
        day += ONE_DAY


def minutes_a_week(sessions: Iterable[Weekly], on: dt.date) -> int:
    """How long a whole week is, by the sessions that hold on a day. One on its own dates is no part of the week."""
    weekly = (one for one in sessions if one.runs != Runs.DATES)
    return sum(one.minutes for one in weekly if _within(on, (one.from_on, one.until_on)))


def _within(day: dt.date, span: Span) -> bool:
    first, last = span
    return first <= day and (last is None or day <= last)
