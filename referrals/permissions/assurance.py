"""Who puts in place what keeps a pupil safe, who starts a placement, who writes the rota."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from accounts.queries import has_role
from accounts.states import OrganisationKind, Role
from referrals.models import Assurance, Cover, Placement
from referrals.models.own import COMMISSIONS, SEES_PUPILS, TEACHES, holds
from referrals.permissions.referrals import READS_WHOLE
from referrals.rules.assurance import PROVIDERS

# Who may let a pupil start before everything is in place, and answers for it.
STARTS_IN_AN_EMERGENCY = frozenset({Role.SCHOOL_LEAD, Role.SCHOOL_DSL, Role.TRUST_DSL, Role.SAFEGUARDING})
# Who is told when what was put off is late.
LEADS = frozenset(STARTS_IN_AN_EMERGENCY | {Role.COMMISSIONER, Role.TRUST_COMMISSIONER})
REMIND = "referrals.remind_of_assurance"


def can_see(user, placement: Placement) -> bool:
    """How far the items are: all whom the placement is shown to."""
    return True


def can_read(user, placement: Placement) -> bool:
    """What was written of them: whoever works with the pupils of the commissioner or the home school, and the
    provider's people who meet pupils."""
    if has_role(user, *TEACHES, organisation=placement.provider_id):
        return True
    schools = [placement.commissioner_id, placement.home_school_id]
    return any(holds(user, one, SEES_PUPILS) for one in schools if one)


def can_commission(user, placement: Placement) -> bool:
    """Put items in place, undo them, start the placement: whoever commissions for the pupil."""
    return holds(user, placement.commissioner_id, COMMISSIONS)


def can_fill(user, placement: Placement, item: str) -> bool:
    """Write one item: whoever commissions, or the provider's people where it is theirs to say."""
    return can_commission(user, placement) or (
        item in PROVIDERS and has_role(user, *TEACHES, organisation=placement.provider_id)
    )


def can_start_in_emergency(user, placement: Placement) -> bool:
    """Let a pupil start before everything is in place, by name: a head, a safeguarding lead, or the council's
    safeguarding officer, of the commissioner."""
    return holds(user, placement.commissioner_id, STARTS_IN_AN_EMERGENCY)


def can_read_file(user, assurance: Assurance) -> bool:
    """The file of an item: as what was written of it."""
    return can_read(user, assurance.placement)


def can_give_notice(user, placement: Placement) -> bool:
    """The notice of a direction, with the parent's name and the reasons: whoever reads the referral."""
    return holds(user, placement.commissioner_id, READS_WHOLE)


def can_see_rota(user, organisation: Organisation) -> bool:
    """Who answers for a commissioner: everybody who belongs to it, or works with its pupils."""
    if organisation.kind == OrganisationKind.PROVIDER:
        return False
    belongs = any(held.organisation_id == organisation.pk for held in roles_of(user))
    return belongs or sees_sessions(user, organisation)


def sees_sessions(user, organisation: Organisation) -> bool:
    """Which sessions nobody answers: whoever works with the commissioner's pupils."""
    return holds(user, organisation.pk, SEES_PUPILS)


def can_write_rota(user, organisation: Organisation) -> bool:
    """Write who answers: whoever commissions."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, COMMISSIONS)


def can_change_cover(user, cover: Cover) -> bool:
    """Change or end a line of a rota: whoever commissions."""
    return holds(user, cover.commissioner_id, COMMISSIONS)
