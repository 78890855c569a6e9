"""The deadline moves: later, for everybody, with the reason published. What hangs on a moment is judged by the
database's clock, read first; then the round is held alone, so that no application is taken while its deadline moves."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import queries as people
from accounts.models import User
from accounts.states import Role
from audit import steps as audit
from core import access, clock
from jobs.models import Outage
from lots.models import Framework
from lots.permissions import BUYS
from lots.queries.setup import timetable_of
from lots.rules import telling
from lots.steps import deadline as lots
from providers.models import DeadlineChange
from providers.permissions import questions as permissions
from providers.queries.rounds import opened
from providers.rules import deadline_moves as rules
from providers.rules.deadline_moves import Move
from providers.rules.refusals import Refused
from providers.states import DeadlineReason
from providers.steps import news, rounds


@transaction.atomic(durable=True)
def extend_deadline(*, framework: Framework, move: Move, reason: str, by: User) -> DeadlineChange:
    """Give everybody more time, while there is some left. Raises `Refused`."""
    at = clock.database_now()
    rounds.alone(framework.pk)
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check_reason(reason)
    rules.check_taking_part(state=framework.state, closes_at=framework.closes_at, opened=opened(framework))
    rules.check_extension(timetable_of(framework), move, at=at)
    change = _change(framework, DeadlineReason.EXTENSION, move, reason, by, at)
    change.confirmed_at, change.confirmed_by = at, by
    change.save()
    _put_into_force(framework, change, by, at)
    audit.record(
        "providers.deadline.extended",
        by=by,
        about=change,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "was": change.was.isoformat(), "is": change.becomes.isoformat()},
        at=at,
    )
    return change


@transaction.atomic(durable=True)
def propose_outage_deadline(
    *, framework: Framework, outage: Outage, move: Move, reason: str, by: User
) -> DeadlineChange:
    """Propose to set a deadline again that has passed, because the portal was out of order before it. Nothing changes
    until somebody else confirms it. Raises `Refused`."""
    at = clock.database_now()
    rounds.alone(framework.pk)
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check_reason(reason)
    rules.check_taking_part(state=framework.state, closes_at=framework.closes_at, opened=opened(framework))
    outage = Outage.objects.get(pk=outage.pk)
    rules.check_again(timetable_of(framework), move, outage=(outage.began_at, outage.ended_at), at=at)
    change = _change(framework, DeadlineReason.OUTAGE, move, reason, by, at)
    change.outage = outage
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError:
        raise Refused("A colleague has proposed a new deadline already: confirm or drop it first") from None
    news.tell_officers(
        framework=framework,
        key=f"deadline-proposed:{change.pk}",
        subject="A new deadline waits for your confirmation",
        says="A colleague proposes to set a deadline again that has passed while the portal was out of order. Somebody "
        "else must confirm it.",
        path=reverse("confirm_outage_deadline", args=[change.pk]),
        at=at,
        roles=[*BUYS, Role.ADMIN],
        but=by.pk,
    )
    audit.record(
        "providers.deadline.proposed",
        by=by,
        about=change,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "outage": outage.pk, "is": change.becomes.isoformat()},
        at=at,
    )
    return change


@transaction.atomic(durable=True)
def confirm_outage_deadline(*, change: DeadlineChange, by: User) -> DeadlineChange:
    """Confirm it as the second person: from now on everybody may apply again until the new deadline. Everything is
    judged again as it is at this moment. Raises `Refused`."""
    at = clock.database_now()
    rounds.alone(change.framework_id)
    framework = Framework.objects.locked(change.framework_id)
    people.forget_roles(by)
    change = DeadlineChange.objects.locked(change.pk)
    change.framework = framework
    access.require(permissions.can_confirm_deadline, by, change)
    rules.check_confirm(
        proposed_by=change.proposed_by_id,
        by=by.pk,
        is_waiting=change.confirmed_at is None and change.dropped_at is None,
        was=change.was,
        stands=framework.closes_at,
    )
    rules.check_taking_part(state=framework.state, closes_at=framework.closes_at, opened=opened(framework))
    outage = Outage.objects.get(pk=change.outage_id)
    move = Move(change.becomes, change.enquiries_become, change.award_becomes)
    rules.check_again(timetable_of(framework), move, outage=(outage.began_at, outage.ended_at), at=at)
    change.confirmed_at, change.confirmed_by = at, by
    change.save(update_fields=["confirmed_at", "confirmed_by"])
    _put_into_force(framework, change, by, at)
    audit.record(
        "providers.deadline.confirmed",
        by=by,
        about=change,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "was": change.was.isoformat(), "is": change.becomes.isoformat()},
        at=at,
    )
    return change


@transaction.atomic(durable=True)
def drop_outage_deadline(*, change: DeadlineChange, by: User, at: dt.datetime) -> DeadlineChange:
    """Drop a proposal, for another one or for none. Raises `Refused` when it no longer waits."""
    framework = Framework.objects.locked(change.framework_id)
    people.forget_roles(by)
    change = DeadlineChange.objects.locked(change.pk)
    change.framework = framework
    access.require(permissions.can_drop_deadline, by, change)
    if change.confirmed_at or change.dropped_at:
        raise Refused("This proposal was confirmed or dropped already")
    change.dropped_at = at
    change.save(update_fields=["dropped_at"])
    audit.record(
        "providers.deadline.dropped",
        by=by,
        about=change,
        organisation=framework.buyer_id,
        data={"framework": framework.pk},
        at=at,
    )
    return change


def _check_reason(reason: str) -> None:
    if not reason:
        raise Refused("Say why: everybody reads it", field="reason")


def _change(framework: Framework, kind: DeadlineReason, move: Move, reason: str, by, at) -> DeadlineChange:
    """The change, not saved."""
    return DeadlineChange(
        framework=framework,
        kind=kind,
        was=framework.closes_at,
        becomes=move.closes_at,
        enquiries_was=framework.enquiries_until,
        enquiries_become=move.enquiries_until or framework.enquiries_until,
        award_was=framework.award_by_on,
        award_becomes=move.award_by_on or framework.award_by_on,
        reason=reason,
        proposed_at=at,
        proposed_by=by,
    )


def _put_into_force(framework: Framework, change: DeadlineChange, by, at: dt.datetime) -> None:
    """Write it into the framework, publish it, tell everybody."""
    move = Move(change.becomes, change.enquiries_become, change.award_becomes)
    reason = change.reason
    if change.outage_id:
        reason = f"{rules.of_the_outage(change.outage.began_at, change.outage.ended_at)} {reason}"
    lots.move_deadline(
        framework=framework,
        closes_at=move.closes_at,
        enquiries_until=move.enquiries_until,
        award_by_on=move.award_by_on,
        text=rules.told(timetable_of(framework), move, reason),
        reason=change.reason,
        by=by,
        at=at,
    )
    news.tell_followers(
        framework=framework,
        key=f"deadline:{change.pk}",
        says=f"The deadline was moved for everybody. It is now {telling.moment(change.becomes)}.",
        path=reverse("framework", args=[framework.pk]),
        at=at,
    )
