"""For whom somebody commissions, and for whom somebody teaches: what every queryset of this app asks first."""

from __future__ import annotations

from accounts.models.organisations import roles_of
from accounts.queries import schools_seen_by
from accounts.states import OrganisationKind, Role

# Whose work it is to know a pupil. A council's procurement, contract and finance officers buy places and meet none.
SEES_PUPILS = frozenset(
    {
        Role.COMMISSIONER,
        Role.SEND,
        Role.VIRTUAL_SCHOOL,
        Role.SAFEGUARDING,
        Role.TRUST_COMMISSIONER,
        Role.TRUST_DSL,
        Role.SCHOOL_LEAD,
        Role.SCHOOL_SENCO,
        Role.SCHOOL_DSL,
        Role.SCHOOL_ATTENDANCE,
    }
)
# Who writes pupils and referrals, and asks providers.
COMMISSIONS = frozenset(SEES_PUPILS - {Role.SAFEGUARDING, Role.TRUST_DSL, Role.SCHOOL_ATTENDANCE})
# Who may say yes to what it costs.
HOLDS_BUDGET = frozenset(
    {Role.BUDGET, Role.TRUST_COMMISSIONER, Role.TRUST_FINANCE, Role.SCHOOL_LEAD, Role.SCHOOL_FINANCE}
)
# A provider's people who meet pupils. Its lead runs the account and sees none (ADR 3).
TEACHES = frozenset({Role.PROVIDER_STAFF, Role.PROVIDER_DSL})
# Who answers an enquiry, which names nobody.
ANSWERS = frozenset(TEACHES | {Role.PROVIDER_LEAD})

# Who watches a buyer's agreements: reads daily reports, rates, decides what becomes of documents that ran out.
WATCHES = frozenset({Role.CONTRACTS, Role.COMMISSIONER, Role.SAFEGUARDING, Role.TRUST_COMMISSIONER, Role.TRUST_DSL})
# Who visits providers, for a council, a trust or a school.
VISITS = frozenset(WATCHES | {Role.SEND, Role.VIRTUAL_SCHOOL, Role.SCHOOL_LEAD, Role.SCHOOL_SENCO, Role.SCHOOL_DSL})


def where(user, roles: frozenset[Role]) -> set[int]:
    """The organisations in which the person holds one of these roles, with the schools listed for a trust's people
    (one query for those, once a request)."""
    held = [one for one in roles_of(user) if one.role in roles]
    found = {one.organisation_id for one in held}
    if any(one.kind == OrganisationKind.TRUST for one in held):
        found |= _listed(user)
    return found


def holds(user, organisation_id: int, roles: frozenset[Role]) -> bool:
    """Whether the person holds one of these roles there, or in the trust whose list for them has that school."""
    return organisation_id in where(user, roles)


def _listed(user) -> set[int]:
    """Asked once for as long as the roles that were read stand: whoever forgets them forgets these too."""
    held = roles_of(user)
    known = getattr(user, "_schools_listed", None)
    if known is None or known[0] is not held:
        known = user._schools_listed = (held, schools_seen_by(user))
    return known[1]
