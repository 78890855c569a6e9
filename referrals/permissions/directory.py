"""Who searches the directory, and who keeps a shortlist."""

from __future__ import annotations

from accounts.states import OrganisationKind
from lots.permissions import belongs_to
from referrals.models.own import COMMISSIONS, holds


def can_search(user, organisation) -> bool:
    """Everybody who holds any role in a school, trust or council."""
    return organisation.kind != OrganisationKind.PROVIDER and belongs_to(user, organisation.pk)


def can_keep_shortlist(user, organisation) -> bool:
    """Whoever writes referrals there."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, COMMISSIONS)


def can_take_off(user, shortlisted) -> bool:
    """Likewise, of its organisation's shortlist."""
    return can_keep_shortlist(user, shortlisted.organisation)
