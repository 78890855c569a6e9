"""Who states a provider's free places: whoever leads it or works there."""

from __future__ import annotations

from accounts.queries import has_role
from accounts.states import OrganisationKind, Role

REMINDERS = "providers.remind_of_free_places"  # the part of the portal that watches how old a statement is


def can_state_seats(user, provider) -> bool:
    """See and state a provider's free places, and confirm them."""
    return provider.kind == OrganisationKind.PROVIDER and _works_at(user, provider.pk)


def can_state_seats_at(user, site) -> bool:
    """The same at one of its sites."""
    return _works_at(user, site.provider_id)


def _works_at(user, provider: int) -> bool:
    return has_role(user, Role.PROVIDER_LEAD, Role.PROVIDER_STAFF, organisation=provider)
