"""Who sees and sets when reports are due, and the part of the portal that reminds."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from monitoring.models.own import DECIDES, MANAGES, WATCHES

REMIND = "monitoring.remind"
BUYERS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST}


def can_see_terms(user, organisation: Organisation) -> bool:
    """A buyer's times: whoever watches its agreements."""
    return organisation.kind in BUYERS and has_role(user, *WATCHES, organisation=organisation)


def can_set_terms(user, organisation: Organisation) -> bool:
    """Changes them: whoever manages the buyer's agreements or decides of its providers."""
    return organisation.kind in BUYERS and has_role(user, *(MANAGES | DECIDES), organisation=organisation)


def can_remind(user) -> bool:
    """Nobody: the portal alone reminds."""
    return False
