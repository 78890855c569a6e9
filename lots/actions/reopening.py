"""A framework is opened again, and one recorded instant ends the last generation and begins the next (s.49(2)(b))."""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Place
from lots.queries import openings as queries
from lots.rules import places, scheme
from lots.rules.refusals import Refused
from lots.states import FrameworkState
from lots.steps import letters, openings
from lots.steps import places as steps


@transaction.atomic(durable=True)
def reopen_framework(*, framework: Framework, by: User, at: dt.datetime, today: dt.date) -> Framework:
    """Make the next generation as a draft (`steps.copy_generation`). Locks the framework, so that of two who open it
    again at once one does. Raises `Refused`."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    following = Framework.objects.filter(previous=framework).first()
    given_up = following is not None and following.state == FrameworkState.WITHDRAWN
    scheme.check_reopening(
        is_open=framework.is_open,
        state=framework.state,
        has_next=following is not None and not given_up,
        end=queries.scheme_of(framework, today=today).end,
        today=today,
    )
    if given_up:
        following.previous = None
        following.save(update_fields=["previous"])
    made = openings.copy_generation(framework=framework, by=by, at=at)
    audit.record(
        "lots.framework.reopened",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"next": made.pk, "given_up": following.pk if given_up else None},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def acknowledge_coverage(*, framework: Framework, shown: list[str], by: User, at: dt.datetime) -> tuple[str, ...]:
    """Write down that an officer has read which parts nobody would be on after the switch: the list that was `shown`.
    Raises `Refused` when it has changed since it was shown."""
    frameworks = steps.frameworks_locked([framework.pk, framework.previous_id or framework.pk])
    framework = frameworks[framework.pk]
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    if framework.state != FrameworkState.PUBLISHED:
        raise Refused("Only a framework that is published and does not run yet can begin")
    left = queries.uncovered_by_switch(framework)
    if not left:
        raise Refused("Every part has a provider, so there is nothing to acknowledge")
    if sorted(shown) != list(left):
        raise Refused("The list has changed since it was shown to you. Read it again")
    framework.coverage_acknowledged = json.dumps(left)
    framework.coverage_acknowledged_at, framework.coverage_acknowledged_by = at, by
    framework.save(update_fields=["coverage_acknowledged", "coverage_acknowledged_at", "coverage_acknowledged_by"])
    audit.record(
        "lots.framework.coverage_acknowledged",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"parts": list(left)},
        at=at,
    )
    return left


@transaction.atomic(durable=True)
def switch_framework(*, framework: Framework, by: User, at: dt.datetime, today: dt.date) -> Framework:
    """Begin a framework: from this instant it runs, and the generation before it, if there is one, has ended with all
    its places. Both are locked, so that no place ends or is accepted between the list and the switch. Raises `Refused`
    while parts that it would leave without a provider are not acknowledged."""
    frameworks = steps.frameworks_locked([framework.pk, framework.previous_id or framework.pk])
    framework = frameworks[framework.pk]
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    previous = frameworks.get(framework.previous_id)
    facts = queries.begin_facts(framework)
    places.check_switch(
        state=framework.state,
        today=today,
        at=at,
        closes_at=framework.closes_at,
        waits_until=facts.waits_until,
        waits_for_notice=facts.waits_for_notice,
        accepted=facts.accepted,
        previous_runs=None if previous is None else previous.state == FrameworkState.RUNNING,
        end=queries.scheme_of(framework, today=today).end,
    )
    left = queries.uncovered_by_switch(framework)
    places.check_acknowledged(left, queries.acknowledged(framework))
    if previous is not None:
        previous.state, previous.ended_at = FrameworkState.ENDED, at
        previous.save(update_fields=["state", "ended_at"])
        steps.end_all(framework=previous, by=by, at=at)
    framework.state, framework.awarded_at = FrameworkState.RUNNING, at
    framework.save(update_fields=["state", "awarded_at"])
    steps.begin_due(framework=framework, by=by, at=at)
    data = {"previous": framework.previous_id, "uncovered": list(left), "places": facts.accepted}
    audit.record("lots.framework.began", by=by, about=framework, organisation=framework.buyer_id, data=data, at=at)
    _tell(framework, previous, at)
    return framework


def _tell(framework: Framework, previous: Framework | None, at: dt.datetime) -> None:
    """Letters: to whoever is on the new generation that it has begun, to the others of the old one that it ended."""
    here = _one_each(framework)
    letters.tell(letters.BEGAN, providers=here, about=here, at=at)
    if previous is not None:
        gone = {pk: place for pk, place in _one_each(previous, ended_at=at).items() if pk not in here}
        letters.tell(letters.ENDED, providers=gone, about=gone, at=at)


def _one_each(framework: Framework, **narrowed) -> dict[int, Place]:
    rows = Place.objects.filter(framework=framework, **(narrowed or {"ended_at": None}))
    found = {}
    for row in rows.select_related("provider").only("provider_id", "provider__name").order_by("-pk"):
        row.framework = framework
        found[row.provider_id] = row
    return found
