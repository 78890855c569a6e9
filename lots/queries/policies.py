"""Policies of a framework for pages: what holds, who decided it and why."""

from __future__ import annotations

from dataclasses import dataclass

from lots.models import Decision, Framework, Policies
from lots.rules import policies as rules
from lots.rules.policies import Policy, Topic, Value
from lots.rules.policy_list import DEFAULTS, POLICY, TOPICS


@dataclass(frozen=True)
class Line:
    """One policy as it stands. `decision` is None where nobody has decided it; `owed` where somebody must before the
    framework is published."""

    policy: Policy
    value: Value
    decision: Decision | None
    owed: bool

    @property
    def said(self) -> str:
        """The value in words."""
        return rules.said(self.policy, self.value)


@dataclass(frozen=True)
class Block:
    """A topic with its policies as they stand."""

    topic: Topic
    lines: tuple[Line, ...]

    @property
    def owed(self) -> bool:
        """Somebody must still decide here."""
        return any(line.owed for line in self.lines)

    @property
    def last(self) -> Decision | None:
        """The latest decision that stands here; None where nobody has decided."""
        return max((line.decision for line in self.lines if line.decision), key=lambda row: row.pk, default=None)


def policies_of(framework: Framework) -> Policies:
    """The policies; every framework has its row from the start."""
    return Policies.objects.get(framework=framework)


def values_of(policies: Policies) -> dict[str, Value]:
    """The values of all policies by code."""
    return {code: getattr(policies, code) for code in DEFAULTS}


def standing_decisions(framework: Framework) -> dict[str, Decision]:
    """The decisions that stand, by what they are about."""
    found = Decision.objects.filter(framework=framework, replaced_at__isnull=True).select_related("decided_by")
    return {decision.about: decision for decision in found}


def blocks_of(framework: Framework, policies: Policies, standing: dict[str, Decision]) -> list[Block]:
    """All topics in order, with their values and the decisions that stand. No query."""
    values = values_of(policies)
    owed = rules.undecided(standing, from_notice=bool(framework.ocid)) if policies.locked_at is None else frozenset()
    return [
        Block(
            topic,
            tuple(
                Line(policy, values[policy.code], standing.get(policy.code), policy.code in owed)
                for policy in topic.policies
            ),
        )
        for topic in TOPICS
    ]


def history_of(framework: Framework, topic: Topic) -> list[tuple[str, str, Decision]]:
    """Every decision about a topic, the last one first: policy, value in words, decision."""
    codes = [policy.code for policy in topic.policies]
    found = Decision.objects.filter(framework=framework, about__in=codes).select_related("decided_by").order_by("-id")
    return [(POLICY[row.about].label, _said(row), row) for row in found]


def _said(decision: Decision) -> str:
    policy = POLICY[decision.about]
    return rules.said(policy, rules.read(policy, decision.option))
