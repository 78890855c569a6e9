"""No pupil can be at two sessions at once: when the sessions of two placements meet. Pure.

Days are days in England, times those of its clocks. Calendars are left out: two sessions on one weekday at one time are
refused even where one runs on school days and the other on the provider's, because a closure can move either."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lots.rules.refusals import Refused
from referrals.rules.running import Weekly
from referrals.rules.timetable import Session


@dataclass(frozen=True)
class Held:
    """A session that a pupil has already, from a day to a day (both counted), and where, as the reader may know it."""

    session: Weekly
    first: dt.date
    last: dt.date
    where: str


def clashes(wanted: Iterable[Weekly], first: dt.date, last: dt.date, held: Sequence[Held]) -> list[tuple[Weekly, Held]]:
    """The sessions of a placement that runs from `first` to `last` that are at the same time as one that is held."""
    return [
        (new, old)
        for new in sorted(wanted, key=lambda one: (one.weekday, one.starts, one.key))
        for old in held
        if _same_time(new, old.session) and _same_days(_span(new, first, last), _span(old.session, old.first, old.last))
    ]


def check_free(wanted: Iterable[Weekly], first: dt.date, last: dt.date, held: Sequence[Held]) -> None:
    """Raise `Refused` where a session meets another of the same pupil: which day and time, and where that is."""
    found = clashes(wanted, first, last, held)
    if found:
        said = "; ".join(f"{in_words(new)} ({old.where}, {in_words(old.session)})" for new, old in found[:5])
        raise Refused(
            f"The pupil is somewhere else at the same time: {said}. Change the times of one of them. Nothing was agreed"
        )


def in_words(session: Weekly) -> str:
    """`Monday 09:30 to 14:30`."""
    return Session(session.weekday, session.starts, session.ends).in_words


def _same_time(one: Weekly, other: Weekly) -> bool:
    return one.weekday == other.weekday and one.starts < other.ends and other.starts < one.ends


def _span(session: Weekly, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    return max(first, session.from_on), min(last, session.until_on or last)


def _same_days(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])
