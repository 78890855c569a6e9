"""Who reads a referral, who writes it, and who says yes to its cost. Whose referrals somebody meets at all is the
querysets' answer."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.states import Role
from referrals.models import Approval, Pupil, Referral, ReferralFile
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, SEES_PUPILS, holds

# Attendance officers need to know that a pupil is being referred, not why, nor what was written.
READS_WHOLE = frozenset(SEES_PUPILS - {Role.SCHOOL_ATTENDANCE})


def can_list(user, commissioner: Organisation) -> bool:
    """The list of referrals: whoever works with the commissioner's pupils."""
    return holds(user, commissioner.pk, SEES_PUPILS)


def reads_why(user, commissioner: Organisation) -> bool:
    """Why pupils are referred, in a list: not for attendance officers."""
    return holds(user, commissioner.pk, READS_WHOLE)


def can_start(user, pupil: Pupil) -> bool:
    """Begin a referral: whoever commissions for the pupil."""
    return holds(user, pupil.commissioner_id, COMMISSIONS)


def can_see(user, referral: Referral) -> bool:
    """That there is a referral, and how far it is: whoever works with the commissioner's pupils."""
    return holds(user, referral.commissioner_id, SEES_PUPILS)


def can_read(user, referral: Referral) -> bool:
    """What it says of the pupil."""
    return holds(user, referral.commissioner_id, READS_WHOLE)


def can_write(user, referral: Referral) -> bool:
    """Write, check and close it: whoever commissions."""
    return holds(user, referral.commissioner_id, COMMISSIONS)


def can_read_file(user, document: ReferralFile) -> bool:
    """A document of a referral: as what the referral says."""
    return can_read(user, document.referral)


def can_remove_file(user, document: ReferralFile) -> bool:
    """Take a document away: whoever writes the referral."""
    return can_write(user, document.referral)


def can_list_approvals(user, commissioner: Organisation) -> bool:
    """What waits for a budget holder: they, and whoever commissions."""
    return holds(user, commissioner.pk, HOLDS_BUDGET | COMMISSIONS)


def can_see_approval(user, approval: Approval) -> bool:
    """What was asked of the budget holder: they, and whoever commissions."""
    return holds(user, approval.referral.commissioner_id, HOLDS_BUDGET | COMMISSIONS)


def can_answer(user, approval: Approval) -> bool:
    """Say yes or no to what it costs: a budget holder who is not the one who asked."""
    return approval.asked_by_id != user.pk and holds(user, approval.referral.commissioner_id, HOLDS_BUDGET)
