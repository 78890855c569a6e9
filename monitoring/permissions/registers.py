"""Who takes registers, who watches them, who hands on what they say."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from monitoring.models import Session
from referrals.models.own import SEES_PUPILS, TEACHES, holds

PURGE = "monitoring.purge_registers"


def can_see_registers(user, organisation: Organisation) -> bool:
    """The registers of a provider: its people who meet pupils."""
    is_provider = organisation.kind == OrganisationKind.PROVIDER
    return is_provider and has_role(user, *TEACHES, organisation=organisation)


def can_mark(user, session: Session) -> bool:
    """Mark a pupil: the provider's people who meet pupils, while the placement is not hidden from them."""
    return session.placement.hidden_at is None and has_role(user, *TEACHES, organisation=session.provider_id)


def can_see_entries(user, session: Session) -> bool:
    """What was marked and corrected: who marks, and whoever works with the pupils of the commissioner or of the home
    school."""
    schools = [session.commissioner_id, session.placement.home_school_id]
    return can_mark(user, session) or any(holds(user, one, SEES_PUPILS) for one in schools if one)


def can_watch(user, organisation: Organisation) -> bool:
    """What registers say of an organisation's own pupils, and the codes that follow: whoever works with them."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, SEES_PUPILS)
