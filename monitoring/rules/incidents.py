"""What is written down of incidents and fire drills, and who must hear of it. Pure."""

from __future__ import annotations

import datetime as dt

from lots.rules.refusals import Refused
from monitoring.states import IncidentKind

TOLD_OF = frozenset({IncidentKind.FORCE, IncidentKind.LEFT})
FIRST_YEAR = 2020


def is_told(kind: str, *, hospital: bool, reportable: bool) -> bool:
    """Whether the commissioner's safeguarding lead gets a letter: a pupil was taken to hospital, was held, left without
    leave, or it goes to the Health and Safety Executive."""
    return hospital or reportable or kind in TOLD_OF


def check_incident(*, happened_at: dt.datetime, parent_told_at: dt.datetime | None, at: dt.datetime) -> None:
    """It has happened, and a parent was told after it and not in the future. Raises `Refused`."""
    if happened_at > at:
        raise Refused("The time of the incident must be in the past", field="happened_time")
    if parent_told_at is None:
        return
    if parent_told_at < happened_at:
        raise Refused("A parent or carer was told after it happened, not before", field="told_time")
    if parent_told_at > at:
        raise Refused("The time at which a parent or carer was told must be in the past", field="told_time")


def check_correction(*, is_replaced: bool) -> None:
    """A record is corrected once, and then its correction. Raises `Refused`."""
    if is_replaced:
        raise Refused("Somebody has corrected this meanwhile. Nothing of yours was saved. Correct the newest record")


def check_drill(*, held_on: dt.date, today: dt.date) -> None:
    """A drill was held. Raises `Refused`."""
    if held_on > today:
        raise Refused("The day of the drill must be today or in the past", field="held_on")


def is_drill_late(last: dt.date | None, today: dt.date) -> bool:
    """Standard 2.g asks for a fire drill at least once a year: late when there was none, or it is more than a year
    ago. One of 29 February is a year old on 28 February."""
    if last is None:
        return True
    try:
        anniversary = last.replace(year=last.year + 1)
    except ValueError:
        anniversary = dt.date(last.year + 1, 2, 28)
    return today > anniversary
