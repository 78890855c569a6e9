"""A placement ends early, comes to its end, or is brought up to date by the calendar; and what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from referrals.models import Placement
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries import sealed
from referrals.queries.running import last_day_of
from referrals.rules import amending, ending, pausing, placing
from referrals.states import AmendmentKind, Ended, PlacementState
from referrals.steps import enquiries, life_letters
from referrals.steps import life as steps
from referrals.steps import placements as moves

STARTED = (PlacementState.LIVE, PlacementState.PAUSED)


@dataclass(frozen=True)
class Outcome:
    """What came of a placement. `destination` is empty and the targets are none while nobody knows."""

    destination: str = ""
    met: int | None = None
    of: int | None = None
    note: str = ""


@transaction.atomic(durable=True)
def end_placement(
    *,
    placement: Placement,
    seen: int,
    last_on: dt.date,
    notice_on: dt.date,
    reason: str,
    outcome: Outcome,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Placement:
    """End it earlier than was agreed: after its last day, or at once where that has passed or the pupil is no longer
    safe. Until when it is charged follows from the notice that the framework asks for. May be written again until it is
    over. Raises `Refused`."""
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state, STARTED)
    placing.check_seen(seen, placement.revision)
    ending.check_last_day(last_on, today=today, first=placement.starts_on, agreed_end=placement.ends_on)
    ending.check_notice_on(notice_on, today=today, first_told=timezone.localdate(placement.agreed_at))
    ending.check_outcome(reason, outcome.destination, outcome.met, outcome.of)
    before = {"ends_on": last_day_of(placement).isoformat(), "total_pence": placement.total_pence}
    charged_on, _ = queries.last_charged(placement, last_on=last_on, notice_on=notice_on, reason=reason, at=at)
    columns = {"notice_on": notice_on, "ended_on": last_on, "last_charged_on": charged_on, "end_reason": reason}
    steps.save(placement=placement, **columns, **_columns(placement, outcome))
    steps.reckon(placement=placement, by=by, at=at, checked=False)
    steps.amend(
        placement=placement,
        kind=AmendmentKind.SHORTENED,
        from_on=last_on,
        before=before,
        after={"ends_on": last_on.isoformat(), "total_pence": placement.total_pence},
        reason=Ended(reason).label,
        by=by,
        at=at,
    )
    if ending.is_over(last_on, today=today, unsafe=reason == Ended.UNSAFE):
        steps.end(placement=placement, by=by, at=at)
    else:
        moves.record(placement, "ending", by=by, at=at)
    life_letters.tell(
        placement,
        what="ending",
        key=f"{placement.pk}:{placement.revision}",
        funders=queries.funders_of(placement, last_on),
        subject="A placement ends",
        says=f"A placement at {placement.provider.name} ends earlier than was agreed. The page says on which day. Make "
        "sure that you know where the pupil is afterwards.",
        by=by,
        at=at,
    )
    return placement


@transaction.atomic(durable=True)
def write_outcome(*, placement: Placement, seen: int, outcome: Outcome, by: User, at: dt.datetime) -> Placement:
    """Write down what came of a placement that is over. Raises `Refused`."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state, {PlacementState.ENDED})
    placing.check_seen(seen, placement.revision)
    ending.check_outcome(placement.end_reason, outcome.destination, outcome.met, outcome.of)
    steps.save(placement=placement, **_columns(placement, outcome))
    audit.record("referrals.placement.outcome", by=by, about=placement, organisation=placement.commissioner_id, at=at)
    return placement


@transaction.atomic(durable=True)
def keep_up(*, placement: Placement, by, at: dt.datetime, today: dt.date) -> None:
    """Bring a placement up to the day: a pause that has begun or is over, a last day that has passed, a provider that
    has read it for long enough afterwards. A second time finds nothing."""
    access.require(nobody, by, systems=(permissions.KEEP_UP,))
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    if placement.state in STARTED and last_day_of(placement) < today:
        _come_to_its_end(placement, by, at)
    elif placement.state in STARTED:
        _follow_pause(placement, by, at, today)
    if placement.state == PlacementState.ENDED and placement.hidden_at is None:
        _hide(placement, by, at, today)


def _come_to_its_end(placement: Placement, by, at: dt.datetime) -> None:
    if placement.ended_on is None:
        last = placement.ends_on
        steps.save(placement=placement, ended_on=last, last_charged_on=last, end_reason=Ended.COMPLETED)
        life_letters.tell(
            placement,
            what="completed",
            key=str(placement.pk),
            funders=queries.funders_of(placement, last),
            subject="A placement has ended",
            says=f"A placement at {placement.provider.name} has come to its last day, as was agreed.",
            by=by,
            at=at,
        )
    steps.reckon(placement=placement, by=by, at=at, checked=False)
    steps.end(placement=placement, by=by, at=at)


def _follow_pause(placement: Placement, by, at: dt.datetime, today: dt.date) -> None:
    paused = pausing.is_paused_on(today, queries.pauses_of(placement))
    if paused and placement.state == PlacementState.LIVE:
        moves.move(placement=placement, to=PlacementState.PAUSED, verb="paused", by=by, at=at)
    elif not paused and placement.state == PlacementState.PAUSED:
        moves.move(placement=placement, to=PlacementState.LIVE, verb="resumed", by=by, at=at)


def _hide(placement: Placement, by, at: dt.datetime, today: dt.date) -> None:
    """The provider reads it no more, and may no longer know the pupil through the referral."""
    if today <= ending.shown_until(placement.ended_on):
        return
    steps.save(placement=placement, hidden_at=at)
    moves.record(placement, "hidden", by=by, at=at)
    if placement.referral_id and not queries.is_placed_otherwise(placement):
        enquiries.end_disclosure(referral=placement.referral, by=by, at=at)


def _columns(placement: Placement, outcome: Outcome) -> dict:
    return {
        "destination": outcome.destination,
        "targets_met": outcome.met,
        "targets_set": outcome.of,
        "end_note": sealed.sealed_text(placement, "end_note", outcome.note),
    }
