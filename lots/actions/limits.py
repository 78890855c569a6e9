"""A limit of a published framework is changed: one person asks, with the reason and the ground in law, another
confirms, and everybody can read it from then on. Awards that were refused over the limit are judged by the new one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Decision, Framework, Place
from lots.queries.limits import ASKED, CHANGED, asked_of
from lots.rules import limits as rules
from lots.rules.refusals import Refused
from lots.steps.decisions import decide


@transaction.atomic(durable=True)
def ask_for_limit(
    *, framework: Framework, limits: rules.Limits, reason: str, ground: str, by: User, at: dt.datetime
) -> Decision:
    """Ask for other limits, with the reason and the ground in law. A further request replaces the one that waits.
    Raises `Refused`."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check(framework, limits)
    made = decide(
        framework=framework,
        about=ASKED,
        option=str(limits),
        reason=f"{reason}\n\nGround in law: {ground}",
        clarification="",
        by=by,
        at=at,
    )
    audit.record("lots.limit.asked", by=by, about=made, organisation=framework.buyer_id, at=at)
    return made


@transaction.atomic(durable=True)
def confirm_limit(*, framework: Framework, by: User, at: dt.datetime) -> Framework:
    """Confirm the request that waits: the limits hold from now on, and everybody can read why. Raises `Refused` for
    whoever asked, and where none waits."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_see_round, by, framework)
    asked = _waiting(framework)
    rules.check_second(asked.decided_by_id, by.pk)
    limits = rules.read(asked.option)
    _check(framework, limits)
    framework.max_participants, framework.max_lots = limits.providers, limits.lots
    framework.save(update_fields=["max_participants", "max_lots"])
    _end(asked, at)
    made = decide(
        framework=framework,
        about=CHANGED,
        option=asked.option,
        reason=asked.reason,
        clarification=f"The limits were changed. {asked.option}.\n\n{asked.reason}",
        by=by,
        at=at,
    )
    audit.record("lots.limit.changed", by=by, about=made, organisation=framework.buyer_id, at=at)
    return framework


@transaction.atomic(durable=True)
def drop_limit(*, framework: Framework, by: User, at: dt.datetime) -> None:
    """Take the request that waits back, or say no to it. It stays readable. Raises `Refused` where none waits."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_see_round, by, framework)
    asked = _waiting(framework)
    _end(asked, at)
    audit.record("lots.limit.dropped", by=by, about=asked, organisation=framework.buyer_id, at=at)


def _check(framework: Framework, limits: rules.Limits) -> None:
    now = rules.Limits(framework.max_participants, framework.max_lots)
    standing = Place.objects.standing().filter(framework=framework, lot__is_auto=False)
    rules.check_change(framework.state, now, limits, standing.order_by().values("provider").distinct().count())


def _waiting(framework: Framework) -> Decision:
    asked = asked_of(framework)
    if asked is None:
        raise Refused("Nobody has asked for another limit, or it was answered meanwhile")
    return asked


def _end(asked: Decision, at: dt.datetime) -> None:
    asked.replaced_at = at
    asked.save(update_fields=["replaced_at"])
