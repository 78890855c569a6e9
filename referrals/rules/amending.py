"""What an agreed placement may be changed to, from which day, and what it comes to then.

Days are days in England, both ends counted. Units are hundredths of a unit, money is whole pence without VAT."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.calendars import ONE_DAY, Calendar
from core.money import Money
from lots.rules.refusals import Refused
from lots.states import Unit
from referrals.rules.running import Course, Span, Weekly, runs_on
from referrals.rules.timetable import Session, cost_of, days_that_run, units_of
from referrals.states import RUNNING, PlacementState, Runs

LONGEST = dt.timedelta(days=366)
Steps = Sequence[tuple[dt.date, int]]  # from which day a lower price holds, in pence; in order of days
Key = tuple[int, dt.time, dt.time, int | None, str, str]  # weekday, from, to, site, on whose days it runs, address


@dataclass(frozen=True)
class Split:
    """What a new week does to the rows that stand: `ends` hold to the day before, `goes` never held a day, `adds` are
    the places in the new week that need a row."""

    ends: tuple[int, ...]
    goes: tuple[int, ...]
    adds: tuple[int, ...]


def check_running(state: str, allowed: Collection[str] = RUNNING) -> None:
    """Only an agreed placement that is not over is changed here. Raises `Refused`."""
    if state not in allowed:
        raise Refused(f"This placement has moved on: {PlacementState(state).label.lower()}. Nothing was changed")


def check_from(day: dt.date, *, today: dt.date, first: dt.date, last: dt.date) -> None:
    """A change holds from today at the earliest, and from a day of the placement. Raises `Refused`."""
    if day < max(today, first):
        raise Refused(
            f"What has taken place is not changed: enter {in_words(max(today, first))} or a later day", field="from_on"
        )
    if day > last:
        raise Refused(f"The placement ends on {in_words(last)}: enter that day or an earlier one", field="from_on")


def check_not_ending(ended_on: dt.date | None) -> None:
    """A placement whose early end is written down is not extended. Raises `Refused`."""
    if ended_on is not None:
        raise Refused(f"This placement is to end early, on {in_words(ended_on)}. Change that end first")


def split(rows: Iterable[tuple[Weekly, Key]], wanted: Sequence[Key], day: dt.date) -> Split:
    """The rows that a week as it will be from `day` on ends, takes away and adds. What is in both stays as it is, and
    nothing before that day changes. Raises `Refused` where nothing would change."""
    left = dict(enumerate(wanted))
    ends, goes = [], []
    for row, key in rows:
        if row.until_on is not None and row.until_on < day:
            continue
        match = next((place for place, other in left.items() if other == key), None)
        if match is not None and row.from_on <= day and row.until_on is None:
            del left[match]
        elif row.from_on >= day:
            goes.append(row.key)
        else:
            ends.append(row.key)
    if not (left or ends or goes):
        raise Refused("The week is as it was. Change a session, or leave the page")
    return Split(tuple(ends), tuple(goes), tuple(left))


def price_on(day: dt.date, agreed: int, steps: Steps) -> int:
    """Pence of one unit on a day: what was agreed, or what was agreed since."""
    return next((pence for from_on, pence in reversed(steps) if from_on <= day), agreed)


def check_price(pence: int, from_on: dt.date, *, agreed: int, steps: Steps) -> None:
    """A price only ever falls (framework: the awarded price is the most that is charged). Raises `Refused`."""
    if steps and from_on < steps[-1][0]:
        raise Refused(
            f"A lower price is agreed from {in_words(steps[-1][0])} already: enter that day or a later one",
            field="from_on",
        )
    lowest = steps[-1][1] if steps else agreed
    if pence >= lowest:
        raise Refused(f"The price is {Money(lowest)} and can only be lowered: enter less than that", field="pence")


def check_extension(ends_on: dt.date, *, last: dt.date, first: dt.date, framework_ends: dt.date | None) -> None:
    """An extension ends later than what was agreed, within a year of the first day, and on the framework's last day at
    the latest. Raises `Refused`."""
    if ends_on <= last:
        raise Refused(f"The placement lasts until {in_words(last)} already: enter a later day", field="ends_on")
    most = first + LONGEST - dt.timedelta(days=1)
    if ends_on > most:
        raise Refused(
            f"A placement can last a year at most: enter {in_words(most)} or an earlier day. For longer, make a new "
            "referral",
            field="ends_on",
        )
    if framework_ends and ends_on > framework_ends:
        raise Refused(
            f"The framework ends on {in_words(framework_ends)}: enter that day or an earlier one", field="ends_on"
        )


def check_provider(*, suspended: bool, insured: bool, shares: bool) -> None:
    """No more is bought of a provider that is suspended, not insured, or may not be told who the pupil is. Raises
    `Refused`."""
    if suspended:
        raise Refused("The provider is suspended, so nothing more can be agreed with it. Nothing was changed")
    if not insured:
        raise Refused(
            "The provider’s public liability insurance is not in force today. Ask it to write down the new one first"
        )
    if not shares:
        raise Refused(
            "There is no agreement to share pupil data with this provider in force today. Write it down under “Data "
            "sharing”, then try again"
        )


def check_budget(total: int, before: int, *, covered: bool, holds_budget: bool) -> None:
    """What makes a placement dearer than what may be spent is written by somebody who holds the budget. Pence. Raises
    `Refused`."""
    if total > before and not covered and not holds_budget:
        raise Refused(
            f"The placement would cost {Money(total)} in all, more than you may agree to without a budget holder. "
            "Somebody who commissions and holds the budget has to make this change"
        )


def worth(
    week: Iterable[Weekly],
    *,
    unit: str,
    agreed: int,
    steps: Steps,
    first: dt.date,
    last: dt.date,
    pauses: Sequence[Span] = (),
    calendars: Mapping[str, Calendar],
) -> tuple[int, int]:
    """Hundredths of a unit and pence that all sessions from the first to the last day come to, each on the days on
    which it held, at the price of its day; a week at that of its first session. One on its own dates counts on them,
    whatever the calendars say. Days after the last term that is
    written down count (`days_that_run`), and so do those of a pause that nobody has ended yet: a total that is too high
    is seen."""
    rows = list(week)
    by_day = defaultdict(list)
    for runs in sorted({one.runs for one in rows}):
        for day in _days(runs, rows, calendars, first, last):
            if not any(begins <= day <= ends for begins, ends in pauses if ends is not None):
                held = (one for one in rows if one.runs == runs and holds_on(one, day))
                by_day[day] += [Session(one.weekday, one.starts, one.ends) for one in held]
    days = [(day, sorted(found)) for day, found in sorted(by_day.items()) if found]
    at_price, week_price = defaultdict(list), {}
    for day, found in days:
        pence = price_on(day, agreed, steps)
        if unit == Unit.WEEK:
            pence = week_price.setdefault(day.isocalendar()[:2], pence)
        at_price[pence].append((day, found))
    return units_of(days, unit), sum(cost_of(units_of(found, unit), pence) for pence, found in at_price.items())


def _days(runs: str, rows: Iterable[Weekly], calendars: Mapping[str, Calendar], first, last) -> list[dt.date]:
    """The days from the first to the last on which such sessions can run."""
    if runs != Runs.DATES:
        return days_that_run(calendars[Runs(runs)], first, last)
    dated = [(max(first, one.from_on), min(last, one.until_on)) for one in rows if one.runs == runs and one.until_on]
    return sorted({begins + n * ONE_DAY for begins, ends in dated for n in range((ends - begins).days + 1)})


def check_dated(
    wanted: Weekly, own: Iterable[Weekly], course: Course, *, today: dt.date, first: dt.date, last: dt.date
) -> None:
    """One session on a day of its own, from today on and within the placement, not while it is paused, and at no time
    at which the pupil is there anyway. Raises `Refused`."""
    day = wanted.from_on
    if not max(today, first) <= day <= last:
        raise Refused(
            f"Enter a day from {in_words(max(today, first))} to {in_words(last)}, the last day of the placement",
            field="day",
        )
    if wanted.ends <= wanted.starts:
        raise Refused("The session must end after it starts", field="ends")
    if not runs_on(wanted, day, course):
        raise Refused("The placement is paused on that day: enter another day", field="day")
    for one in own:
        if runs_on(one, day, course) and one.starts < wanted.ends and wanted.starts < one.ends:
            raise Refused(
                f"There is a session on that day from {one.starts:%H:%M} to {one.ends:%H:%M} already: enter another "
                "time",
                field="starts",
            )


def check_taken_away(row: Weekly | None, *, today: dt.date) -> None:
    """Only a session on a day of its own that is still to come is taken away. Raises `Refused`."""
    if row is None or row.runs != Runs.DATES:
        raise Refused("This session was taken away meanwhile. Nothing was changed")
    if row.from_on <= today:
        raise Refused("What has taken place, or takes place today, stays as it was agreed")


def holds_on(one: Weekly, day: dt.date) -> bool:
    """Whether a weekly session is agreed for a day, calendars and pauses apart."""
    return one.weekday == day.weekday() and one.from_on <= day and (one.until_on is None or day <= one.until_on)


def in_words(day: dt.date) -> str:
    """`5 October 2026`."""
    return f"{day.day} {day:%B %Y}"
