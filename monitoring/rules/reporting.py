"""What a provider's daily report must say: which figures of the records touch which KPI, what one tick may stand for,
and when a report counts as late. Pure; days are England's, moments UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from contracts.states import Fed
from lots.rules.refusals import Refused
from monitoring.rules.times import ENGLAND, is_late
from monitoring.states import Status
from referrals.rules.outline import Names, telling

DRILL_DAYS = 365  # a fire drill is held at least once a year
MOST_WORDS, MOST_ACTION = 2000, 1000
ASKED_ANEW = "What is asked for this day has changed meanwhile. Look at the page again: what you typed is kept"


class Meanwhile(Refused):
    """Something was filed, or something else is asked, since the page was opened."""


@dataclass(frozen=True)
class Figures:
    """What the records say of a day, as counts. `to_come`: not begun and not taken. `told`: absences of which somebody
    was told within 30 minutes; `breaches`: sessions of which nobody was. `drill_on`: the last fire drill."""

    expected: int = 0
    taken: int = 0
    to_come: int = 0
    present: int = 0
    late: int = 0
    absent: int = 0
    told: int = 0
    breaches: int = 0
    concerns: int = 0
    incidents: int = 0
    first_aid: int = 0
    drill_on: str = ""

    @property
    def not_taken(self) -> int:
        """Sessions that have begun and have no mark."""
        return self.expected - self.taken - self.to_come

    @property
    def drilled_on(self) -> dt.date | None:
        return dt.date.fromisoformat(self.drill_on) if self.drill_on else None

    def kept(self) -> dict:
        """As a filed version keeps them."""
        return asdict(self)


@dataclass(frozen=True)
class Asked:
    """One KPI that is reported on, as the rules need it. `lines` are its standards: text, where the answer comes from,
    how often it is asked."""

    kpi: int
    buyer: int
    buyer_name: str
    title: str
    lines: tuple[tuple[str, str, str], ...]

    @property
    def fed(self) -> frozenset[str]:
        return frozenset(fed for _, fed, _ in self.lines)


@dataclass(frozen=True)
class Said:
    """What is said of one KPI. An exception has all three; what is as it should be may have words."""

    status: str
    what: str = ""
    action: str = ""
    by_on: dt.date | None = None


@dataclass(frozen=True)
class Group:
    """KPIs that are answered together: equal in title and lines, and the records say the same of them, so that words
    about one buyer's pupils never reach another. `key` is the first one's; `first` finds it again when it is taken
    apart."""

    key: int
    first: int
    kpis: tuple[Asked, ...]
    facts: tuple[str, ...]

    @property
    def buyers(self) -> list[str]:
        """Whom the answer goes to."""
        return list(dict.fromkeys(one.buyer_name for one in self.kpis))


def facts(figures: Figures, fed: Collection[str], day: dt.date) -> dict[str, list[str]]:
    """What in the records is not as it should be, as sentences by the source of a KPI that it touches. A fact goes to
    the first of its sources that any KPI of that buyer is fed by. Absences that were told in time and concerns that
    were raised are as it should be: nobody is asked to explain why they spoke up."""
    found: dict[str, list[str]] = {}
    for sources, sentence in _facts(figures, day):
        source = next((one for one in sources if one in fed), None)
        if source:
            found.setdefault(source, []).append(sentence)
    return found


def _facts(figures: Figures, day: dt.date) -> Iterable[tuple[tuple[Fed, ...], str]]:
    registers, absences = (Fed.REGISTERS, Fed.ABSENCES), (Fed.ABSENCES, Fed.REGISTERS)
    if figures.not_taken:
        yield registers, f"{_many(figures.not_taken, 'register is', 'registers are')} not taken"
    if figures.to_come:
        yield registers, f"{_many(figures.to_come, 'session is', 'sessions are')} still to come"
    if figures.breaches:
        yield absences, f"Nobody was told within 30 minutes of {_many(figures.breaches, 'session', 'sessions')}"
    if figures.incidents:
        yield (Fed.INCIDENTS,), f"{_many(figures.incidents, 'incident was', 'incidents were')} written down"
    if figures.drilled_on is None or (day - figures.drilled_on).days > DRILL_DAYS:
        yield (Fed.DRILLS,), "No fire drill was written down in the last 12 months"


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def touched(asked: Sequence[Asked], figures: Mapping[int, Figures], day: dt.date) -> dict[int, tuple[str, ...]]:
    """What the records say against each KPI, by its key. Each buyer's KPIs are held against the figures of its own
    pupils, and what concerns no pupil."""
    found: dict[int, tuple[str, ...]] = {}
    for buyer in dict.fromkeys(one.buyer for one in asked):
        mine = [one for one in asked if one.buyer == buyer]
        said = facts(figures[buyer], frozenset().union(*(one.fed for one in mine)), day)
        for one in mine:
            found[one.kpi] = tuple(words for source in Fed for words in said.get(source, ()) if source in one.fed)
    return found


def grouped(asked: Sequence[Asked], against: Mapping[int, tuple[str, ...]], apart: Collection[int] = ()) -> list[Group]:
    """KPIs that are answered together, those that the records say something against first. A group whose first KPI
    stands in `apart` is answered one by one."""
    rows: dict[tuple, list[Asked]] = {}
    for one in asked:
        rows.setdefault((" ".join(one.title.casefold().split()), one.lines, against[one.kpi]), []).append(one)
    found = []
    for (_, _, said), kpis in rows.items():
        first = kpis[0].kpi
        sets = [(one,) for one in kpis] if first in apart else [tuple(kpis)]
        found += [Group(key=some[0].kpi, first=first, kpis=some, facts=said) for some in sets]
    return sorted(found, key=lambda group: not group.facts)


def differing(groups: Iterable[Group], said: Mapping[int, Said]) -> set[int]:
    """The groups of which not all KPIs were answered alike, so that a correction shows each by itself."""
    return {group.first for group in groups if len({said.get(one.kpi) for one in group.kpis}) > 1}


def check_day(day: dt.date, today: dt.date, owed: int) -> None:
    """A report is filed for a day that has come and on which one is owed. Raises `Refused`."""
    if day > today:
        raise Refused("A report is filed on its day or after it. This day has not come")
    if not owed:
        raise Refused("No report is owed for this day: no session was expected under an agreement that asks for one")


def check_seen(seen: int, version: int) -> None:
    """Nobody has filed a version that the person has not seen. Raises `Meanwhile`."""
    if seen != version:
        done = "corrected" if version > 1 else "filed"
        raise Meanwhile(f"Somebody has {done} this report meanwhile. Look at what they filed. What you typed is kept")


def check_said(
    asked: Iterable[Asked],
    said: Mapping[int, Said],
    *,
    against: Mapping[int, tuple[str, ...]],
    before: Mapping[int, Said],
    quiet: bool,
    today: dt.date,
) -> dict[int, Said]:
    """What is filed of each KPI. One without an answer of its own is as it should be by the tick (`quiet`). Where the
    records say otherwise it takes words or an exception, never the tick alone. An exception says what, what is done and
    by which day, today or later, unless an earlier version (`before`) said the same already. Raises `Refused`."""
    found = {}
    for one in asked:
        if one.kpi not in said:
            raise Meanwhile(ASKED_ANEW)
        found[one.kpi] = _checked(one, said[one.kpi], against.get(one.kpi, ()), before.get(one.kpi), quiet, today)
    return found


def _checked(one: Asked, said: Said, against, before: Said | None, quiet: bool, today: dt.date) -> Said:
    status = said.status or (Status.WELL if quiet else "")
    if status not in Status:
        raise Refused(f"{one.title}: say how it was, or tick that all was as it should be", field=f"status_{one.kpi}")
    if status == Status.WELL:
        if against and not said.what:
            raise Refused(unexplained(one, against), field=f"what_{one.kpi}")
        return Said(Status.WELL, said.what)
    for text, field, words in (
        (said.what, "what", "write what was not as it should be"),
        (said.action, "action", "write what is done about it"),
        (said.by_on, "by", "enter the day by which it is done"),
    ):
        if not text:
            raise Refused(f"{one.title}: {words}", field=f"{field}_{one.kpi}")
    if said.by_on < today and (before is None or before.by_on != said.by_on):
        raise Refused("The day by which it is done must be today or later", field=f"by_{one.kpi}")
    return said


def unexplained(one: Asked, against: Sequence[str]) -> str:
    """What to say where the records speak against a KPI and nobody says a word about it."""
    return f"{one.title}: {against[0]}. Say what happened, or choose “{Status.EXCEPTION.label}”"


def check_names(texts: Iterable[tuple[str, str]], people: Sequence[str]) -> None:
    """A report goes to every buyer's contract managers and stays for years, so its words name no pupil who had a
    session that day, and hold no telephone number or email address. `texts` are fields and what stands in them. Raises
    `Refused`."""
    names = Names(people=tuple(people))
    for field, text in texts:
        if text and (found := telling(text, names)):
            raise Refused(
                f"Take out “{found}”: a report names no pupil. What concerns one pupil belongs to the register, "
                "an incident or a concern",
                field=field,
            )


def is_quiet(quiet: bool, said: Iterable[Said]) -> bool:
    """One tick said everything: no exception and no words."""
    return quiet and all(one == Said(Status.WELL) for one in said)


def is_late_due(day: dt.date, made_at: dt.datetime, cut_off: dt.time, filed_at: dt.datetime) -> bool:
    """Whether what was filed came after the buyer's cut-off, of the day itself, or of the day on which the portal asked
    for it where that was later (it was down)."""
    return is_late(max(day, made_at.astimezone(ENGLAND).date()), cut_off, filed_at)


def changed(before: Mapping, now: Mapping) -> set:
    """Of what a later version says differently: the keys."""
    return {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
