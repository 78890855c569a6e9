"""Who may do what with frameworks, standards and places. Roles are read once per request."""

from __future__ import annotations

from accounts.queries import roles_of
from accounts.states import Role

# Who buys: a council's procurement officers; in a trust, which has none, whoever commissions.
BUYS = {Role.PROCUREMENT, Role.TRUST_COMMISSIONER}
# Who looks after places once they are given.
RUNS_PLACES = BUYS | {Role.CONTRACTS}
# Who may stop a provider at once.
SUSPENDS = RUNS_PLACES | {Role.SAFEGUARDING, Role.TRUST_DSL}


def _holds(user, organisation_id: int, roles: set[Role]) -> bool:
    return any(held.organisation_id == organisation_id and held.role in roles for held in roles_of(user))


def belongs_to(user, organisation_id: int) -> bool:
    """Holds any role there."""
    return any(held.organisation_id == organisation_id for held in roles_of(user))


def can_start_framework(user, organisation) -> bool:
    """Begin a framework for this buyer, or bring its notice in."""
    return _holds(user, organisation.pk, BUYS)


def can_manage_framework(user, framework) -> bool:
    """Set it up, publish it, open it again."""
    return _holds(user, framework.buyer_id, BUYS)


def can_see_framework(user, framework) -> bool:
    """Whoever its queryset shows it to: anybody once it is published, its buyer's people before."""
    return True


def can_see_inside(user, framework) -> bool:
    """The officers' pages of a framework: everybody who belongs to its buyer, and operators."""
    return bool(user.is_authenticated and user.is_operator) or belongs_to(user, framework.buyer_id)
