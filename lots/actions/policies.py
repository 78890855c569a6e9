"""Deciding the policies of a framework, until it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Policies
from lots.queries.policies import standing_decisions, values_of
from lots.rules import policies as rules
from lots.rules.policies import Topic, Value
from lots.steps.decisions import decide


@transaction.atomic(durable=True)
def decide_policies(
    *,
    framework: Framework,
    topic: Topic,
    values: Mapping[str, Value],
    reason: str,
    clarification: str,
    by: User,
    at: dt.datetime,
) -> int:
    """Decide the policies of one topic, with one reason. Returns how many decisions were new. Raises `Refused` once the
    policies are locked, and where a reason or the text to all bidders is owed and missing."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    policies = Policies.objects.select_for_update(of=("self",)).get(framework=framework)
    rules.check_open(policies.locked_at, framework.state)
    from_notice = bool(framework.ocid)
    rules.check_together(values)
    rules.check_reason(topic.policies, values, reason, from_notice=from_notice)
    rules.check_clarification(topic.policies, clarification, from_notice=from_notice)
    standing, before = standing_decisions(framework), values_of(policies)
    new = 0
    for policy in topic.policies:
        option = rules.written(values[policy.code])
        last = standing.get(policy.code)
        same_words = last and (last.reason, last.clarification) == (reason, clarification)
        if same_words and before[policy.code] == values[policy.code]:
            continue
        decide(
            framework=framework,
            about=policy.code,
            option=option,
            reason=reason,
            clarification=clarification,
            by=by,
            at=at,
        )
        new += 1
    audit.record(
        "lots.policies.decided",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"topic": topic.slug, "decisions": new},
        at=at,
    )
    return new
