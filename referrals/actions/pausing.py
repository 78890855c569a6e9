"""A placement is paused, and goes on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from core import access
from referrals.models import Pause, Placement
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries.running import last_day_of
from referrals.rules import amending, pausing, placing
from referrals.states import PlacementState
from referrals.steps import life as steps
from referrals.steps import life_letters as letters
from referrals.steps import pausing as pauses
from referrals.steps import placements

STARTED = (PlacementState.LIVE, PlacementState.PAUSED)


@transaction.atomic(durable=True)
def pause_placement(
    *,
    placement: Placement,
    seen: int,
    from_on: dt.date,
    until_on: dt.date | None,
    reason: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Pause:
    """No session takes place from a day to a day, or until somebody says that it goes on. Raises `Refused`."""
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state, STARTED)
    placing.check_seen(seen, placement.revision)
    return pauses.pause(
        placement=placement, from_on=from_on, until_on=until_on, reason=reason, by=by, at=at, today=today
    )


@transaction.atomic(durable=True)
def resume_placement(
    *, placement: Placement, seen: int, on: dt.date, by: User, at: dt.datetime, today: dt.date
) -> Placement:
    """The first day on which sessions take place again, today or later. A pause that has not held a day by then is
    taken away. Raises `Refused`."""
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state, STARTED)
    placing.check_seen(seen, placement.revision)
    pause = queries.standing_pause(placement, today)
    span = (pause.from_on, pause.until_on) if pause else None
    pausing.check_resume(on, span, today=today, last=last_day_of(placement))
    if on <= pause.from_on:
        pause.delete()
    else:
        pause.until_on = on - dt.timedelta(days=1)
        pause.save(update_fields=["until_on"])
    if on <= today and placement.state == PlacementState.PAUSED:
        placements.move(placement=placement, to=PlacementState.LIVE, verb="resumed", by=by, at=at)
    else:
        placements.record(placement, "resume_planned", by=by, at=at)
    steps.reckon(placement=placement, by=by, at=at, checked=False)
    letters.tell(
        placement,
        what="resumed",
        key=f"{placement.pk}:{placement.revision}",
        funders=queries.funders_of(placement, on),
        subject="A placement goes on",
        says=f"A placement at {placement.provider.name} that was paused goes on. The page says from which day.",
        by=by,
        at=at,
    )
    return placement
