"""Decisions of officers about policies and about what a notice leaves open. The last one stands, all stay."""

from __future__ import annotations

import datetime as dt

from audit import steps as audit
from core.steps import step
from lots.models import Decision, Framework, Policies
from lots.rules import policies as rules
from lots.rules.policy_list import POLICY


@step
def decide(
    *, framework: Framework, about: str, option: str, reason: str, clarification: str, by, at: dt.datetime
) -> Decision:
    """Write a decision down; it replaces the one that stands. Where `about` is a policy, its value is set too. Raises
    `Refused` for a value that the policy does not take, and once the policies are locked. The caller has locked the
    framework and has checked that a reason was given where one is owed."""
    if about in POLICY:
        policies = Policies.objects.select_for_update(of=("self",)).get(framework=framework)
        rules.check_open(policies.locked_at, framework.state)
        setattr(policies, about, rules.read(POLICY[about], option))
        policies.save(update_fields=[about])
    Decision.objects.filter(framework=framework, about=about, replaced_at__isnull=True).update(replaced_at=at)
    made = Decision.objects.create(
        framework=framework,
        about=about,
        option=option,
        reason=reason,
        clarification=clarification,
        decided_at=at,
        decided_by=by if hasattr(by, "pk") else None,
    )
    audit.record(
        "lots.decision.made",
        by=by,
        about=made,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "about": about},
        at=at,
    )
    return made
