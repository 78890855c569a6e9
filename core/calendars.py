"""Days that count: England's bank holidays, working days, and the term dates and closures of an organisation.

Pure: no query, no clock, no network. Days are dates in England, so the change of the clocks moves none of them.
`accounts.queries.calendars_for` loads calendars; a rule is handed one.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import dataclass

import holidays

ONE_DAY = dt.timedelta(days=1)
STANDSTILL_WORKING_DAYS = 8
PAYMENT_DAYS = 30
HORIZON_DAYS = 3 * 366  # how far a search for an open day looks before it says that there is none

Span = tuple[dt.date, dt.date]  # both ends counted


class NoSuchDay(ValueError):
    """There is no open day as far as the calendar is known."""


@functools.cache
def _bank_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_bank_holiday(day: dt.date) -> bool:
    """A bank holiday in England, substitute days included (Banking and Financial Dealings Act 1971, Schedule 1)."""
    return day in _bank_holidays(day.year)


def is_working_day(day: dt.date) -> bool:
    """Not a Saturday, a Sunday, or a bank holiday in England (Procurement Act 2023, s.123)."""
    return day.weekday() < 5 and not is_bank_holiday(day)


def days_from(first: dt.date) -> Iterator[dt.date]:
    """`first` and every day after it, as far as the horizon."""
    for ahead in range(HORIZON_DAYS):
        yield first + ahead * ONE_DAY


def working_day_after(day: dt.date, number: int) -> dt.date:
    """The `number`-th working day after `day`, which itself is not counted."""
    return nth_working_day_from(day + ONE_DAY, number)


def nth_working_day_from(first: dt.date, number: int) -> dt.date:
    """The last day of a period of `number` working days beginning with `first`: `first` counts if it is one."""
    return _nth(first, number, is_working_day)


def standstill_ends_on(published_on: dt.date, working_days: int = STANDSTILL_WORKING_DAYS) -> dt.date:
    """The last day of the standstill: working days beginning with the day on which the contract award notice is
    published (Procurement Act 2023, s.51). The contract may be entered into on the day after."""
    return nth_working_day_from(published_on, working_days)


def due_on(received_on: dt.date, days: int = PAYMENT_DAYS) -> dt.date:
    """The last day of `days` days beginning with the day of receipt, weekends counted (Procurement Act 2023, s.68)."""
    return received_on + (days - 1) * ONE_DAY


def _nth(first: dt.date, number: int, counts) -> dt.date:
    if number < 1:
        raise ValueError("The first day is number 1")
    for day in days_from(first):
        number -= counts(day)
        if not number:
            return day
    raise NoSuchDay(f"No such day within three years of {first}")


@dataclass(frozen=True)
class Calendar:
    """When an organisation is open: inside a term, on a working day, outside its closures.

    With no terms at all every working day outside a closure is open: a provider that never wrote its terms down is
    open all year. `covers` tells whether the terms reach a day, so that nobody takes "not known" for "closed".
    """

    terms: tuple[Span, ...] = ()
    closures: tuple[Span, ...] = ()

    def is_open(self, day: dt.date) -> bool:
        return is_working_day(day) and (not self.terms or _inside(day, self.terms)) and not _inside(day, self.closures)

    def covers(self, day: dt.date) -> bool:
        """True while `day` is not after the last term that was written down."""
        return not self.terms or day <= max(last for _, last in self.terms)

    def open_days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The open days from `first` to `last`, both counted."""
        return [day for day in _span(first, last) if self.is_open(day)]

    def days_between(self, first: dt.date, last: dt.date) -> int:
        """How many open days there are after `first`, up to and with `last`; none when `last` is not after it."""
        return len(self.open_days(first + ONE_DAY, last))

    def nth_school_day_after(self, day: dt.date, number: int) -> dt.date:
        """The `number`-th open day after `day`. Raises `NoSuchDay` when the terms written down do not reach so far."""
        return _nth(day + ONE_DAY, number, self.is_open)


def _span(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def _inside(day: dt.date, spans: tuple[Span, ...]) -> bool:
    return any(first <= day <= last for first, last in spans)


def time_in_words(at: dt.datetime | dt.time) -> str:
    """`9:31am`, `midday`, `midnight`: the GOV.UK style. `at` is in the time zone that is to be told."""
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    if (at.hour, at.minute) == (12, 0):
        return "midday"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
