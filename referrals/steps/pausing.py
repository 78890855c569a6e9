"""Pausing a placement, for whoever decides it. The caller holds the placement, and what `life.hold_around` locks."""

from __future__ import annotations

import datetime as dt

from core.steps import step
from referrals.models import Pause, Placement
from referrals.queries import life as queries
from referrals.queries.running import last_day_of
from referrals.rules import pausing
from referrals.states import PlacementState
from referrals.steps import life, placements
from referrals.steps import life_letters as letters


@step
def pause(
    *,
    placement: Placement,
    from_on: dt.date,
    until_on: dt.date | None,
    reason: str,
    by,
    at: dt.datetime,
    today: dt.date,
) -> Pause:
    """No session takes place from a day to a day, or until somebody says that it goes on. The free places stay taken;
    the days of a pause with an end are no longer drawn. All sides are told. Raises `Refused`."""
    pausing.check_pause(
        from_on,
        until_on,
        today=today,
        first=placement.starts_on,
        last=last_day_of(placement),
        others=queries.pauses_of(placement),
    )
    made = Pause.objects.create(
        placement=placement, from_on=from_on, until_on=until_on, reason=reason, written_at=at, written_by=by
    )
    if from_on <= today and placement.state == PlacementState.LIVE:
        placements.move(placement=placement, to=PlacementState.PAUSED, verb="paused", by=by, at=at)
    else:
        placements.record(placement, "pause_planned", by=by, at=at, data={"pause": made.pk})
    life.reckon(placement=placement, by=by, at=at, checked=False)
    letters.tell(
        placement,
        what="paused",
        key=str(made.pk),
        funders=queries.funders_of(placement, from_on),
        subject="A placement is paused",
        says=f"A placement at {placement.provider.name} is paused. No session takes place on the days that the page "
        "says. Make sure that you know where the pupil is on them.",
        by=by,
        at=at,
    )
    return made
