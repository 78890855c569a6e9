"""Whose roles report, watch, visit and are told: what every queryset of this app asks first."""

from __future__ import annotations

from accounts.models.organisations import roles_of
from accounts.states import Role
from referrals.models.own import VISITS, WATCHES

# Who files a provider's daily report: everybody of it. It holds counts, never a pupil.
REPORTS = frozenset({Role.PROVIDER_LEAD, Role.PROVIDER_STAFF, Role.PROVIDER_DSL})
# Who decides of a provider for a buyer.
DECIDES = frozenset({Role.CONTRACTS, Role.COMMISSIONER, Role.TRUST_COMMISSIONER})
# Who is told when a provider does not report.
MANAGES = frozenset({Role.CONTRACTS, Role.TRUST_COMMISSIONER})
# The safeguarding leads of each side, and the officer of a council.
LEADS_OF_COMMISSIONER = frozenset({Role.SCHOOL_DSL, Role.TRUST_DSL})
OFFICERS = frozenset({Role.SAFEGUARDING})
# Who answers for a commissioner where an allegation is about an adult.
HEADS = frozenset({Role.SCHOOL_LEAD, Role.TRUST_COMMISSIONER, Role.COMMISSIONER})


def at(user, roles: frozenset[Role]) -> set[int]:
    """The organisations in which the person holds one of these roles."""
    return {held.organisation_id for held in roles_of(user) if held.role in roles}


__all__ = ["DECIDES", "HEADS", "LEADS_OF_COMMISSIONER", "MANAGES", "OFFICERS", "REPORTS", "VISITS", "WATCHES", "at"]
