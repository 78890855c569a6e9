"""In which order offers stand, by the mechanism that the framework published (Procurement Act 2023, s.45(4)(b)), and
when another than the first may be chosen. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.states import Selection
from referrals.rules.timetable import hours_in_words


@dataclass(frozen=True)
class Wanted:
    """What was asked for: minutes a week, first and last day (empty where nobody said)."""

    minutes: int | None
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True)
class Bid:
    """An offer as it is ranked. `rank` is where its place's price at award stands among all places on the same part and
    price line, 1 the lowest; `fits_mode` whether its price line is for what was asked for."""

    offer: int
    total_pence: int
    starts_on: dt.date
    ends_on: dt.date
    minutes: int
    fits_mode: bool
    rank: int


@dataclass(frozen=True)
class Ranked:
    """Where an offer stands. `short_of` says what it lacks of the need, `late` that it starts after the day asked for.
    Offers that nothing sets apart share a position."""

    offer: int
    position: int
    short_of: tuple[str, ...]
    late: bool

    @property
    def is_first(self) -> bool:
        return self.position == 1


def order_of(bids: Iterable[Bid], *, wanted: Wanted, selection: str) -> tuple[Ranked, ...]:
    """Offers that meet the need before those that fall short of it; then those that start by the day asked for; then by
    the lowest total cost, or by the rank of the price at award. What is equal in all of it shares a position."""
    judged = []
    for bid in bids:
        short, late = short_of(bid, wanted), bool(wanted.starts_on and bid.starts_on > wanted.starts_on)
        decides = bid.rank if selection == Selection.RANKED else bid.total_pence
        judged.append(((bool(short), late, decides), bid, short, late))
    judged.sort(key=lambda one: (one[0], one[1].offer))
    keys = [one[0] for one in judged]
    return tuple(Ranked(bid.offer, keys.index(key) + 1, short, late) for key, bid, short, late in judged)


def short_of(bid: Bid, wanted: Wanted) -> tuple[str, ...]:
    """What an offer lacks of what was asked for, in words; nothing where it meets the need. A shorter or thinner offer
    is cheaper by that alone, so it does not stand before one that gives what was asked for."""
    found = []
    if wanted.minutes and bid.minutes < wanted.minutes:
        found.append(f"{hours_in_words(bid.minutes)} a week, {hours_in_words(wanted.minutes)} were asked for")
    if wanted.ends_on and bid.ends_on < wanted.ends_on:
        found.append("Ends before the day asked for")
    if not bid.fits_mode:
        found.append("Taught in another way than asked for")
    return tuple(found)


def check_departure(*, first: bool, ground: str, reason: str, grounds: Sequence[str]) -> None:
    """The first in order needs no ground; any other is chosen on one that the framework published, with the reason for
    this pupil. Raises `Refused`."""
    if first and (ground or reason):
        raise Refused("This offer is first in order, so it needs no ground. Leave the ground and the reason empty")
    if first:
        return
    if ground not in grounds:
        raise Refused("This offer is not first in order. Select the ground on which you choose it", field="ground")
    if not reason.strip():
        raise Refused("Enter why that ground holds for this pupil", field="reason")


def grounds_of(departures: str) -> tuple[str, ...]:
    """The published grounds, one a line."""
    return tuple(line.strip() for line in departures.splitlines() if line.strip())
