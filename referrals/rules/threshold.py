"""When a provider that is no registered school may be one. An independent school teaches, full-time, five or more
pupils of compulsory school age, or one who has an EHC plan or is looked after (Education Act 1996, s.463); the
Department takes more than 18 hours a week during the day for full-time. It is a signal to councils and decides
nothing."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

FULL_TIME_MINUTES = 18 * 60  # a week, during the day; more than this is full-time
MANY = 5
EVENING = dt.time(18, 0)  # from then on it is no longer the day


@dataclass(frozen=True)
class Taught:
    """One pupil at one provider: minutes a week during the day over all commissioners, and whether one is enough."""

    minutes: int
    flagged: bool


def minutes_by_day(starts: dt.time, ends: dt.time) -> int:
    """The minutes of a session that lie before the evening."""
    ends = min(ends, EVENING)
    return max(0, (ends.hour - starts.hour) * 60 + ends.minute - starts.minute)


def is_of_school_age(born_on: dt.date, on: dt.date) -> bool:
    """Of compulsory school age on a day (Education Act 1996, s.8): from the 31 August, 31 December or 31 March on or
    after the fifth birthday, to the last Friday in June of the school year in which the pupil becomes 16."""
    return _begins(born_on) <= on <= _ends(born_on)


def crosses(pupils: Iterable[Taught]) -> bool:
    """Whether these pupils of compulsory school age make a provider what an independent school is."""
    full = [one for one in pupils if one.minutes > FULL_TIME_MINUTES]
    return len(full) >= MANY or any(one.flagged for one in full)


def _begins(born_on: dt.date) -> dt.date:
    fifth = _birthday(born_on, 5)
    year = fifth.year
    days = [dt.date(year, 3, 31), dt.date(year, 8, 31), dt.date(year, 12, 31)]
    return next(day for day in days if day >= fifth)


def _ends(born_on: dt.date) -> dt.date:
    sixteenth = _birthday(born_on, 16)
    year = sixteenth.year + (sixteenth.month >= 9)
    day = dt.date(year, 6, 30)
    return day - dt.timedelta(days=(day.weekday() - calendar.FRIDAY) % 7)


def _birthday(born_on: dt.date, age: int) -> dt.date:
    """Who was born on 29 February is a year older on 1 March, in a year without it."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return dt.date(born_on.year + age, 3, 1)
