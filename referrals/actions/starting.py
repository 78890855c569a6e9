"""A pupil starts: when everything is in place, or in an emergency with the rest to follow."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from referrals.models import Placement
from referrals.permissions import assurance as permissions
from referrals.queries import assurance as queries
from referrals.queries.enquiries import is_insured, is_suspended
from referrals.queries.outside import is_suspended as is_wholly_suspended
from referrals.rules import assurance as rules
from referrals.rules import direction
from referrals.states import Item, PlacementState
from referrals.steps import assurance as steps
from referrals.steps import placements, reviewing, threshold
from referrals.steps import starting_letters as letters


@transaction.atomic(durable=True)
def start_placement(*, placement: Placement, by: User, at: dt.datetime, today: dt.date) -> Placement:
    """Let the pupil start from the first day on: every item is done or rightly left out. What the portal can see for
    itself is looked at once more: sites, the rota, the notice of a direction, suspensions, insurance. Raises `Refused`
    naming what is missing."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_commission, by, placement)
    lacks = rules.missing(queries.settled(placement))
    rules.check_start(state=placement.state, ends_on=placement.ends_on, today=today, lacks=lacks)
    _check_now(placement, today)
    _check_notice(placement, today)
    placements.move(placement=placement, to=PlacementState.LIVE, verb="started", by=by, at=at, live_at=at)
    reviewing.plan_first(placement=placement, by=by, at=at)
    letters.started(placement, emergency=False, at=at)
    threshold.judge(by=by, at=at, today=today, provider=placement.provider_id)
    audit.record("referrals.assurance.complete", by=by, about=placement, organisation=placement.commissioner_id, at=at)
    return placement


@transaction.atomic(durable=True)
def start_in_emergency(
    *, placement: Placement, reason: str, by: User, at: dt.datetime, today: dt.date
) -> tuple[Placement, dt.date]:
    """Let the pupil start before everything is in place, signed by name with a reason. The first five items are never
    waived; the rest is due within five school days. Returns the placement and that day. Raises `Refused`."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_start_in_emergency, by, placement)
    lacks = rules.missing(queries.settled(placement))
    rules.check_start(state=placement.state, ends_on=placement.ends_on, today=today, lacks=lacks, emergency=True)
    _check_now(placement, today)
    due_on = rules.due_after(max(today, placement.starts_on), queries.school_calendar(placement))
    placements.move(
        placement=placement,
        to=PlacementState.LIVE,
        verb="started",
        by=by,
        at=at,
        live_at=at,
        emergency_at=at,
        emergency_by=by,
        emergency_reason=reason,
    )
    reviewing.plan_first(placement=placement, by=by, at=at)
    letters.started(placement, emergency=True, at=at)
    threshold.judge(by=by, at=at, today=today, provider=placement.provider_id)
    steps.put_off(placement=placement, items=lacks, due_on=due_on, by=by, at=at)
    data = {"items": [str(one) for one in lacks], "due_on": due_on.isoformat()}
    audit.record(
        "referrals.assurance.put_off",
        by=by,
        about=placement,
        organisation=placement.commissioner_id,
        data=data,
        at=at,
    )
    return placement, due_on


def _check_now(placement: Placement, today: dt.date) -> None:
    """What may have changed since it was ticked. Raises `Refused`."""
    rules.check_sites(queries.sessions_without_place(placement, today))
    rules.check_absence([one.in_words for one in queries.gaps_of(placement, today)])
    if placement.place_id:
        rules.check_provider_now(
            suspended=is_suspended(placement.place),
            insured=is_insured(placement.provider_id, max(today, placement.starts_on)),
        )
    else:
        rules.check_provider_now(suspended=is_wholly_suspended(placement.provider_id), insured=True)


def _check_notice(placement: Placement, today: dt.date) -> None:
    """The notice of a direction was given early enough for the day on which the pupil can really start. Raises
    `Refused`."""
    if not direction.is_direction(placement.basis):
        return
    row = queries.standing_item(placement, Item.CONSENT)
    first = max(today, placement.starts_on)
    why = queries.said_of(row).why
    direction.check_notice(row.on, first, queries.school_calendar(placement), why)
