"""Who writes down what happened at a provider, and who reads it."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from monitoring.models import Incident
from monitoring.models.own import REPORTS
from referrals.models.own import SEES_PUPILS, TEACHES, holds


def can_list(user, organisation: Organisation) -> bool:
    """A provider's incidents: its people who meet pupils."""
    return organisation.kind == OrganisationKind.PROVIDER and has_role(user, *TEACHES, organisation=organisation)


def can_list_of_pupils(user, organisation: Organisation) -> bool:
    """What happened to a commissioner's own pupils: its people who work with them."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, SEES_PUPILS)


def can_see(user, incident: Incident) -> bool:
    """The provider's people who meet pupils; of a pupil, the commissioner's and the home school's."""
    placement = incident.placement if incident.placement_id else None
    sides = [placement.commissioner_id, placement.home_school_id] if placement else []
    return can_write(user, incident) or any(holds(user, one, SEES_PUPILS) for one in sides if one)


def can_write(user, incident: Incident) -> bool:
    """Correct it: the provider's people who meet pupils."""
    return has_role(user, *TEACHES, organisation=incident.provider_id)


def can_drill(user, organisation: Organisation) -> bool:
    """Fire drills: everybody of the provider."""
    return organisation.kind == OrganisationKind.PROVIDER and has_role(user, *REPORTS, organisation=organisation)
