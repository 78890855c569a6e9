"""Who reads and writes pupils. Whose pupils somebody meets at all is the querysets' answer."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.states import OrganisationKind, Role
from referrals.models import Pupil, PupilMove
from referrals.models.own import COMMISSIONS, SEES_PUPILS, holds

# An attendance officer rings homes and keeps the roll: names, school and contacts, not why the pupil needs help.
READS_NEED = frozenset(SEES_PUPILS - {Role.SCHOOL_ATTENDANCE})
# Who answers for how the records are used: whoever leads, and whoever safeguards.
READS_RECORD = frozenset(
    {
        Role.COMMISSIONER,
        Role.SAFEGUARDING,
        Role.TRUST_COMMISSIONER,
        Role.TRUST_DSL,
        Role.SCHOOL_LEAD,
        Role.SCHOOL_DSL,
    }
)


def can_list(user, commissioner: Organisation) -> bool:
    """The list of a commissioner's pupils, and of records on their way: whoever works with them."""
    return commissioner.kind != OrganisationKind.PROVIDER and holds(user, commissioner.pk, SEES_PUPILS)


def can_see_flags(user, commissioner: Organisation) -> bool:
    """Which of them have a plan or are looked after."""
    return holds(user, commissioner.pk, READS_NEED)


def can_add(user, commissioner: Organisation) -> bool:
    """Add a pupil, or take a copy of the list: whoever commissions."""
    return commissioner.kind != OrganisationKind.PROVIDER and holds(user, commissioner.pk, COMMISSIONS)


def can_see(user, pupil: Pupil) -> bool:
    """Who the pupil is, where on the roll, whom to ring."""
    return holds(user, pupil.commissioner_id, SEES_PUPILS)


def can_see_need(user, pupil: Pupil) -> bool:
    """Needs, health, risks, plan, and whether a council looks after the pupil."""
    return holds(user, pupil.commissioner_id, READS_NEED)


def can_change(user, pupil: Pupil) -> bool:
    """Write the record, offer it to another commissioner, put it together with another: whoever commissions."""
    return holds(user, pupil.commissioner_id, COMMISSIONS)


def can_see_record(user, pupil: Pupil) -> bool:
    """Who has seen and changed the record."""
    return holds(user, pupil.commissioner_id, READS_RECORD)


def can_see_move(user, move: PupilMove) -> bool:
    """A move: both sides' people who work with pupils, whom its queryset alone shows it to."""
    return True


def can_answer_move(user, move: PupilMove) -> bool:
    """Accept or decline a record: whoever commissions on the other side."""
    return holds(user, move.taker_id, COMMISSIONS)


def can_withdraw_move(user, move: PupilMove) -> bool:
    """Take the offer back: whoever commissions for the side that made it."""
    return holds(user, move.giver_id, COMMISSIONS)
