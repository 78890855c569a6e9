"""Who bids: whoever leads the provider, and nobody else; not its staff, not the buyer, not operators."""

from __future__ import annotations

from accounts.queries import has_role
from accounts.states import OrganisationKind, Role
from lots.states import FrameworkState


def can_apply_for(user, provider) -> bool:
    """Follow a framework or apply in this provider's name."""
    return provider.kind == OrganisationKind.PROVIDER and has_role(user, Role.PROVIDER_LEAD, organisation=provider.pk)


def can_apply(user, framework) -> bool:
    """Begin an application: whoever leads a provider, to a framework that was published."""
    return framework.state != FrameworkState.DRAFT and has_role(user, Role.PROVIDER_LEAD)


def can_bid(user, application) -> bool:
    """Read, change, submit, withdraw an application."""
    return has_role(user, Role.PROVIDER_LEAD, organisation=application.provider_id)


def can_see_submission(user, submission) -> bool:
    """Read what was submitted, and its receipt."""
    return can_bid(user, submission.application)
