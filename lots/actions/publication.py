"""A framework is published, or withdrawn. Publication locks what providers rely on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Policies
from lots.queries import sealing
from lots.queries import setup as queries
from lots.rules import readiness
from lots.rules.refusals import Refused
from lots.states import FRAMEWORK_MOVES, FrameworkState
from lots.steps import decisions, standards

WITHDRAWN = "withdrawn"  # what the decision is about that says why


@transaction.atomic(durable=True)
def publish_framework(*, framework: Framework, by: User, at: dt.datetime) -> Framework:
    """Publish: policies are locked, the standards are copied and stay, anybody may read it from now on. Raises
    `Refused` with what is missing; what is only to think about stops nothing."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check_move(framework, FrameworkState.PUBLISHED)
    missing = readiness.blocking(readiness.check(queries.setup_of(framework), now=at))
    if missing:
        raise Refused("This framework cannot be published yet. " + ". ".join(gap.text for gap in missing))
    if not sealing.has_key(framework):
        raise Refused("The key of this framework cannot be read on this server. Begin its recovery file again")
    Policies.objects.filter(framework=framework).update(locked_at=at)
    standards.copy_standards(version=framework.standards_chosen, framework=framework, by=by, at=at)
    framework.state, framework.published_at, framework.published_by = FrameworkState.PUBLISHED, at, by
    framework.save(update_fields=["state", "published_at", "published_by"])
    audit.record("lots.framework.published", by=by, about=framework, organisation=framework.buyer_id, at=at)
    return framework


@transaction.atomic(durable=True)
def withdraw_framework(*, framework: Framework, reason: str, by: User, at: dt.datetime) -> Framework:
    """Give a framework up. One that is being set up disappears: its notice can be brought in again, and the opening
    before it can be opened again. One that is published stays readable with the reason, which goes to all bidders; the
    buyer also publishes a procurement termination notice (Procurement Act 2023, s.55). Raises `Refused` once it was
    awarded."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check_move(framework, FrameworkState.WITHDRAWN)
    if framework.state == FrameworkState.PUBLISHED:
        if not reason:
            raise Refused("Say why: everybody who has read the framework is told", field="reason")
        decisions.decide(
            framework=framework, about=WITHDRAWN, option="", reason=reason, clarification=reason, by=by, at=at
        )
    else:
        framework.ocid, framework.previous = "", None
    framework.state, framework.withdrawn_at = FrameworkState.WITHDRAWN, at
    framework.save(update_fields=["state", "withdrawn_at", "ocid", "previous"])
    audit.record("lots.framework.withdrawn", by=by, about=framework, organisation=framework.buyer_id, at=at)
    return framework


def _check_move(framework: Framework, to: FrameworkState) -> None:
    state = FrameworkState(framework.state)
    if to in FRAMEWORK_MOVES[state]:
        return
    if to == state:
        verb = "published" if to == FrameworkState.PUBLISHED else "withdrawn"
        raise Refused(f"This framework has already been {verb}")
    raise Refused(f"This framework is “{state.label.lower()}”, so this is no longer possible")
