"""Who plans and writes visits, who shares them, who says that an action is done."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from monitoring.models import Visit, VisitAction, VisitSchedule
from monitoring.models.own import REPORTS, VISITS
from monitoring.states import Owner
from referrals.models.own import SEES_PUPILS

REMIND = "monitoring.remind_of_visits"
VISITORS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST, OrganisationKind.SCHOOL}


def can_plan(user, organisation: Organisation) -> bool:
    """The visits of a council, trust or school: whoever visits for it."""
    return organisation.kind in VISITORS and has_role(user, *VISITS, organisation=organisation)


def sees_pupils(user, organisation: Organisation) -> bool:
    """Plan a visit to one pupil: of those, whoever works with pupils."""
    return has_role(user, *(VISITS & SEES_PUPILS), organisation=organisation)


def can_list_had(user, organisation: Organisation) -> bool:
    """What a provider sees of visits to it: its people."""
    return organisation.kind == OrganisationKind.PROVIDER and has_role(user, *REPORTS, organisation=organisation)


def can_see(user, visit: Visit) -> bool:
    """One visit: all whom its queryset shows it to."""
    return True


def can_write(user, visit: Visit) -> bool:
    """Write it, cancel it, share it: whoever visits for its owner; where it is to one pupil, works with pupils."""
    roles = VISITS & SEES_PUPILS if visit.placement_id else VISITS
    return has_role(user, *roles, organisation=visit.owner_id)


def can_end_schedule(user, schedule: VisitSchedule) -> bool:
    """End a schedule: whoever visits for its owner."""
    return has_role(user, *VISITS, organisation=schedule.owner_id)


def can_do(user, action: VisitAction) -> bool:
    """Say that it is done: whose it is, or whoever visits for the owner of the visit."""
    provider = action.owner == Owner.PROVIDER and has_role(user, *REPORTS, organisation=action.visit.provider_id)
    return provider or has_role(user, *VISITS, organisation=action.visit.owner_id)
