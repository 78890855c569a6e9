"""The directory: what is searched for, how far away it is, and a fair order among equals."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

METRES_A_MILE = 1609.344
MILES = (2, 5, 10, 15, 25, 50)
# Two primes just under 2 ** 31: the product of two smaller numbers fits a column of 64 bits in both databases.
FIRST, SECOND = 2_147_483_647, 2_147_483_579


@dataclass(frozen=True)
class Fair:
    """An order by lot. The same two numbers give the same order; drawn anew, they give any other as likely."""

    times: int
    plus: int

    def rank(self, pk: int) -> int:
        """Where a key stands in this order: the lower, the earlier. `queries.directory.ranked` says it in SQL. The
        square breaks up keys that follow one another, which otherwise would leave the middle ones behind."""
        mixed = (pk % FIRST * self.times + self.plus) % FIRST
        return mixed * mixed % SECOND


def drawn(seed: str) -> Fair:
    """The order that a session sees. Nobody is put first for a name or for the day of an award (equal treatment,
    Procurement Act 2023, s.12), and whoever searches again finds everybody where they were."""
    number = int(hashlib.sha256(seed.encode()).hexdigest(), 16)
    number, times = divmod(number, FIRST - 1)
    return Fair(times + 1, number % FIRST)


@dataclass(frozen=True)
class Point:
    """A place on the national grid, in metres (OSGB36)."""

    easting: int
    northing: int

    def metres_to(self, easting: int, northing: int) -> float:
        """As the crow flies."""
        return math.hypot(self.easting - easting, self.northing - northing)


def metres(miles: int) -> int:
    """Whole metres, rounded up."""
    return math.ceil(miles * METRES_A_MILE)


def miles_in_words(distance: float) -> str:
    """Metres in the words of pages, to the nearest mile: `Under 1 mile`, `1 mile`, `12 miles`."""
    if distance < METRES_A_MILE:
        return "Under 1 mile"
    whole = round(distance / METRES_A_MILE)
    return "1 mile" if whole == 1 else f"{whole} miles"


@dataclass(frozen=True)
class Spot:
    """A site as a distance is told from it: where it is, if that is known, and what kind of site it is."""

    town: str
    kind: str
    easting: int | None = None
    northing: int | None = None


# What is said of a site that nobody travels to, or that has no address of its own.
_WORDS = {"online": "Online", "home": "At the pupil’s home", "community": "In the community"}


def nearest(spots: list[Spot], point: Point | None) -> tuple[str, str]:
    """Where a provider is met, and how far that is: the site nearest to `point`. Where no distance can be told, the
    first site with an address, else what kind it is; the second is then empty."""
    measured = [
        (point.metres_to(spot.easting, spot.northing), spot.town, number)
        for number, spot in enumerate(spots)
        if point and spot.easting is not None and spot.northing is not None
    ]
    if measured:
        distance, town, _ = min(measured)
        return town or "Town not given", miles_in_words(distance)
    for spot in sorted(spots, key=lambda spot: spot.kind != "premises"):
        return spot.town or _WORDS.get(spot.kind, "Town not given"), ""
    return "Not given", ""


@dataclass(frozen=True)
class Search:
    """What somebody looks for; what is empty narrows nothing. `halves` are (weekday, half), 0 is Monday: all of them
    must be free. `most_pence` is for one `unit`, without VAT. `within` is in miles from `point`. `order` is `distance`,
    `price` (of one `unit`) or empty; equals stand in the order drawn by lot."""

    framework: int | None = None
    lot: int | None = None
    phase: str = ""
    need: str = ""
    mode: str = ""
    unit: str = ""
    most_pence: int | None = None
    registered: str = ""
    halves: tuple[tuple[int, str], ...] = ()
    known_only: bool = False
    point: Point | None = None
    within: int | None = None
    order: str = ""
