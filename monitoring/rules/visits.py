"""When providers are visited, what fulfils it, and what a visit that was held must say. Days are days in England."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.calendars import ONE_DAY, Calendar
from lots.rules.refusals import Refused
from monitoring.states import VISIT_MOVES, Every, Found, Owner, VisitKind, VisitState

WEEK = 7
WEEKS_WITHOUT_TERMS = 6  # half a term, where nobody wrote terms down; as reviews of placements have it
LONGEST_HALF = 60  # days: a span of dates that is longer is a whole term
HELD, DUE, OVERDUE = "held", "due", "overdue"
# What a visit that somebody else shares fulfils: never a weekly one, which is about seeing a pupil.
SHARED_FULFILS = {VisitKind.UNANNOUNCED, VisitKind.QUALITY}
WANTING = {Found.PARTLY, Found.NOT_MET}
SOON_DAYS = 7
MEANWHILE = (
    "Somebody saved this visit after you opened it. What you typed is kept here. Look at what stands now in another "
    "window, then save yours if it is still right"
)


@dataclass(frozen=True)
class Span:
    """A week, Monday to Sunday, or a half-term: both days counted."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Had:
    """A visit that was held, as schedules count it. `ours` is false for one that another organisation shares; `whose`
    is that one's name."""

    kind: str
    on: dt.date
    placement: int | None = None
    ours: bool = True
    whose: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a schedule asks for. With `placement` a pupil is seen."""

    kind: str
    from_on: dt.date
    until_on: dt.date | None = None
    placement: int | None = None


@dataclass(frozen=True)
class Stand:
    """How a schedule stands in one week or half-term, and by whose visit it is fulfilled (empty for our own)."""

    span: Span
    how: str
    on: dt.date | None = None
    whose: str = ""


def every(kind: str) -> Every:
    """A face-to-face visit is weekly, any other half-termly."""
    return Every.WEEK if kind == VisitKind.FACE else Every.HALF_TERM


def week_of(day: dt.date) -> Span:
    """Monday to Sunday."""
    first = day - day.weekday() * ONE_DAY
    return Span(first, first + (WEEK - 1) * ONE_DAY)


def weeks(session_days: Iterable[dt.date]) -> list[Span]:
    """The weeks in which there is a session on at least one day."""
    return sorted({week_of(day) for day in session_days}, key=lambda one: one.first)


def half_terms(calendar: Calendar, first: dt.date, last: dt.date) -> list[Span]:
    """The half-terms that touch these days. A span of dates that is longer than sixty days is a whole term and is cut
    in the middle; where nobody wrote terms down half a term is six weeks, counted from the first day."""
    spans: list[Span] = []
    for begins, ends in sorted(calendar.terms):
        days = (ends - begins).days + 1
        middle = begins + (days // 2) * ONE_DAY
        whole = days > LONGEST_HALF
        spans += [Span(begins, middle - ONE_DAY), Span(middle, ends)] if whole else [Span(begins, ends)]
    if not spans:
        length = WEEKS_WITHOUT_TERMS * WEEK
        count = (last - first).days // length + 1
        starts = [first + number * length * ONE_DAY for number in range(count)]
        spans = [Span(start, start + (length - 1) * ONE_DAY) for start in starts]
    return [one for one in spans if one.first <= last and one.last >= first]


def fulfils(wanted: Wanted, had: Had) -> bool:
    """Whether a visit counts for a schedule. One of a pupil is fulfilled by our own visit to that pupil alone; one of a
    provider by any of ours of its kind, and a half-termly one also by an unannounced or quality visit that another
    organisation shares, so that thirty schools need not repeat it."""
    if not had.ours:
        return wanted.placement is None and {wanted.kind, had.kind} <= SHARED_FULFILS
    return wanted.kind == had.kind and wanted.placement in (None, had.placement)


def stands(wanted: Wanted, spans: Sequence[Span], had: Iterable[Had], today: dt.date) -> list[Stand]:
    """How a schedule stands in each of its weeks or half-terms that have begun, the last one first. A half-term in
    which it was made counts, and so does one in which it ends."""
    counts = sorted((one for one in had if fulfils(wanted, one)), key=lambda one: (not one.ours, one.on))
    found = []
    for span in sorted(spans, key=lambda one: one.first, reverse=True):
        if span.first > today or span.last < wanted.from_on or (wanted.until_on and span.first > wanted.until_on):
            continue
        visit = next((one for one in counts if one.on in span), None)
        if visit:
            found.append(Stand(span, HELD, visit.on, visit.whose))
        else:
            found.append(Stand(span, OVERDUE if span.last < today else DUE))
    return found


def check_schedule(*, from_on: dt.date, until_on: dt.date | None, stands_already: bool) -> None:
    """One schedule of a kind for a provider or a pupil, in order of days. Raises `Refused`."""
    if stands_already:
        raise Refused("There is a schedule of this kind already. End it first, or leave it as it is", field="kind")
    if until_on is not None and until_on < from_on:
        raise Refused("The last day must be the first day or later", field="until_on")


def check_plan(*, planned_on: dt.date, today: dt.date) -> None:
    """A visit is planned for a day to come; one that was held today is planned for today. Raises `Refused`."""
    if planned_on < today:
        raise Refused("The day of the visit must be today or later", field="planned_on")


def check_move(now: str, then: str) -> None:
    """A planned visit is held or cancelled, once. Raises `Refused`."""
    if VisitState(then) not in VISIT_MOVES[VisitState(now)]:
        raise Refused(f"This visit is {VisitState(now).label.lower()} already. Nothing was changed")


@dataclass(frozen=True)
class Seen:
    """What was found of one standard, or of something else (`standard` is empty)."""

    number: str
    title: str
    found: str
    words: str = ""
    standard: int | None = None


@dataclass(frozen=True)
class ToDo:
    """What is to be done, whose it is and by when."""

    what: str
    owner: str
    due_on: dt.date


@dataclass(frozen=True)
class Written:
    """A visit as its form says it. `words` are general; `seen` is what was seen of the one pupil, and is sealed."""

    held_on: dt.date | None
    arrived: dt.time | None
    left: dt.time | None
    words: str
    seen: str
    findings: tuple[Seen, ...]
    actions: tuple[ToDo, ...]

    @property
    def texts(self) -> str:
        """Everything that others may read."""
        lines = [self.words, *(f"{one.title}\n{one.words}" for one in self.findings), *(a.what for a in self.actions)]
        return "\n".join(line for line in lines if line)


def check_written(written: Written, *, today: dt.date, finished: bool, of_pupil: bool) -> None:
    """What is wanting is said in words; of a visit to one pupil nothing is the provider's to do, because it does not
    see it. A visit that is finished was held, by today, and says something. Raises `Refused`."""
    if any(one.found in WANTING and not one.words for one in written.findings):
        raise Refused("Write what is wanting for each standard that is partly met or not met")
    if of_pupil and any(one.owner == Owner.PROVIDER for one in written.actions):
        raise Refused("The provider does not see a visit to one pupil. Make each action yours, or plan a visit to it")
    if written.held_on is not None and written.held_on > today:
        raise Refused("The day of the visit must be today or in the past", field="held_on")
    if written.arrived and written.left and written.left <= written.arrived:
        raise Refused("The time you left must be after the time you arrived", field="left")
    if not finished:
        return
    if written.held_on is None:
        raise Refused("Enter the day of the visit", field="held_on")
    if any(one.due_on < written.held_on for one in written.actions):
        raise Refused("An action cannot be due before the visit")
    if not (written.words or written.seen or written.findings):
        raise Refused("Write what you saw", field="words")


def check_share(*, state: str, of_pupil: bool, shared: bool, share: bool) -> None:
    """Only a visit that was held is shared, and never one to a pupil. Raises `Refused`."""
    if of_pupil:
        raise Refused("A visit to one pupil is not shared")
    if state != VisitState.HELD:
        raise Refused("A visit is shared when it was held")
    if shared == share:
        raise Refused("Somebody has changed this meanwhile. Look at the visit again")


def check_done(*, done: bool, done_on: dt.date, held_on: dt.date, today: dt.date) -> None:
    """An action is done once, after the visit, by today. Raises `Refused`."""
    if done:
        raise Refused("Somebody has written down already that this is done")
    if not held_on <= done_on <= today:
        raise Refused("The day must be after the visit, and today or in the past", field="done_on")
