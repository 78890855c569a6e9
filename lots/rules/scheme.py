"""Open frameworks: what the law says of one framework after another (Procurement Act 2023, s.49). Days are days in
England. "Beginning with the day" counts that day: three years beginning with 1 September 2026 end on 31 August 2029."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.states import Route

SECOND_WITHIN_YEARS = 3
THEN_WITHIN_YEARS = 5
SCHEME_YEARS = 8
SINGLE_SUPPLIER_YEARS = 4
WARN_AT_MONTHS = (3, 6, 12)

WEEKS_TO_APPLY = 12
MONTHS_TO_DECIDE = 3


@dataclass(frozen=True)
class Generation:
    """One framework of the scheme that was awarded: the day of its award, and how many suppliers are party to it."""

    awarded_on: dt.date
    suppliers: int


@dataclass(frozen=True)
class Deadline:
    """`on` is the last day. `state` is `kept`, `missed`, `within_3`, `within_6`, `within_12` (months) or `later`."""

    code: str
    label: str
    clause: str
    on: dt.date
    state: str

    @property
    def warns(self) -> bool:
        """Something must be done about it within the year, or should have been."""
        return self.state not in {"kept", "later"}


@dataclass(frozen=True)
class Proposal:
    """Days for a next opening that keep the law's own days, where there is time for that."""

    closes_on: dt.date
    award_by_on: dt.date
    ends_on: dt.date


def last_day(first: dt.date, years: int) -> dt.date:
    """The last day of a period of `years` that begins with the day `first`: the day before the anniversary. A period
    that begins on 29 February ends on 28 February, in leap years too."""
    try:
        anniversary = first.replace(year=first.year + years)
    except ValueError:  # 29 February, and no leap year: the anniversary is 1 March
        anniversary = dt.date(first.year + years, 3, 1)
    return anniversary - dt.timedelta(days=1)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` earlier, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def state_of(on: dt.date, today: dt.date, *, kept: bool = False) -> str:
    """How near a last day is: what is kept is kept; after the day it is missed; else the shortest of the months
    before it at which we warn."""
    if kept:
        return "kept"
    if today > on:
        return "missed"
    for months in WARN_AT_MONTHS:
        if today >= months_before(on, months):
            return f"within_{months}"
    return "later"


def scheme_end(generations: tuple[Generation, ...]) -> dt.date | None:
    """The last day of all: 8 years beginning with the day of the first award (s.49(2)(c)), and no later than 4 years
    beginning with the award of a framework to a single supplier (s.49(6)). None while nothing was awarded."""
    if not generations:
        return None
    ends = [last_day(generations[0].awarded_on, SCHEME_YEARS)]
    ends += [last_day(one.awarded_on, SINGLE_SUPPLIER_YEARS) for one in generations if one.suppliers == 1]
    return min(ends)


def next_award_by(generations: tuple[Generation, ...]) -> dt.date | None:
    """The last day on which the next framework must have been awarded, None where none must any more.

    The second within 3 years beginning with the day of the first award; then at least one in each period of 5 years
    beginning with the day of the second (s.49(2)(a)): the first such period in which none was awarded. The second award
    itself falls into the first period and does not serve for it: the scheme would never be opened again."""
    open_still = [one.on for one in _award_deadlines(generations) if not one.kept]
    return min(open_still, default=None)


@dataclass(frozen=True)
class _AwardBy:
    code: str
    label: str
    clause: str
    on: dt.date
    kept: bool


def _award_deadlines(generations: tuple[Generation, ...]) -> list[_AwardBy]:
    """The days by which a next framework must be awarded, kept or not; none that falls on the scheme's end or after."""
    end, found = scheme_end(generations), []
    for number, years, code, label, clause in (
        (1, SECOND_WITHIN_YEARS, "second_award", "Second opening awarded by", "s.49(2)(a)(i)"),
        (2, THEN_WITHIN_YEARS, "later_award", "A later opening awarded by", "s.49(2)(a)(ii)"),
    ):
        if len(generations) < number:
            break
        by = last_day(generations[number - 1].awarded_on, years)
        kept = any(one.awarded_on <= by for one in generations[number:])
        if kept or by < end:
            found.append(_AwardBy(code, label, clause, by, kept))
    return found


def deadlines(generations: tuple[Generation, ...], *, today: dt.date) -> tuple[Deadline, ...]:
    """The scheme's days in order, with how near each is. Empty while nothing was awarded."""
    if not generations:
        return ()
    found = [
        Deadline(one.code, one.label, one.clause, one.on, state_of(one.on, today, kept=one.kept))
        for one in _award_deadlines(generations)
    ]
    end = scheme_end(generations)
    alone = end < last_day(generations[0].awarded_on, SCHEME_YEARS)
    label = "Everything ends, because there is one provider only" if alone else "Everything ends"
    found.append(Deadline("scheme_end", label, "s.49(6)" if alone else "s.49(2)(c)", end, state_of(end, today)))
    return tuple(sorted(found, key=lambda one: one.on))


def routes(max_participants: int | None) -> tuple[Route, ...]:
    """By reference to what an existing supplier may be given a place again: where the number of suppliers is limited,
    never by reference to its being on the framework already (s.49(4), (5))."""
    tenders = (Route.EARLIER_TENDER, Route.NEW_TENDER)
    return tenders if max_participants is not None else (Route.MEMBERSHIP, *tenders)


def check_route(route: str, *, max_participants: int | None, has_previous: bool, was_on_it: bool) -> None:
    """A place can be given by this route. `was_on_it`: the provider has a place in the generation that runs now, or had
    one when it ended. Raises `Refused`."""
    if route == Route.NEW_TENDER:
        return
    if not has_previous:
        raise Refused("This is the first opening: places can be given only for applications made this time")
    if route not in routes(max_participants):
        raise Refused(
            "The number of providers is limited, so nobody is given a place for being on the framework already. "
            "Judge an application made this time or at an earlier opening (Procurement Act 2023, section 49(5))"
        )
    if route == Route.MEMBERSHIP and not was_on_it:
        raise Refused("Only a provider that is on the framework already can be given a place for that reason")


def proposal(generations: tuple[Generation, ...], *, today: dt.date) -> Proposal | None:
    """Days for the next opening, worked back from the last day for its award; from the scheme's end where the law asks
    for no further award. Days that have passed are moved to today. None while nothing was awarded."""
    end = scheme_end(generations)
    if end is None:
        return None
    award_by = max(months_before(next_award_by(generations) or end, MONTHS_TO_DECIDE), today)
    closes = max(award_by - dt.timedelta(weeks=WEEKS_TO_APPLY), today)
    return Proposal(closes_on=closes, award_by_on=award_by, ends_on=end)


def check_reopening(*, is_open: bool, state: str, has_next: bool, end: dt.date | None, today: dt.date) -> None:
    """A framework is opened again while it runs, once, as an open framework, and before the scheme's last day has
    passed. `end` is the scheme's last day. Raises `Refused`."""
    if not is_open:
        raise Refused("This is not an open framework: it runs out, and a new procurement begins")
    if has_next:
        raise Refused("This framework has been opened again already")
    if state != "running":
        raise Refused("Only a framework that is running can be opened again")
    if end is not None and today > end:
        raise Refused(
            f"All frameworks of this scheme had to end by {end.day} {end:%B %Y} (Procurement Act 2023, section 49). "
            "Begin a new procurement"
        )
