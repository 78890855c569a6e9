"""Where postcodes are: what a row of the national list means, and how far two points are from each other.

Ordnance Survey's Code-Point Open comes as a ZIP archive of CSV files without headers, whose columns are postcode,
quality, easting and northing first; a quality of 90 says that the place is not known. A CSV of our own has headers.
Points are (easting, northing) on the national grid (OSGB36), in metres."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from accounts.rules import identifiers
from accounts.rules.schools import BadFile, BadRow

METRES_IN_A_MILE = 1609.344
EAST, NORTH = 700_000, 1_300_000  # the edges of the national grid
NAMES = {
    "code": {"postcode", "pc", "code", "pcd", "pcds"},
    "easting": {"easting", "eastings", "ea"},
    "northing": {"northing", "northings", "no"},
}

Point = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """The numbers of the columns that are read, from 0."""

    code: int
    easting: int
    northing: int


CODE_POINT = Layout(code=0, easting=2, northing=3)


def is_header(cells: Sequence[str]) -> bool:
    """The row names columns. No postcode is spelled as one of the names."""
    return any(_folded(cell) in NAMES["code"] for cell in cells)


def layout_of(cells: Sequence[str]) -> Layout:
    """Where the columns stand that these headers name. Raises `BadFile` naming what is missing."""
    found = {}
    for number, cell in enumerate(cells):
        for name, spellings in NAMES.items():
            if _folded(cell) in spellings:
                found.setdefault(name, number)
    missing = [name for name in NAMES if name not in found]
    if missing:
        raise BadFile(
            f"The file has no column “{'” or “'.join(missing)}”. Its headers must be code, easting and northing"
        )
    return Layout(**found)


def _folded(cell: str) -> str:
    return cell.strip().lower()


def row(cells: Sequence[str], layout: Layout) -> tuple[str, int, int] | None:
    """Postcode, easting and northing of a row; nothing where the list does not know the place. Raises `BadRow`."""
    if len(cells) <= max(layout.code, layout.easting, layout.northing):
        raise BadRow(f"has {len(cells)} columns")
    code = read(cells[layout.code])
    easting, northing = _metres(cells[layout.easting], EAST), _metres(cells[layout.northing], NORTH)
    return (code, easting, northing) if easting or northing else None


def read(text: str) -> str:
    """A postcode in its usual spelling, whatever the case, the spaces and the padding. Raises `BadRow`."""
    try:
        return identifiers.postcode(text[:40])
    except identifiers.WrongIdentifier as error:
        raise BadRow("has no postcode that could be one") from error


def _metres(text: str, most: int) -> int:
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{1,7}", digits) or int(digits) > most:
        raise BadRow(f"has a place that is not on the national grid: metres from 0 to {most:,}")
    return int(digits)


def distance(one: Point, other: Point) -> int:
    """Metres between two points in a straight line, to the nearest."""
    return round(hypot(one[0] - other[0], one[1] - other[1]))


def in_miles(metres: int) -> str:
    """A distance as a reader reads it: `2.4 miles`; whole miles from ten on."""
    miles = metres / METRES_IN_A_MILE
    if miles < 0.1:
        return "less than 0.1 miles"
    shown = f"{miles:.1f}" if round(miles, 1) < 10 else f"{miles:,.0f}"
    shown = shown.removesuffix(".0")
    return f"{shown} mile" if shown == "1" else f"{shown} miles"
