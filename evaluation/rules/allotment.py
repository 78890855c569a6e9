"""Who judges what: two people for every bid and standard, by the framework's policy. Keys are those of rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.states import NEEDS_A_SECOND, Slot

Key = tuple[int, int, int | None]
_NAMED = 6  # standards, and bids of each, that a refusal names


@dataclass(frozen=True)
class Place:
    """One bid and one standard (and one lot, where quality is judged for each) that two people judge. `number` is the
    bid's, `label` the standard's as it is printed; `position` is the place in every queue."""

    bid: int
    standard: int
    lot: int | None
    number: int
    label: str
    theme: int
    two_blind: bool
    position: int

    @property
    def key(self) -> Key:
        """By which its rows are found."""
        return self.bid, self.standard, self.lot


@dataclass(frozen=True)
class Held:
    """A judgement that somebody holds; `outcome` only once it is locked."""

    person: int
    number: int
    outcome: str = ""


@dataclass(frozen=True)
class Share:
    """A judgement to give to somebody."""

    place: Place
    person: int
    number: int
    slot: Slot
    sampled: bool


@dataclass
class Plan:
    """What is given out, and the places for which fewer than two people are left."""

    shares: list[Share] = field(default_factory=list)
    gaps: list[Place] = field(default_factory=list)


def is_sampled(seed: str, bid_number: int, standard: str, percent: int) -> bool:
    """Whether a standard of a bid is in the blind sample, drawn so that anybody can draw it again by hand: of the
    SHA-256 of `seed|bid's number|standard's number` the first eight hexadecimal digits, read as a number, leave a
    remainder below `percent` when divided by 100."""
    drawn = hashlib.sha256(f"{seed}|{bid_number}|{standard}".encode()).hexdigest()
    return int(drawn[:8], 16) % 100 < percent


def slot_of(number: int, *, two_blind: bool, sampled: bool, first: str = "") -> Slot:
    """How somebody judges. `first` is what the first decided, once it is locked. Elsewhere than where two judge blind
    from the beginning, the second is asked only then: blind when the place was sampled and when the first would fail
    the bid or wave the standard away, so that they cannot tell which; else as a reader."""
    if two_blind:
        return Slot.BLIND
    if number == 1:
        return Slot.BLIND if sampled else Slot.FIRST
    if not first:
        return Slot.LATER
    return Slot.BLIND if sampled or first in NEEDS_A_SECOND else Slot.READER


@dataclass
class Loads:
    """How much each person has: in all, and as the first."""

    all: Counter
    firsts: Counter

    def least(self, people: Iterable[int], count: int) -> list[int]:
        """Those who have least, lowest key first where they are equal."""
        return sorted(people, key=lambda person: (self.all[person], person))[:count]

    def pair(self, people: Iterable[int]) -> list[int]:
        """The two who have least, and of them first who was first less often."""
        return sorted(self.least(people, 2), key=lambda person: (self.firsts[person], person))

    def add(self, person: int, number: int) -> None:
        """One more."""
        self.all[person] += 1
        self.firsts[person] += number == 1


def plan(
    places: Sequence[Place],
    *,
    able: Callable[[Place], tuple[int, ...]],
    held: Mapping[Key, Collection[Held]],
    seed: str,
    percent: int,
) -> Plan:
    """Give out what is missing, in the order of the queue. `able` says who may judge a place. All standards of one
    theme of one bid go to the same two people where the same people may judge them, so that few read each bid; work is
    shared evenly otherwise, and so is being the first."""
    loads = Loads(Counter(), Counter())
    for several in held.values():
        for one in several:
            loads.add(one.person, one.number)
    found, chosen = Plan(), {}
    for place in places:
        have = held.get(place.key, ())
        free = tuple(person for person in able(place) if all(person != one.person for one in have))
        numbers = [number for number in (1, 2) if all(number != one.number for one in have)]
        alike = (place.theme, place.bid, free, tuple(numbers))
        if alike not in chosen:
            chosen[alike] = loads.pair(free) if len(numbers) == 2 else loads.least(free, len(numbers))
        people = chosen[alike]
        if len(people) < len(numbers):
            found.gaps.append(place)
        sampled = not place.two_blind and is_sampled(seed, place.number, place.label, percent)
        first = next((one.outcome for one in have if one.number == 1), "")
        for number, person in zip(numbers, people, strict=False):
            slot = slot_of(number, two_blind=place.two_blind, sampled=sampled, first=first)
            found.shares.append(Share(place, person, number, slot, sampled))
            loads.add(person, number)
    return found


def in_words(gaps: Collection[Place], bids: int) -> str:
    """The places for which too few people are left: standards, each with the bids by number; never by name, which not
    everybody who reads it may know."""
    standards: dict[str, list[int]] = {}
    for place in gaps:
        numbers = standards.setdefault(place.label, [])
        if place.number not in numbers:
            numbers.append(place.number)
    said = []
    for label, numbers in list(standards.items())[:_NAMED]:
        more = "" if len(numbers) <= _NAMED else f" and {len(numbers) - _NAMED} more"
        which = ", ".join(str(number) for number in numbers[:_NAMED])
        bid = "bid" if len(numbers) == 1 else "bids"
        said.append(f"{label} (every bid)" if len(numbers) == bids else f"{label} ({bid} {which}{more})")
    rest = "" if len(standards) <= _NAMED else f"; and {len(standards) - _NAMED} more standards"
    return "; ".join(said) + rest
