"""Who sees reviews and writes them, who reads the warnings, the census and the counts."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from referrals.models import Placement, Review
from referrals.models.own import COMMISSIONS, SEES_PUPILS, holds
from referrals.models.signals import WATCHES_THRESHOLD
from referrals.permissions.referrals import READS_WHOLE
from referrals.queries.counts import COUNTS

REMIND = "referrals.remind_of_reviews"
JUDGE = "referrals.judge_threshold"
BUYS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST, OrganisationKind.SCHOOL}


def can_list(user, organisation: Organisation) -> bool:
    """The reviews of a commissioner: whoever works with its pupils."""
    return organisation.kind in BUYS and holds(user, organisation.pk, SEES_PUPILS)


def can_see_of(user, placement: Placement) -> bool:
    """The reviews of a placement: whoever works with the pupils of the commissioner or of the home school."""
    schools = [placement.commissioner_id, placement.home_school_id]
    return any(holds(user, one, SEES_PUPILS) for one in schools if one)


def can_see(user, review: Review) -> bool:
    """One review: whoever works with the pupils of the commissioner or of the home school."""
    return can_see_of(user, review.placement)


def can_read(user, review: Review) -> bool:
    """What was said: as a referral is read whole."""
    schools = [review.placement.commissioner_id, review.placement.home_school_id]
    return any(holds(user, one, READS_WHOLE) for one in schools if one)


def can_hold(user, review: Review) -> bool:
    """Write down a review: whoever works with the commissioner's pupils and reads the referral whole."""
    return holds(user, review.placement.commissioner_id, READS_WHOLE)


def can_see_warnings(user, organisation: Organisation) -> bool:
    """That providers crossed the threshold of an unregistered school: an authority's officers who answer for it."""
    return organisation.kind == OrganisationKind.AUTHORITY and has_role(
        user, *WATCHES_THRESHOLD, organisation=organisation
    )


def can_take_census(user, organisation: Organisation) -> bool:
    """The census of a commissioner's placements, with names and numbers: whoever commissions."""
    return organisation.kind in BUYS and holds(user, organisation.pk, COMMISSIONS)


def can_count(user, organisation: Organisation) -> bool:
    """Figures without pupils: whoever commissions, holds a budget or manages contracts there."""
    return organisation.kind in BUYS and holds(user, organisation.pk, COUNTS)
