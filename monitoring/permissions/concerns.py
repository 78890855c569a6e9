"""Who raises a concern, who is told of it, who reads what it says, and who goes on with it."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind, Role
from monitoring.models import Concern
from monitoring.models.own import HEADS, LEADS_OF_COMMISSIONER, OFFICERS, at
from monitoring.states import ConcernKind, ConcernState

ESCALATE, REMOVE = "monitoring.escalate_concerns", "monitoring.remove_detail"


def can_raise(user, organisation: Organisation) -> bool:
    """Everybody who belongs to the organisation, whatever they do there."""
    return has_role(user, *Role, organisation=organisation)


def can_list(user, organisation: Organisation) -> bool:
    """Everybody of the organisation: each is shown what they may see, and nothing tells of the rest."""
    return has_role(user, *Role, organisation=organisation)


def can_see(user, concern: Concern) -> bool:
    """Whoever was told, and whoever raised it."""
    return is_told(user, concern) or concern.raised_by_id == user.pk


def is_told(user, concern: Concern) -> bool:
    """Of one about a child: the safeguarding leads of both sides and the council's officer. Of one about an adult: the
    officer and the commissioner's head, and nobody who belongs to that provider. Never whom it is about."""
    if concern.about_user_id == user.pk:
        return False
    if concern.kind == ConcernKind.ADULT:
        return _answers(user, concern) and concern.provider_id not in at(user, frozenset(Role))
    return _answers(user, concern) or concern.provider_id in at(user, frozenset({Role.PROVIDER_DSL}))


def can_read_detail(user, concern: Concern) -> bool:
    """What it says: whoever was told, until it is removed. Whoever raised it reads their own words until it is handed
    over; afterwards they keep the receipt."""
    if concern.removed_at is not None:
        return False
    own = concern.raised_by_id == user.pk and concern.state in (ConcernState.RAISED, ConcernState.RECEIVED)
    return own or is_told(user, concern)


def can_go_on(user, concern: Concern) -> bool:
    """Say that it came, hand it over, write the outcome: whoever was told on the commissioner's or the council's side,
    and did not raise it. Never the provider: the timer would be stopped in the house that it may be about."""
    return concern.raised_by_id != user.pk and is_told(user, concern) and _answers(user, concern)


def can_take_paper(user, concern: Concern) -> bool:
    """What it says on paper, for the safeguarding record to which it is handed over: while it is there, once somebody
    has received it."""
    return can_go_on(user, concern) and concern.removed_at is None and concern.state != ConcernState.RAISED


def can_set_front_door(user, organisation: Organisation) -> bool:
    """Where the council takes calls: its safeguarding officer or its administrator."""
    return organisation.kind == OrganisationKind.AUTHORITY and has_role(
        user, Role.SAFEGUARDING, Role.ADMIN, organisation=organisation
    )


def _answers(user, concern: Concern) -> bool:
    """The officer, and the leads or heads of the commissioner's side."""
    if concern.authority_id in at(user, OFFICERS):
        return True
    if concern.kind == ConcernKind.ADULT:
        return concern.commissioner_id in at(user, HEADS)
    home = concern.placement.home_school_id if concern.placement_id else None
    leads = at(user, LEADS_OF_COMMISSIONER)
    return concern.commissioner_id in leads or home in leads
