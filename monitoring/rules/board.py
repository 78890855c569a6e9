"""What a buyer's board says of each provider's daily reports: lines of a period, worst first, the days of each KPI, and
what exceptions came to. Pure; days are England's."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.calendars import ONE_DAY, Span
from monitoring.rules.standing import term_of
from monitoring.states import Status

LONGEST_DAYS = 366
RATED_MONTHS = 11  # after which the board says that a rating is due: the Act asks for one in each 12 months
ON_TIME, LATE, MISSING, TODAY = "on-time", "late", "missing", "today"
WORDS = {ON_TIME: "On time", LATE: "Late", MISSING: "Missing", TODAY: "Due today"}
SIGNS = {ON_TIME: "✓", LATE: "L", MISSING: "M", TODAY: "…"}
OPEN, OVERDUE, CLOSED = "open", "overdue", "closed"


@dataclass(frozen=True)
class Line:
    """A provider's reports over a period, in reporting days; a day is as late as its latest KPI, and missing while one
    is. `today`: something is due today and not filed. `well_row` and `missed_row` are days in a row up to the last one,
    of which one is 0. `exceptions` are counted by KPI and day; `overdue` are those of the last year whose action had
    its day and that nothing says are mended."""

    provider: int
    name: str
    owed: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    exceptions: int = 0
    well_row: int = 0
    missed_row: int = 0
    overdue: int = 0
    last_on: dt.date | None = None
    oldest_missing: dt.date | None = None
    today: bool = False

    @property
    def share(self) -> int | None:
        """Days on time in a hundred, rounded down, so that 100 means all of them."""
        return self.on_time * 100 // self.owed if self.owed else None


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """By days missed in a row, then days missing, then days late, then exceptions; equals by name."""

    def key(line: Line):
        return (-line.missed_row, -line.missing, -line.late, -line.exceptions, line.name.casefold(), line.provider)

    return sorted(lines, key=key)


def period_of(today: dt.date, spans: Iterable[Span]) -> Span:
    """This half-term as it was written down, up to today; in a holiday the half-term before it. Where none were written
    down, the term."""
    begun = [first for first, _ in spans if first <= today]
    return (max(begun) if begun else term_of(today, ())[0]), today


def last_rated_by(today: dt.date) -> dt.date:
    """Eleven months before a day: a KPI that was rated last before it is to be rated."""
    months = today.year * 12 + today.month - 1 - RATED_MONTHS
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(today.day, 28))


@dataclass(frozen=True)
class Due:
    """A KPI that was to be reported on for a day."""

    kpi: int
    day: dt.date
    reported: bool
    late: bool


@dataclass(frozen=True)
class Said:
    """What one version of a day's report says of a KPI."""

    kpi: int
    day: dt.date
    version: int
    report: int
    status: str
    what: str = ""
    action: str = ""
    by_on: dt.date | None = None

    @property
    def words(self) -> tuple:
        return self.status, self.what, self.action, self.by_on


@dataclass(frozen=True)
class Cell:
    """A KPI on a day; `report` is the newest version, where there is one. Without a state nothing was due."""

    day: dt.date
    state: str = ""
    told: bool = False
    report: int | None = None
    title: str = ""

    @property
    def words(self) -> str:
        """What its colour says, for who does not see it."""
        if not self.state:
            return "Nothing due"
        return f"{WORDS[self.state]}, something to tell" if self.told else WORDS[self.state]

    @property
    def sign(self) -> str:
        """The same in one or two letters."""
        return SIGNS.get(self.state, "") + ("!" if self.told else "")


@dataclass(frozen=True)
class Week:
    """A week's picture: its days, and a row of cells for each KPI that something was due of."""

    monday: dt.date
    days: tuple[dt.date, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def newest(said: Iterable[Said]) -> dict[tuple[int, dt.date], Said]:
    """Of each KPI and day what the newest version says."""
    found: dict[tuple[int, dt.date], Said] = {}
    for one in sorted(said, key=lambda one: one.version):
        found[one.kpi, one.day] = one
    return found


def corrected(said: Iterable[Said]) -> dict[dt.date, int]:
    """The days of which a later version said something else of one of these KPIs, with the key of that report. What was
    asked only later, and so answered later, is no correction."""
    by_kpi: dict[tuple[int, dt.date], Said] = {}
    found: dict[dt.date, Said] = {}
    for one in sorted(said, key=lambda one: one.version):
        before = by_kpi.get((one.kpi, one.day))
        if before is not None and before.words != one.words:
            found[one.day] = one
        by_kpi[one.kpi, one.day] = one
    return {day: found[day].report for day in sorted(found, reverse=True)}


def weeks_of(
    dues: Iterable[Due], said: Mapping[tuple[int, dt.date], Said], titles: Mapping[int, str], *, today: dt.date
) -> list[Week]:
    """The weeks with something due, newest first: Monday to Friday, with the weekend where something is due on one.
    KPIs stand in the order of `titles`."""
    by_week: dict[dt.date, dict[tuple[int, dt.date], Due]] = defaultdict(dict)
    for due in dues:
        by_week[due.day - due.day.weekday() * ONE_DAY][due.kpi, due.day] = due
    weeks = []
    for monday in sorted(by_week, reverse=True):
        held = by_week[monday]
        days = tuple(monday + n * ONE_DAY for n in range(7 if any(day.weekday() > 4 for _, day in held) else 5))
        asked = {kpi for kpi, _ in held}
        rows = tuple(
            (kpi, tuple(_cell(held.get((kpi, day)), said.get((kpi, day)), day, titles[kpi], today) for day in days))
            for kpi in titles
            if kpi in asked
        )
        weeks.append(Week(monday, days, rows))
    return weeks


def _cell(due: Due | None, said: Said | None, day: dt.date, title: str, today: dt.date) -> Cell:
    if due is None:
        return Cell(day)
    if not due.reported:
        return Cell(day, TODAY if day >= today else MISSING, title=title)
    told = said is not None and said.status == Status.EXCEPTION
    return Cell(day, LATE if due.late else ON_TIME, told, said.report if said else None, title)


@dataclass(frozen=True)
class Told:
    """An exception and what it came to."""

    said: Said
    state: str


def told_of(said: Mapping[tuple[int, dt.date], Said], *, today: dt.date) -> list[Told]:
    """Exceptions, newest first. One is closed when a report for a later day says of the same KPI that it is as it
    should be; until then it is open, and overdue once the day of its action has passed."""
    well: dict[int, dt.date] = {}
    for (kpi, day), one in said.items():
        if one.status == Status.WELL:
            well[kpi] = max(day, well.get(kpi, day))
    found = []
    for one in said.values():
        if one.status == Status.EXCEPTION:
            is_closed = one.kpi in well and well[one.kpi] > one.day
            found.append(Told(one, CLOSED if is_closed else OVERDUE if one.by_on < today else OPEN))
    return sorted(found, key=lambda told: (told.said.day, -told.said.kpi), reverse=True)
