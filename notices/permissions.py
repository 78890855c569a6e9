"""Who may bring notices in, look at them and make frameworks of them."""

from __future__ import annotations

from accounts.queries import roles_of
from lots.permissions import BUYS, belongs_to, can_start_framework

# The parts of the portal that act by themselves here.
READER, COMMAND = "notices.read", "notices.import_release"


def _sees(user, organisation_id: int) -> bool:
    return bool(user.is_authenticated and user.is_operator) or belongs_to(user, organisation_id)


def _buys(user, organisation_id: int) -> bool:
    return any(held.organisation_id == organisation_id and held.role in BUYS for held in roles_of(user))


def can_import_notice(user, organisation) -> bool:
    """Bring a notice in: whoever may begin a framework for this organisation."""
    return can_start_framework(user, organisation)


def can_see_notices(user, organisation) -> bool:
    """The list of files: everybody who belongs to the organisation, and operators."""
    return _sees(user, organisation.pk)


def can_see_file(user, file) -> bool:
    """One file and what was found in it: everybody who belongs to the organisation, and operators."""
    return _sees(user, file.organisation_id)


def can_see_release(user, release) -> bool:
    """One release, and what was understood of it: everybody who belongs to the organisation, and operators."""
    return _sees(user, release.organisation_id)


def can_use_release(user, release) -> bool:
    """Make a framework of it, or bring one up to it: whoever buys for the organisation."""
    return _buys(user, release.organisation_id)
