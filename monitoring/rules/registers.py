"""What a register may say of a session, and until when. Days and times of a day are those of England's clocks. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lots.rules.refusals import Refused
from monitoring.rules.times import ENGLAND
from monitoring.states import CAME, Mark, SessionState

EARLY = dt.timedelta(minutes=60)  # before a session starts, from when its register can be taken
BACK_DAYS = 14  # how far back a register can still be taken or corrected
UNDO = dt.timedelta(minutes=2)  # in which a tap on the wrong pupil can be taken back as if it had not been
UNKNOWN = "unknown"  # the reason that stands until somebody knows one
# What is said beside each mark; anything else that is sent with it does not belong to it.
BESIDE = {
    Mark.PRESENT: ("left", "note"),
    Mark.LATE: ("arrived", "left", "note"),
    Mark.ABSENT: ("reason", "note"),
    "": (),
}


@dataclass(frozen=True)
class Entry:
    """What a register says of one pupil in one session; an empty mark is a register that was not taken."""

    mark: str = ""
    reason: str = ""
    arrived: dt.time | None = None
    left: dt.time | None = None
    note: str = ""


def local(at: dt.datetime) -> dt.datetime:
    """A moment on England's clocks, to the whole minute."""
    return at.astimezone(ENGLAND).replace(second=0, microsecond=0)


def is_open(state: str, starts_at: dt.datetime, day: dt.date, at: dt.datetime, today: dt.date) -> bool:
    """Whether a register can be taken: from an hour before the session starts until a fortnight after its day, unless
    it does not take place."""
    return state == SessionState.EXPECTED and at >= starts_at - EARLY and (today - day).days <= BACK_DAYS


def check_open(state: str, starts_at: dt.datetime, day: dt.date, at: dt.datetime, today: dt.date) -> None:
    """The same, with the reason. Raises `Refused`."""
    if is_open(state, starts_at, day, at, today):
        return
    if state != SessionState.EXPECTED:
        raise Refused("This session does not take place, so it has no register")
    if at < starts_at - EARLY:
        opens = local(starts_at - EARLY)
        raise Refused(f"You can take this register from {opens:%H:%M} on {opens.day} {opens:%B}")
    raise Refused(f"This register is closed: it could be changed for {BACK_DAYS} days. Ring the commissioner instead")


def whole(stands: Entry, mark: str, told: Mapping[str, Any]) -> Entry:
    """What is to stand: what was told beside the mark, and where the mark stays, what was told before. Nothing that
    does not belong to the mark is kept. Of an absence nobody has explained the reason is not known yet."""
    base = stands if stands.mark == mark else Entry(mark)
    found = replace(base, **{name: value for name, value in told.items() if name in BESIDE[mark]})
    return replace(found, reason=UNKNOWN) if mark == Mark.ABSENT and not found.reason else found


def with_arrival(entry: Entry, starts_at: dt.datetime, ends_at: dt.datetime, tapped_at: dt.datetime) -> Entry:
    """A pupil who is marked late while the session runs arrived at that minute, unless a time was told. One who is
    marked late afterwards has no time until somebody tells it."""
    if entry.mark != Mark.LATE or entry.arrived or not starts_at <= tapped_at <= ends_at:
        return entry
    return replace(entry, arrived=local(tapped_at).time())


def check_entry(entry: Entry, starts_at: dt.datetime, ends_at: dt.datetime, at: dt.datetime) -> None:
    """Nobody is late before the start; who came arrived within the session and left after that and before its end;
    no time is still to come. Raises `Refused`."""
    if entry.mark not in CAME:
        return
    starts, ends, now = local(starts_at), local(ends_at), local(at)
    if entry.mark == Mark.LATE and now < starts:
        raise Refused(f"The session starts at {starts:%H:%M}. Nobody is late before that", field="mark")
    arrived = _moment(entry.arrived, starts)
    if arrived and not starts <= arrived <= ends:
        raise Refused(f"The time of arrival must be from {starts:%H:%M} to {ends:%H:%M}", field="arrived")
    left, since = _moment(entry.left, starts), arrived or starts
    if left and not since < left < ends:
        raise Refused(f"The time of leaving must be after {since:%H:%M} and before {ends:%H:%M}", field="left")
    for name, moment in (("arrived", arrived), ("left", left)):
        if moment and moment > now:
            raise Refused(f"It is {now:%H:%M}. Enter a time that has come", field=name)


def check_undo(stands: Entry, marked_at: dt.datetime | None, at: dt.datetime) -> None:
    """A mark can be taken back for two minutes; later another mark says what is right. Raises `Refused`."""
    if not stands.mark:
        raise Refused("There is no mark to take back", field="mark")
    if at - marked_at > UNDO:
        raise Refused("A mark can be taken back for two minutes. Choose the mark that is right instead", field="mark")


def check_newer(tapped_at: dt.datetime, marked_at: dt.datetime | None, *, by_another: bool) -> None:
    """A tap that waited for a connection does not replace what a colleague has marked since. Raises `Refused`."""
    if by_another and marked_at and tapped_at < marked_at:
        raise Refused(
            "A colleague has marked this pupil since you tapped. Look at what stands, and tap again if it is wrong"
        )


def check_same(is_same: bool) -> None:
    """What comes again under its own key is what came before. Raises `Refused`."""
    if not is_same:
        raise Refused("This page is old. Look at the register as it is now, then mark the pupil again")


def _moment(time: dt.time | None, starts: dt.datetime) -> dt.datetime | None:
    return starts.replace(hour=time.hour, minute=time.minute) if time else None
