"""When a deadline may be moved: later, for all, with a reason. Before it passes by whoever runs the procurement; after
it only for an outage that the portal logged itself, before the applications are opened, by two people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.calendars import is_working_day
from lots.rules import telling
from lots.rules import timetable as dates
from lots.rules.timetable import Timetable
from lots.states import FrameworkState
from providers.rules.refusals import Refused

HOURS_BEFORE = 4  # an outage counts that reached into so many hours before the deadline
LEAST_AGAIN = dt.timedelta(hours=24)  # from the second person's confirmation to a deadline that is set again


@dataclass(frozen=True)
class Move:
    """What is asked for. What is None stays as it is. Moments are UTC, days are days in England."""

    closes_at: dt.datetime
    enquiries_until: dt.datetime | None = None
    award_by_on: dt.date | None = None


def check_taking_part(*, state: str, closes_at: dt.datetime | None, opened: bool) -> None:
    """Raise `Refused` unless this framework has a deadline that could be moved at all."""
    if state != FrameworkState.PUBLISHED:
        raise Refused("This framework takes no applications, so it has no deadline to move")
    if closes_at is None:
        raise Refused("This framework has no deadline")
    if opened:
        raise Refused("The applications have been opened, so the deadline stays as it is")


def check_extension(stands: Timetable, move: Move, *, at: dt.datetime) -> None:
    """Raise `Refused` unless the deadline may be extended at `at`: it has not passed (the deadline itself has not), and
    the new one is later. What follows from it must still be in order."""
    if at > stands.closes_at:
        raise Refused(
            f"The deadline passed {telling.moment(stands.closes_at)}, so it can no longer be extended. If the portal "
            "was out of order before it, the deadline can be set again by two people",
            field="closes_at",
        )
    check_later(stands, move)


def check_later(stands: Timetable, move: Move) -> None:
    """Raise `Refused` for a deadline, or an end of questions, that is not later than what stands, or dates that are no
    longer in order."""
    if move.closes_at <= stands.closes_at:
        raise Refused(
            f"The new deadline must be later than {telling.moment(stands.closes_at)}: a deadline is never shortened",
            field="closes_at",
        )
    if move.enquiries_until and stands.enquiries_until and move.enquiries_until < stands.enquiries_until:
        raise Refused(
            f"Questions can be asked until {telling.moment(stands.enquiries_until)}: this is never shortened",
            field="enquiries_until",
        )
    if move.award_by_on and stands.award_by_on and move.award_by_on < stands.award_by_on:
        raise Refused(
            f"You said that you expect to award by {telling.day(stands.award_by_on)}. A later deadline does not bring "
            "this forward",
            field="award_by_on",
        )
    for name, message in dates.disorder(moved(stands, move)).items():
        if name not in dates.disorder(stands):
            raise Refused(message, field=name)


def moved(stands: Timetable, move: Move) -> Timetable:
    """The framework's dates once the deadline has moved."""
    return Timetable(
        enquiries_until=move.enquiries_until or stands.enquiries_until,
        closes_at=move.closes_at,
        award_by_on=move.award_by_on or stands.award_by_on,
        starts_on=stands.starts_on,
        ends_on=stands.ends_on,
        scheme_ends_on=stands.scheme_ends_on,
    )


def counts(began_at: dt.datetime, ended_at: dt.datetime | None, *, closes_at: dt.datetime) -> bool:
    """Whether an outage is a reason to set this deadline again: some of it lay in the last hours before the deadline.
    One that began only after it kept nobody from applying in time; one that is not over (`ended_at` None) lasts."""
    first = closes_at - dt.timedelta(hours=HOURS_BEFORE)
    return began_at <= closes_at and (ended_at is None or ended_at > first)


def check_again(
    stands: Timetable,
    move: Move,
    *,
    outage: tuple[dt.datetime, dt.datetime | None] | None,
    at: dt.datetime,
) -> None:
    """Raise `Refused` unless the deadline may be set again at `at`: it has passed, the portal was out of order before
    it (`outage` is from when until when), and everybody has a day at least from now. Asked when it is proposed and
    again when it is confirmed."""
    if at <= stands.closes_at:
        raise Refused("The deadline has not passed yet: extend it instead", field="closes_at")
    if outage is None or not counts(*outage, closes_at=stands.closes_at):
        raise Refused(
            f"Choose an outage in the {HOURS_BEFORE} hours before the deadline: there is no other reason for setting "
            "a deadline again once it has passed",
            field="outage",
        )
    if outage[1] is None:
        raise Refused("The portal is still out of order. Wait until this outage is over", field="outage")
    if move.closes_at < at + LEAST_AGAIN:
        raise Refused(
            f"The new deadline must be {LEAST_AGAIN.total_seconds() / 3600:.0f} hours from now at least, so that "
            "everybody hears of it in time",
            field="closes_at",
        )
    check_later(stands, move)


def check_confirm(*, proposed_by: int | None, by: int, is_waiting: bool, was: dt.datetime, stands: dt.datetime) -> None:
    """Raise `Refused` unless this person may confirm the proposal: it still waits, somebody else made it, and the
    deadline is still the one that it would move."""
    if not is_waiting:
        raise Refused("This proposal was confirmed or dropped already")
    if proposed_by == by:
        raise Refused("You proposed this yourself, so somebody else confirms it")
    if was != stands:
        raise Refused("The deadline was moved meanwhile. Propose a new one")


def cautions(stands: Timetable, move: Move, *, at: dt.datetime) -> list[str]:
    """What to think about before the deadline moves; none of it stops anything."""
    found = []
    new = dates.day_in_england(move.closes_at)
    if not is_working_day(new):
        found.append("The new deadline is not on a working day: nobody may be there to help")
    if move.closes_at - at < LEAST_AGAIN:
        found.append("The new deadline is less than 24 hours from now: not everybody may read of it in time")
    if _clock(stands.closes_at) != _clock(move.closes_at):
        found.append(
            f"The new deadline is at another time of day than the old one: {telling.moment(move.closes_at)} instead "
            f"of {telling.moment(stands.closes_at)}"
        )
    if stands.enquiries_until and not move.enquiries_until:
        found.append(f"The last moment for questions stays as it is: {telling.moment(stands.enquiries_until)}")
    return found


def _clock(moment: dt.datetime) -> dt.time:
    return moment.astimezone(dates.ENGLAND).time().replace(second=0, microsecond=0)


def told(stands: Timetable, move: Move, reason: str) -> str:
    """What everybody is told, word for word, on the framework's page and in the log."""
    lines = [
        f"The deadline for applications was moved from {telling.moment(stands.closes_at)} to "
        f"{telling.moment(move.closes_at)}. This is for everybody."
    ]
    if move.enquiries_until and move.enquiries_until != stands.enquiries_until:
        lines.append(f"Questions can be asked until {telling.moment(move.enquiries_until)}.")
    if move.award_by_on and move.award_by_on != stands.award_by_on:
        lines.append(f"The award is now expected by {telling.day(move.award_by_on)}.")
    return f"{' '.join(lines)}\n\nWhy: {reason}"


def of_the_outage(began_at: dt.datetime, ended_at: dt.datetime) -> str:
    """`The portal was out of order on 20 April 2026 from 11:40 to 12:10 (UK time).` To the minute, outwards."""
    first, last = began_at.astimezone(dates.ENGLAND), ended_at.astimezone(dates.ENGLAND)
    if last.second or last.microsecond:
        last += dt.timedelta(minutes=1)
    if first.date() == last.date():
        return f"The portal was out of order on {telling.day(first)} from {first:%H:%M} to {last:%H:%M} (UK time)."
    return (
        f"The portal was out of order from {telling.day(first)}, {first:%H:%M}, to {telling.day(last)}, {last:%H:%M} "
        "(UK time)."
    )
