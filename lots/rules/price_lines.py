"""Price lines: what is usual, what may stand together in a lot, and where prices are likely to have no company.

An average presupposes like for like, and says little of one or two prices: the warnings here are given before anybody
bids (framework notice, award criteria; DESIGN section 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lots.rules.refusals import Refused
from lots.states import Gated, Group, Mode, Pool, Unit

FEWEST = 3  # prices that an average should be taken of
MOST_LINES = 60  # in one lot


@dataclass(frozen=True)
class Line:
    """A price line. `unit`, `mode`, `group` and `gated` are values of the states of these names."""

    title: str
    unit: str
    mode: str
    group: str
    includes: str = ""
    gated: str = Gated.GATED
    required: bool = True


@dataclass(frozen=True)
class Priced:
    """A lot as far as its prices go: `parts` is how many parts it has."""

    number: str
    title: str
    is_auto: bool
    parts: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Caution:
    """What to think about in one lot."""

    code: str
    lot: str
    text: str


USUAL = {
    "half_day": Line("Half-day session, small group", Unit.HALF_DAY, Mode.ON_SITE, Group.SMALL),
    "day": Line("Full day, small group", Unit.DAY, Mode.ON_SITE, Group.SMALL),
    "hour_one": Line("Hour, one pupil", Unit.HOUR, Mode.ANY, Group.ONE),
    "hour_home": Line("Hour at home, one pupil", Unit.HOUR, Mode.HOME, Group.ONE),
    "hour_online": Line("Hour online, one pupil", Unit.HOUR, Mode.ONLINE, Group.ONE),
    "session_one": Line("Session, one pupil", Unit.SESSION, Mode.ANY, Group.ONE),
    "half_day_one": Line("Half-day session, one pupil", Unit.HALF_DAY, Mode.ON_SITE, Group.ONE),
    "week": Line("Full week, small group", Unit.WEEK, Mode.ON_SITE, Group.SMALL),
}
_GUESSES = [
    ("hour_online", r"\bonline\b|\bvirtual (?:learning|tuition|teaching)\b|\bremote\b"),
    ("hour_one", r"\btuition\b|\btutor|\bone[- ]to[- ]one\b|\b1[:-]1\b|\bmentor|\bcounsel"),
    ("session_one", r"\btherap"),
]


def usual_line(title: str) -> Line:
    """The line that a lot of this title begins with: an hour with one pupil for tuition and mentoring, a session with
    one pupil for therapy, else a half-day in a small group."""
    for code, words in _GUESSES:
        if re.search(words, title, flags=re.I):
            return USUAL[code]
    return USUAL["half_day"]


def fitted(line: Line, standing: Sequence[Line], *, is_auto: bool) -> Line:
    """A line as it is added to those that stand in the lot: the first one is compared, further ones are only asked
    for until the officer says otherwise, and so is every line of a lot that nobody bids for."""
    compared = any(other.gated == Gated.GATED for other in standing)
    return replace(line, gated=Gated.QUOTED) if compared or is_auto else line


def check(line: Line, others: Iterable[Line], *, is_auto: bool, lot: str) -> None:
    """Raise `Refused` when this line cannot stand beside the others of its lot."""
    others = list(others)
    if any(other.title.casefold() == line.title.casefold() for other in others):
        raise Refused(f"Lot {lot} already has a price line called “{line.title}”: choose another name", field="title")
    if is_auto and line.gated == Gated.GATED:
        raise Refused(
            f"Nobody bids for lot {lot}, so its prices cannot be compared: choose “Asked for, not compared”",
            field="gated",
        )
    if len(others) >= MOST_LINES:
        raise Refused(f"Lot {lot} has {MOST_LINES} price lines already: remove one first", field="title")


def pools(lot: Priced, pool: str) -> int:
    """How many averages the lot's prices are split into."""
    compared = sum(line.gated == Gated.GATED for line in lot.lines)
    return compared * (lot.parts if pool == Pool.SUB_LOT and lot.parts else 1)


def cautions(lots: Iterable[Priced], pool: str) -> tuple[Caution, ...]:
    """Where lines, units or parts are likely to leave fewer than three prices to compare, or compare unlike things."""
    return tuple(caution for lot in lots for caution in _cautions_of(lot, pool))


def _cautions_of(lot: Priced, pool: str) -> Iterable[Caution]:
    compared = [line for line in lot.lines if line.gated == Gated.GATED]
    if lot.is_auto:
        if compared:
            yield Caution(
                "auto_compared", lot.number, f"Nobody bids for lot {lot.number}: its prices cannot be compared"
            )
        return
    if lot.lines and not compared:
        text = f"No price of lot {lot.number} is compared with others, so no bid for it can fail on price"
        yield Caution("none_compared", lot.number, text)
    if len(compared) > 1:
        text = (
            f"Lot {lot.number} has {len(compared)} price lines that are compared. Each has an average of its own, and "
            f"whoever offers only some of them leaves the others with fewer than {FEWEST} prices"
        )
        yield Caution("many_compared", lot.number, text)
    for line in compared:
        if not line.required:
            text = (
                f"“{line.title}” in lot {lot.number} may be left out of a bid, so fewer than {FEWEST} prices may be "
                "left to compare"
            )
            yield Caution("optional_compared", lot.number, text)
        if line.group == Group.ANY:
            text = f"“{line.title}” in lot {lot.number} is for any number of pupils: unlike prices may be compared"
            yield Caution("any_group", lot.number, text)
    units: dict[tuple[str, str], set[str]] = {}
    for line in compared:
        units.setdefault((line.mode, line.group), set()).add(line.unit)
    for (mode, group), found in units.items():
        if len(found) > 1:
            names = " and ".join(sorted(Unit(unit).label for unit in found))
            text = (
                f"Lot {lot.number} asks for the same thing by the {names} ({Mode(mode).label.lower()}, "
                f"{Group(group).label.lower()}). Units are never converted, so each has an average of its own"
            )
            yield Caution("many_units", lot.number, text)
    if pool == Pool.SUB_LOT and lot.parts > 1 and compared:
        text = (
            f"Prices of lot {lot.number} are compared for each of its {lot.parts} parts by itself, so there are "
            f"{pools(lot, pool)} averages in place of {len(compared)}, each of fewer prices"
        )
        yield Caution("split_by_part", lot.number, text)
