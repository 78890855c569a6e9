"""Who sees and changes a provider's profile and its evidence library: its own people see them, its leads change them.
Operators run the portal and see into neither."""

from __future__ import annotations

from accounts.queries import has_role, roles_of
from accounts.states import OrganisationKind, Role

PLACING = "providers.place_sites"  # the part that follows the list of postcodes
EXPIRY = "providers.tell_of_expiry"  # the part of the portal that watches the days on documents


def belongs_to(user, provider_id: int) -> bool:
    """Holds any role at this provider."""
    return any(held.organisation_id == provider_id for held in roles_of(user))


def can_see_profile(user, provider) -> bool:
    """The whole profile, and the evidence library: everybody who belongs to the provider."""
    return provider.kind == OrganisationKind.PROVIDER and belongs_to(user, provider.pk)


def can_edit_profile(user, provider) -> bool:
    """Whoever leads the provider."""
    return provider.kind == OrganisationKind.PROVIDER and has_role(user, Role.PROVIDER_LEAD, organisation=provider.pk)


def can_edit_row(user, row) -> bool:
    """One of its sites, insurances or accreditations: whoever leads the provider."""
    return has_role(user, Role.PROVIDER_LEAD, organisation=row.provider_id)


def can_see_library(user, provider) -> bool:
    """As the profile."""
    return can_see_profile(user, provider)


def can_add_item(user, provider) -> bool:
    """Bring a document in: whoever leads the provider."""
    return can_edit_profile(user, provider)


def can_see_item(user, item) -> bool:
    """A document with its versions: everybody who belongs to the provider."""
    return belongs_to(user, item.provider_id)


def can_change_item(user, item) -> bool:
    """Replace, rename or remove a document: whoever leads the provider."""
    return has_role(user, Role.PROVIDER_LEAD, organisation=item.provider_id)


def can_download_version(user, version) -> bool:
    """The file itself: everybody who belongs to the provider."""
    return belongs_to(user, version.item.provider_id)


def nobody(user, *things) -> bool:
    """Only the portal itself."""
    return False
