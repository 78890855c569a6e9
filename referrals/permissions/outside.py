"""Who places a pupil outside a framework, who brings in what already runs, who sees what is spent so."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.states import OrganisationKind
from referrals.models import Placement, Pupil
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, holds
from referrals.permissions.placements import WATCHES_SPEND

IMPORT = "referrals.import_placements"


def can_place_outside(user, pupil: Pupil) -> bool:
    """Whoever commissions for the pupil."""
    return holds(user, pupil.commissioner_id, COMMISSIONS)


def can_change_outside(user, placement: Placement) -> bool:
    """Whoever commissions for the pupil."""
    return holds(user, placement.commissioner_id, COMMISSIONS)


def can_import_placements(user, organisation: Organisation) -> bool:
    """Whoever commissions for the organisation."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, COMMISSIONS)


def can_see_outside(user, organisation: Organisation) -> bool:
    """What a buyer spends outside frameworks: who commissions, pays or buys for it. No pupil stands there."""
    sees = COMMISSIONS | HOLDS_BUDGET | WATCHES_SPEND
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, sees)
