"""How well a KPI was met over a period, proposed from what the portal knows; a person decides (Procurement Act 2023,
s.71; Procurement Regulations 2024, reg 39(5)). Pure; shares are compared as whole numbers."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from contracts.states import ContractState, Fed
from lots.rules.refusals import Refused
from monitoring.rules.board import LONGEST_DAYS
from monitoring.states import Grade

MOST_WORDS = 2000
SCALE = (Grade.GOOD, Grade.APPROACHING, Grade.IMPROVE, Grade.INADEQUATE)
RATED = (ContractState.IN_FORCE, ContractState.ENDED)
CHANGED = "Somebody rated this period, or its figures changed, since you opened the page. Look at them, then save again"


@dataclass(frozen=True)
class Figures:
    """What is known of a KPI over a period. `owed` and what follows are its reports; `overdue`: exceptions whose action
    had its day and that no later report says are mended; `sessions`, `not_taken` and `breaches` are those of the
    agreement, pupils and days."""

    owed: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    exceptions: int = 0
    overdue: int = 0
    sessions: int = 0
    not_taken: int = 0
    breaches: int = 0

    def kept(self) -> dict:
        """As a rating keeps them."""
        return asdict(self)


@dataclass(frozen=True)
class Measure:
    """One thing that is held against the figures: `bad` of `whole`. `most` says how many in a hundred (`per_cent`), or
    how many, still are good, approaching target, and require improvement; more is inadequate. `fed`: only for a KPI
    that is fed by it."""

    words: str
    bad: str
    whole: str
    most: tuple[int, int, int]
    per_cent: bool = True
    fed: str = ""

    @property
    def limits(self) -> str:
        """The thresholds in words."""
        good, approaching, improve = (f"{one}%" if self.per_cent else f"{one}" for one in self.most)
        return (
            f"Good up to {good}, approaching target up to {approaching}, requires improvement up to {improve}, "
            "inadequate above"
        )


MEASURES = (
    Measure("Reports that came late or are missing", "not_on_time", "owed", (5, 15, 30)),
    Measure("Reports that are missing", "missing", "owed", (1, 5, 15)),
    Measure("Actions that are overdue", "overdue", "exceptions", (0, 1, 3), per_cent=False),
    Measure("Registers that were not taken", "not_taken", "sessions", (1, 3, 10), fed=Fed.REGISTERS),
    Measure("Breaches of the 30 minutes", "breaches", "sessions", (0, 1, 3), fed=Fed.ABSENCES),
)


@dataclass(frozen=True)
class Held:
    """A measure held against the figures."""

    measure: Measure
    bad: int
    whole: int
    grade: str

    @property
    def figures(self) -> str:
        """As a page shows it, the share to a tenth, rounded up, so that a breach is never 0%."""
        if not self.measure.per_cent:
            return f"{self.bad}"
        tenths = -(-self.bad * 1000 // self.whole)
        return f"{self.bad:,} of {self.whole:,} ({tenths // 10}.{tenths % 10}%)"

    @property
    def label(self) -> str:
        return Grade(self.grade).label


def held(figures: Figures, fed: Collection[str]) -> list[Held]:
    """Each measure that says something of this KPI. Shares of nothing say nothing."""
    found = []
    for one in MEASURES:
        bad, whole = _of(figures, one.bad), _of(figures, one.whole)
        if (one.fed and one.fed not in fed) or not figures.owed or (one.per_cent and not whole):
            continue
        at = sum(bad * 100 > most * whole if one.per_cent else bad > most for most in one.most)
        found.append(Held(one, bad, whole, SCALE[at]))
    return found


def _of(figures: Figures, name: str) -> int:
    return figures.late + figures.missing if name == "not_on_time" else getattr(figures, name)


def proposed(figures: Figures, fed: Collection[str]) -> str:
    """The grade of the worst measure; `OTHER` where nothing was to be reported, so that nothing can be judged."""
    grades = [one.grade for one in held(figures, fed)]
    return max(grades, key=SCALE.index) if grades else Grade.OTHER


def mark_of(standing: int | None, figures: Mapping | Figures) -> str:
    """What a page saw: the rating that stands for the period, and the figures."""
    kept = figures.kept() if isinstance(figures, Figures) else dict(figures)
    return hashlib.sha256(json.dumps([standing, kept], sort_keys=True).encode()).hexdigest()[:16]


def check_period(first: dt.date, last: dt.date, *, today: dt.date) -> None:
    """A period that has ended or ends today, of a year at most. Raises `Refused`."""
    if last < first:
        raise Refused("The last day must be the first day or later", field="last")
    if last > today:
        raise Refused("The last day must be today or earlier", field="last")
    if (last - first).days >= LONGEST_DAYS:
        raise Refused("Choose a year at the most", field="last")


def check_begun(from_on: dt.date, last: dt.date) -> None:
    """A measure is rated once it is reported on: until then it can still be taken back. Raises `Refused`."""
    if last < from_on:
        raise Refused(f"This measure is reported on from {from_on.day} {from_on:%B %Y}. It is rated after that")


def check_rating(*, state: str, grade: str, reason: str) -> None:
    """A grade of the Act's scale with a reason, under an agreement that both signed. Raises `Refused`."""
    if state not in RATED:
        raise Refused("A measure is rated once both sides have signed the agreement")
    if grade not in Grade:
        raise Refused("Choose a rating", field="grade")
    if not reason.strip():
        raise Refused("Enter the reason", field="reason")
    if len(reason) > MOST_WORDS:
        raise Refused(f"The reason must have {MOST_WORDS:,} characters or fewer", field="reason")
