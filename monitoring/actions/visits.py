"""Visits: scheduled, planned, written, held or cancelled, shared, and what is to be done after them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access, crypto
from lots.rules.refusals import Refused
from monitoring.models import Visit, VisitAction, VisitSchedule
from monitoring.permissions import visits as permissions
from monitoring.queries import visits as queries
from monitoring.rules import visits as rules
from monitoring.rules.visits import Written
from monitoring.states import VisitState
from monitoring.steps import visits as steps
from referrals.models import Placement

NOT_YOURS = "Select a provider where you have pupils, or that is on your framework"


@transaction.atomic(durable=True)
def schedule_visits(
    *,
    owner: Organisation,
    provider: int,
    placement: int | None,
    kind: str,
    from_on: dt.date,
    until_on: dt.date | None,
    by: User,
    at: dt.datetime,
) -> VisitSchedule:
    """Visit a provider, or one pupil there (`placement`, its key), every week or every half-term, by its kind. Raises
    `Refused`."""
    owner = Organisation.objects.locked(owner.pk)
    forget_roles(by)
    access.require(permissions.can_plan, by, owner)
    placed = _placed(owner, placement, by)
    found = _provider(owner, placed.provider_id if placed else provider)
    stands = queries.standing_schedule(owner=owner.pk, provider=found, placement=placement, kind=kind)
    rules.check_schedule(from_on=from_on, until_on=until_on, stands_already=stands)
    made = VisitSchedule.objects.create(
        owner=owner,
        provider_id=found,
        placement=placed,
        kind=kind,
        every=rules.every(kind),
        from_on=from_on,
        until_on=until_on,
        written_at=at,
        written_by=by,
    )
    audit.record(
        "monitoring.visitschedule.made",
        by=by,
        about=made,
        organisation=owner.pk,
        data={"provider": found, "kind": kind, "of_pupil": placement is not None},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def end_schedule(*, schedule: VisitSchedule, by: User, at: dt.datetime) -> VisitSchedule:
    """No visit is due by it any more. What was held stays. Raises `Refused` the second time."""
    schedule = VisitSchedule.objects.locked(schedule.pk)
    forget_roles(by)
    access.require(permissions.can_end_schedule, by, schedule)
    if schedule.ended_at is not None:
        raise Refused("Somebody has ended this schedule already")
    schedule.ended_at = at
    schedule.save(update_fields=["ended_at"])
    audit.record(
        "monitoring.visitschedule.ended",
        by=by,
        about=schedule,
        organisation=schedule.owner_id,
        data={"provider": schedule.provider_id},
        at=at,
    )
    return schedule


@transaction.atomic(durable=True)
def plan_visit(
    *,
    owner: Organisation,
    provider: int,
    placement: int | None,
    kind: str,
    planned_on: dt.date,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Visit:
    """Plan a visit to a provider, or to one pupil there. Of an unannounced one nobody outside the owner hears anything.
    Raises `Refused`."""
    owner = Organisation.objects.locked(owner.pk)
    forget_roles(by)
    access.require(permissions.can_plan, by, owner)
    placed = _placed(owner, placement, by)
    found = _provider(owner, placed.provider_id if placed else provider)
    rules.check_plan(planned_on=planned_on, today=today)
    rows = VisitSchedule.objects.filter(owner=owner, provider=found, placement=placed, kind=kind, ended_at=None)
    made = Visit.objects.create(
        owner=owner,
        provider_id=found,
        placement=placed,
        schedule=rows.first(),
        kind=kind,
        planned_on=planned_on,
        visitor=by,
        planned_at=at,
        planned_by=by,
    )
    audit.record(
        "monitoring.visit.planned",
        by=by,
        about=made,
        organisation=owner.pk,
        data={"provider": found, "kind": kind, "of_pupil": placement is not None},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def write_visit(
    *, visit: Visit, written: Written, seen: int, finished: bool, by: User, at: dt.datetime, today: dt.date
) -> Visit:
    """Save a visit unfinished, as often as one likes, or finished: then it was held, and others who may see it do.
    `seen` is the revision that the person wrote on. Raises `Refused`."""
    visit = Visit.objects.locked(visit.pk)
    forget_roles(by)
    access.require(permissions.can_write, by, visit)
    rules.check_move(visit.state, VisitState.HELD)
    if visit.revision != seen:
        raise Refused(rules.MEANWHILE)
    of_pupil = visit.placement_id is not None
    rules.check_written(written, today=today, finished=finished, of_pupil=of_pupil)
    if said := queries.names_at(visit.provider_id, written.texts):
        raise Refused(
            f"Take out “{said}”, because others read this and it looks like the name of a pupil. Write in general words"
        )
    steps.write_rows(visit=visit, written=written)
    visit.held_on, visit.arrived, visit.left = written.held_on, written.arrived, written.left
    visit.words, visit.visitor, visit.revision = written.words, by, visit.revision + 1
    visit.seen = crypto.sealed_text(visit, "seen", written.seen) if of_pupil else b""
    visit.written_at, visit.written_by = at, by
    if finished:
        visit.state = VisitState.HELD
    visit.save()
    data = {"findings": len(written.findings), "actions": len(written.actions)}
    audit.record(
        "monitoring.visit.held" if finished else "monitoring.visit.saved",
        by=by,
        about=visit,
        organisation=visit.owner_id,
        data=data,
        at=at,
    )
    return visit


@transaction.atomic(durable=True)
def cancel_visit(*, visit: Visit, reason: str, by: User, at: dt.datetime) -> Visit:
    """A planned visit does not take place. Raises `Refused`."""
    visit = Visit.objects.locked(visit.pk)
    forget_roles(by)
    access.require(permissions.can_write, by, visit)
    rules.check_move(visit.state, VisitState.CANCELLED)
    visit.state, visit.cancel_reason = VisitState.CANCELLED, reason
    visit.save(update_fields=["state", "cancel_reason"])
    audit.record(
        "monitoring.visit.cancelled",
        by=by,
        about=visit,
        organisation=visit.owner_id,
        data={"kind": str(visit.kind)},
        at=at,
    )
    return visit


@transaction.atomic(durable=True)
def share_visit(*, visit: Visit, share: bool, by: User, at: dt.datetime) -> Visit:
    """Let everybody who has a pupil there read a visit that was held, or no longer; either is recorded. Raises
    `Refused`."""
    visit = Visit.objects.locked(visit.pk)
    forget_roles(by)
    access.require(permissions.can_write, by, visit)
    of_pupil, shared = visit.placement_id is not None, visit.shared_at is not None
    rules.check_share(state=visit.state, of_pupil=of_pupil, shared=shared, share=share)
    visit.shared_at = at if share else None
    visit.save(update_fields=["shared_at"])
    data = {"provider": visit.provider_id}
    audit.record(
        "monitoring.visit.shared" if share else "monitoring.visit.unshared",
        by=by,
        about=visit,
        organisation=visit.owner_id,
        data=data,
        at=at,
    )
    return visit


@transaction.atomic(durable=True)
def do_action(
    *, action: VisitAction, done_on: dt.date, words: str, by: User, at: dt.datetime, today: dt.date
) -> VisitAction:
    """Say that an action is done, on which day, and how. Raises `Refused`."""
    action = VisitAction.objects.locked(action.pk)
    forget_roles(by)
    access.require(permissions.can_do, by, action)
    visit = action.visit
    if visit.held_on is None or visit.state != VisitState.HELD:
        raise Refused("This visit is not finished yet")
    rules.check_done(done=action.done_on is not None, done_on=done_on, held_on=visit.held_on, today=today)
    if said := queries.names_at(visit.provider_id, words):
        raise Refused(
            f"Take out “{said}”, because others read this and it looks like the name of a pupil", field="words"
        )
    action.done_on, action.done_words, action.done_at, action.done_by = done_on, words, at, by
    action.save(update_fields=["done_on", "done_words", "done_at", "done_by"])
    audit.record(
        "monitoring.visitaction.done",
        by=by,
        about=action,
        organisation=visit.owner_id,
        data={"visit": visit.pk},
        at=at,
    )
    return action


@transaction.atomic(durable=True)
def remind_of_visits(*, owners: list[int], by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Write to whoever plans the visits of these organisations and to providers, once a week each. May run at any time
    and twice. Returns how many letters were written."""
    access.require(nobody, by, systems=(permissions.REMIND,))
    written = steps.remind(owners=owners, today=today, at=at)
    for owner, letters in written.items():
        audit.record("monitoring.visits.reminded", by=by, organisation=owner, data={"letters": letters}, at=at)
    return sum(written.values())


def _placed(owner: Organisation, placement: int | None, by: User) -> Placement | None:
    if placement is None:
        return None
    found = queries.placements_for(owner, user=by).filter(pk=placement).first()
    if found is None or not permissions.sees_pupils(by, owner):
        raise Refused("Select one of your pupils who is placed", field="placement")
    return found


def _provider(owner: Organisation, provider: int) -> int:
    if not queries.providers_for(owner).filter(pk=provider).exists():
        raise Refused(NOT_YOURS, field="provider")
    return provider
