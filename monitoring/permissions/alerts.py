"""Who sees alerts and who answers them."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.states import OrganisationKind
from monitoring.models import Alert
from referrals.models.own import SEES_PUPILS, holds

SOUND = "monitoring.sound_alarms"
BUYS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST, OrganisationKind.SCHOOL}


def can_list(user, organisation: Organisation) -> bool:
    """The alerts of an organisation that places pupils: whoever works with them."""
    return organisation.kind in BUYS and holds(user, organisation.pk, SEES_PUPILS)


def can_see(user, alert: Alert) -> bool:
    """One alert: whoever answers for it, and those of the pupil's home school who work with pupils."""
    return can_answer(user, alert) or holds(user, alert.session.placement.home_school_id, SEES_PUPILS)


def can_answer(user, alert: Alert) -> bool:
    """Say what was done: the commissioner's people who work with pupils, and those of the council or the trust once it
    came to them."""
    return any(holds(user, one, SEES_PUPILS) for one in (alert.commissioner_id, alert.reached_authority_id) if one)
