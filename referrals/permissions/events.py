"""Who tells a provider's changes, who reads them, who decides about a pupil whose provider is suspended."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind, Role
from referrals.models import DecisionDue
from referrals.models.own import ANSWERS, COMMISSIONS, SEES_PUPILS, holds

# Who decides whether a pupil stays at a suspended provider: whoever commissions, and whoever keeps pupils safe.
DECIDES = frozenset(COMMISSIONS | {Role.SAFEGUARDING, Role.TRUST_DSL})
WATCH = "referrals.watch_providers"


def can_see_changes(user, organisation: Organisation) -> bool:
    """What a provider has told, or the portal has seen of it: the provider's people."""
    return organisation.kind == OrganisationKind.PROVIDER and has_role(user, *ANSWERS, organisation=organisation)


def can_add_change(user, organisation: Organisation) -> bool:
    """Tell a change: the same people."""
    return can_see_changes(user, organisation)


def can_read_told(user, organisation: Organisation) -> bool:
    """What was told of providers where this organisation's pupils are: whoever works with the pupils."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, SEES_PUPILS)


def can_see_decisions(user, organisation: Organisation) -> bool:
    """What has to be decided about pupils: whoever works with them."""
    return can_read_told(user, organisation)


def can_see_decision(user, decision: DecisionDue) -> bool:
    """One of them: all whom its queryset shows it to."""
    return True


def can_decide(user, decision: DecisionDue) -> bool:
    """Decide it: whoever commissions for the pupil or keeps the commissioner's pupils safe."""
    return holds(user, decision.placement.commissioner_id, DECIDES)
