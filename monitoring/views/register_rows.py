"""A line of a register, in words: the same on the whole page and alone, when a script asks for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from core.addresses import address
from monitoring.models import Alert, Session
from monitoring.rules import registers as rules
from monitoring.states import BREACHES, AlertKind, Mark, SessionState

COLOURS = {Mark.PRESENT: "green", Mark.LATE: "yellow", Mark.ABSENT: "red", "": "grey"}
LINES = 200  # on a page: whoever takes a register, or looks for everybody, goes through all of it
NOT_TAKEN = "Not taken"
ANYWHERE = "Away from the provider’s sites"


@dataclass(frozen=True)
class Line:
    """One pupil in one session. `told` says what the commissioner was told; `open` whether it can be marked now."""

    session: Session
    name: str
    mark: str
    label: str
    colour: str
    times: str
    said: str
    arrived: str
    told: list[str]
    is_open: bool
    can_undo: bool
    mark_url: str
    entries_url: str
    key: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True)
class Group:
    """Those who start together at one place; `rest` are `session:key` of those whom nobody has marked."""

    place: str
    times: str
    number: int
    lines: list[Line]

    @property
    def rest(self) -> list[str]:
        return [f"{one.session.pk}:{one.key}" for one in self.lines if one.is_open and not one.mark]

    @property
    def marked(self) -> int:
        return sum(bool(one.mark) for one in self.lines)


def line(session: Session, alerts: Sequence[Alert], *, at, today) -> Line:
    """The line of a session that brings its placement, pupil and site along."""
    is_open = rules.is_open(session.state, session.starts_at, session.day, at, today)
    is_expected = session.state == SessionState.EXPECTED
    label = session.get_mark_display() if session.mark else NOT_TAKEN
    return Line(
        session=session,
        name=session.placement.whom,
        mark=session.mark,
        label=label if is_expected else session.get_state_display(),
        colour=COLOURS[session.mark] if is_expected else "grey",
        times=times(session),
        said=said(session),
        arrived=f"{session.arrived:%H:%M}" if session.arrived else "",
        told=[told(one) for one in alerts],
        is_open=is_open,
        can_undo=is_open and bool(session.mark) and at - session.marked_at <= rules.UNDO,
        mark_url=address("mark_session", session.pk),
        entries_url=address("session_entries", session.pk),
    )


def groups(lines: Iterable[Line]) -> list[Group]:
    """Lines in the order of `queries.by_place`, cut where site or start change."""
    found: list[Group] = []
    last = None
    for one in lines:
        here = (one.session.site_id, one.session.starts_at, one.session.ends_at)
        if here != last:
            found.append(Group(place(one.session), one.times, len(found) + 1, []))
            last = here
        found[-1].lines.append(one)
    return found


def part_of(rows: QuerySet[Session], asked: str) -> tuple[list[Session], Page | None]:
    """The sessions of the page that is asked for, and that page; None where all of them stand on one, which costs one
    query. Two otherwise."""
    if asked in {"", "1"}:
        first = list(rows[: LINES + 1])
        if len(first) <= LINES:
            return first, None
        return first[:LINES], Paginator(rows, LINES).get_page(1)
    part = Paginator(rows, LINES).get_page(asked)
    return list(part.object_list), part


def place(session: Session) -> str:
    return session.site.name if session.site else ANYWHERE


def times(session: Session) -> str:
    """`09:30 to 14:30`."""
    return f"{clock_of(session.starts_at)} to {clock_of(session.ends_at)}"


def clock_of(at) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def said(session: Session) -> str:
    """What stands beside the mark, in words."""
    words = []
    if session.mark == Mark.LATE:
        words.append(f"arrived at {session.arrived:%H:%M}" if session.arrived else "time of arrival not written down")
    if session.reason:
        words.append(session.get_reason_display())
    if session.left:
        words.append(f"left at {session.left:%H:%M}")
    return ", ".join(words)


def told(alert: Alert) -> str:
    """What an alert has come to."""
    what = {AlertKind.NOT_TAKEN: "Register not taken after 30 minutes"}.get(alert.kind)
    if alert.kind == AlertKind.NOT_TOLD:
        what = "Absent, and nobody was told within 30 minutes"
    if alert.told_at is None:
        said = "The commissioner is told in a moment" if alert.tell_at else "Nobody could be told"
    else:
        said = f"The commissioner was told at {clock_of(alert.told_at)}"
    if alert.acknowledged_at:
        said += f" and answered at {clock_of(alert.acknowledged_at)}"
    return f"{what}. {said}" if what else said


def is_late(alerts: Iterable[Alert]) -> bool:
    """Whether a breach of the 30 minutes stands."""
    return any(one.kind in BREACHES for one in alerts)
