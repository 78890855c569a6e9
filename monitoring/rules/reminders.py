"""Which reminders are due at a moment. Nobody asks what time it is: asked late, the rules say what still makes sense.
Days and times are England's, moments UTC. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitoring.rules.terms import Terms
from monitoring.rules.times import ENGLAND, moment
from monitoring.states import ReminderKind

LOOK_BACK_DAYS = 60  # a report missing for longer is on the board; nobody is reminded of it any more
AGAIN_DAYS = 5  # further missed days in a row, after which a contract manager is told once more


@dataclass(frozen=True)
class Owed:
    """What one agreement still asks of a provider for one day: on how many measures nothing was reported. What was
    dropped, or was only caught up with afterwards, is not asked."""

    provider: int
    buyer: int
    contract: int
    day: dt.date
    missing: int


def is_open(kind: str, terms: Terms, today: dt.date, at: dt.datetime) -> bool:
    """Whether this buyer's times let a reminder of this kind go at a moment of a day. The morning message makes sense
    until the reminder before the cut-off takes its place, that one until the cut-off; what is overdue, from its hour
    to the end of the day. In quiet hours nothing goes: it waits, and goes afterwards if it still makes sense."""
    if terms.is_quiet(at.astimezone(ENGLAND).time()):
        return False
    if kind == ReminderKind.TODAY:
        return moment(today, terms.due_today_at) <= at < moment(today, terms.remind_at)
    if kind == ReminderKind.CUT_OFF:
        return moment(today, terms.remind_at) <= at < moment(today, terms.cut_off)
    return moment(today, terms.overdue_at) <= at


def of_today(
    owed: Iterable[Owed], told: Container[str], terms: Mapping[int, Terms], today: dt.date, at: dt.datetime
) -> ReminderKind | None:
    """What a provider is to be reminded of about today, given what it still owes and which kinds went already: the
    earliest of its buyers' times counts, one message for all. Once the reminder before the cut-off is due, or went,
    the morning message would say the same later, and stays away. None once everything is reported."""
    buyers = {one.buyer for one in owed if one.missing}
    if ReminderKind.CUT_OFF in told:
        return None
    for kind in (ReminderKind.CUT_OFF, ReminderKind.TODAY):
        if any(is_open(kind, terms[buyer], today, at) for buyer in buyers):
            return None if kind in told else kind
    return None


def overdue(owed: Iterable[Owed], terms: Mapping[int, Terms], today: dt.date, at: dt.datetime) -> list[dt.date]:
    """Of the days before today that a provider did not report and was not told of yet, those that it is told of now, in
    order. Asked only on a day on which it teaches, so that nobody is reminded in the holidays."""
    return sorted({one.day for one in owed if is_open(ReminderKind.OVERDUE, terms[one.buyer], today, at)})


def missed_in_a_row(days: Sequence[tuple[dt.date, int]]) -> list[dt.date]:
    """The reporting days at the end of `days` (day, missing measures; in order) for which something is still missing.
    One that was reported in full, late or not, ends the row."""
    row: list[dt.date] = []
    for day, missing in reversed(days):
        if not missing:
            break
        row.insert(0, day)
    return row


def escalated(row: Sequence[dt.date], told: Iterable[dt.date], after: int) -> dt.date | None:
    """The day for which a contract manager is told that an agreement's reports were missed in a row: the last one, once
    there are `after` of them, and again for each `AGAIN_DAYS` more. `told` are the days for which it was told."""
    before = max((day for day in told if day in row), default=None)
    fresh = [day for day in row if before is None or day > before]
    return fresh[-1] if len(fresh) >= (after if before is None else AGAIN_DAYS) else None
