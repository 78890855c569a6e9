"""When a placement is reviewed, and what a review that was held must say. Days are days in England."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.calendars import ONE_DAY, Calendar
from lots.rules.refusals import Refused
from referrals.rules.assurance import latest_review
from referrals.rules.direction import is_direction
from referrals.states import ReviewKind

SOON_DAYS = 7  # before the day, in which a review is near and its letter is sent
INVITATION_DAYS = 6  # before a review of a direction, by which those invited must know
MOST_TARGETS = 50
DUE, SOON, LATE = "due", "soon", "late"


@dataclass(frozen=True)
class Words:
    """What was said at a review, sealed: what the pupil, the parent or carer and the provider said, and what is done
    next."""

    pupil: str = ""
    parent: str = ""
    provider: str = ""
    next: str = ""


def kind_of(basis: str, due_on: dt.date, ends_on: dt.date) -> ReviewKind:
    """A review on the last day is the one at the end; a direction is reviewed every 30 days (Education Act 2002,
    s.29A), anything else each half-term (Keeping Children Safe in Education)."""
    if due_on >= ends_on:
        return ReviewKind.END
    return ReviewKind.DIRECTION if is_direction(basis) else ReviewKind.HALF_TERM


def latest_next(held_on: dt.date, ends_on: dt.date, basis: str, calendar: Calendar) -> dt.date:
    """The last day for the review after one held on a day: half a term later, 30 days for a direction, and no later
    than the placement ends."""
    return latest_review(held_on, ends_on, basis, calendar)


def check_held(
    *, held_on: dt.date, today: dt.date, starts_on: dt.date, met: int | None, of: int | None, is_open: bool
) -> None:
    """A review is written once, of a day that has come, and meets no more targets than were set. Raises `Refused`."""
    if not is_open:
        raise Refused("Somebody has written down this review meanwhile. Nothing of yours was saved")
    if held_on > today:
        raise Refused("The day on which the review was held must be today or in the past", field="held_on")
    if held_on < starts_on:
        raise Refused("The day on which the review was held must be after the placement began", field="held_on")
    if (met is None) != (of is None):
        raise Refused("Enter both numbers, or leave both empty if no target was set", field="targets_met")
    if met is not None and met > of:
        raise Refused("The targets that are met cannot be more than the targets that were set", field="targets_met")


def check_next(
    *, goes_on: bool, next_on: dt.date | None, held_on: dt.date, latest: dt.date, ends_on: dt.date
) -> dt.date | None:
    """The day of the next review: what was typed, or the latest that the law allows. On the last day, if the placement
    does not go on; none, if that day has come. Raises `Refused`."""
    if held_on >= ends_on:
        if goes_on:
            raise Refused(
                "The placement has come to its last day. Extend it first, then write down this review", field="goes_on"
            )
        return None
    if not goes_on:
        return ends_on
    if next_on is None:
        return latest
    if not held_on < next_on <= latest:
        raise Refused(f"The next review must be after this one, and by {latest.day} {latest:%B %Y}", field="next_on")
    return next_on


def urgency(due_on: dt.date, today: dt.date) -> str:
    """`late` once the day has passed, `soon` in the week before it, else `due`."""
    if today > due_on:
        return LATE
    return SOON if today + SOON_DAYS * ONE_DAY >= due_on else DUE


def invite_by(kind: str, due_on: dt.date) -> dt.date | None:
    """By when whoever is invited to the review of a direction must know: six days before. None for another review."""
    return due_on - INVITATION_DAYS * ONE_DAY if kind == ReviewKind.DIRECTION else None
