"""Placements bought outside a framework, or begun before the portal: their days, and what one buyer spends with one
provider beside the threshold of a light touch contract. Pure; pence."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from core.calendars import ONE_DAY, Calendar
from core.money import Money
from lots.rules.refusals import Refused
from referrals.states import ReferralState, Route

OUTSIDE = (Route.SPOT, Route.LEGACY)
# Threshold of light touch contracts, including VAT, from the day on which it holds (Procurement Act 2023, Schedule 1;
# unchanged on 1 January 2026). A new one is a new line.
THRESHOLDS = ((dt.date(2025, 2, 24), 663_540_00),)
VAT_PERCENT = 20  # the standard rate (Value Added Tax Act 1994, s.2)
WARN_PERCENT = 80
LONGEST_DAYS = 3 * 366
ALREADY_RUNNING = "It ran before it was written down in the portal"


@dataclass(frozen=True)
class Spent:
    """What one buyer's spot and legacy placements with one provider are expected to come to, in pence without VAT:
    those that begin in a financial year, and all."""

    name: str
    year_pence: int = 0
    all_pence: int = 0
    number: int = 0
    limit: int = THRESHOLDS[-1][1]

    @property
    def year_gross(self) -> int:
        return gross(self.year_pence)

    @property
    def all_gross(self) -> int:
        return gross(self.all_pence)

    @property
    def percent(self) -> int:
        """All years, in whole per cent of the threshold, rounded down."""
        return 100 * self.all_gross // self.limit

    @property
    def is_over(self) -> bool:
        """The threshold is reached: at that value the rules for a public contract apply."""
        return self.all_gross >= self.limit

    @property
    def is_near(self) -> bool:
        return 100 * self.all_gross >= WARN_PERCENT * self.limit

    def with_more(self, pence: int, *, this_year: bool = True) -> Spent:
        """The same with one placement more."""
        year = self.year_pence + (pence if this_year else 0)
        return Spent(self.name, year, self.all_pence + pence, self.number + 1, self.limit)

    @property
    def warning(self) -> str:
        """What has to be said of it; empty below 80 %."""
        if not self.is_near:
            return ""
        said = f"{self.percent}% of the light touch threshold ({Money(self.limit).in_short} with VAT)"
        what = (
            f"Placements with {self.name} outside a framework come to {Money(self.all_gross).in_short} with VAT: {said}"
        )
        return f"{what}. Ask procurement before you buy more" if self.is_over else what


@dataclass(frozen=True)
class Counted(Calendar):
    """A calendar whose open days from a day to a day were counted once, for lists of many placements."""

    days: tuple[dt.date, ...] = ()

    def open_days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The open days from `first` to `last`, both counted and both within those that were counted."""
        return list(self.days[bisect_left(self.days, first) : bisect_right(self.days, last)])


def counted(calendar: Calendar, first: dt.date, last: dt.date) -> Counted:
    """The same calendar, quick from `first` to `last`."""
    return Counted(calendar.terms, calendar.closures, tuple(calendar.open_days(first, last)))


def gross(pence: int) -> int:
    """With VAT at the standard rate, rounded up. Whether a provider charges VAT is often not known, and most
    charge none for education: the higher figure is the careful one, because the threshold includes VAT."""
    return -(-pence * (100 + VAT_PERCENT) // 100)


def threshold_on(day: dt.date) -> int:
    """The light touch threshold in pence including VAT that holds on a day; before the first, the first."""
    held = [pence for since, pence in THRESHOLDS if since <= day]
    return held[-1] if held else THRESHOLDS[0][1]


def year_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The financial year of a day, 1 April to 31 March, both counted."""
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return dt.date(first, 4, 1), dt.date(first + 1, 3, 31)


def check_threshold(after: Spent, reason: str) -> None:
    """A spot contract that reaches the threshold needs a reason. Raises `Refused`."""
    if after.is_over and not reason.strip():
        raise Refused(
            f"{after.warning}. If it is bought outside a framework all the same, enter why", field="over_reason"
        )


def check_days(route: str, starts_on: dt.date, ends_on: dt.date, *, today: dt.date) -> None:
    """A spot contract begins today or later; what began before the portal is still to run. Three years at the most.
    Raises `Refused`."""
    if route == Route.SPOT and starts_on < today:
        raise Refused(
            "The first day must be today or later. If the pupil goes there already, choose that it began before the "
            "portal",
            field="starts_on",
        )
    if ends_on < starts_on:
        raise Refused("The last day must be the first day or later", field="ends_on")
    if ends_on < today:
        raise Refused("The last day has passed. Only what still runs is written down", field="ends_on")
    if ends_on - starts_on >= LONGEST_DAYS * ONE_DAY:
        raise Refused("A placement can last three years at most: enter an earlier last day", field="ends_on")


def check_agreed(route: str, agreed_on: dt.date | None, *, today: dt.date) -> None:
    """What began before the portal was agreed on a day that has come. Raises `Refused`."""
    if route != Route.LEGACY:
        return
    if agreed_on is None:
        raise Refused("Enter when it was agreed", field="agreed_on")
    if agreed_on > today:
        raise Refused("The day on which it was agreed must be today or in the past", field="agreed_on")


def check_places(where: Iterable[bool]) -> None:
    """Each session has a site or an address. Raises `Refused`."""
    if not all(where):
        raise Refused("Every session needs a site or an address", field="site_1")


def check_referral(state: str, *, placed: bool) -> None:
    """The referral that a spot contract is of stands, and has led to no placement. Raises `Refused`."""
    if state not in {ReferralState.READY, ReferralState.ENQUIRING}:
        raise Refused("This referral is not ready: check it, or choose another", field="referral")
    if placed:
        raise Refused("This referral has led to a placement already. Choose another, or none", field="referral")


def check_cost(total: int, limit: int, *, covered: bool) -> None:
    """Above what may be spent without asking a budget holder has said yes to a referral that covers it. Pence. Raises
    `Refused`."""
    if not covered:
        raise Refused(
            f"This comes to {Money(total)}, more than the {Money(limit)} that may be spent without a budget holder. "
            "Write a referral, have its cost agreed, and choose it here",
            field="referral",
        )


def check_provider(*, shares: bool, suspended: bool) -> None:
    """No identity without an agreement to share data in force, and no new pupil where a provider is suspended. Raises
    `Refused`."""
    if not shares:
        raise Refused(
            "There is no agreement to share pupil data with this provider in force. Write it down under “Data "
            "sharing”, then try again"
        )
    if suspended:
        raise Refused("This provider is suspended, so no pupil can be placed there")
