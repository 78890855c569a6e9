"""Who does what with a referral, role by role."""

from __future__ import annotations

import pytest

from accounts.models import Membership
from accounts.states import OrganisationKind, Role
from referrals.models import Approval, Referral, ReferralFile
from referrals.permissions import referrals as may
from tests.referrals.made import AT, made_approval, made_pupil, made_referral
from tests.referrals.papers import document

LIST, SEE, READ, WRITE, ASKED, ANSWER = "list", "see", "read", "write", "asked", "answer"
ALL = {LIST, SEE, READ, WRITE, ASKED}
READS = {LIST, SEE, READ}
HOLDS = {ASKED, ANSWER}
TABLE = {
    Role.ADMIN: set(),
    Role.PROCUREMENT: set(),
    Role.COMMISSIONER: ALL,
    Role.SEND: ALL,
    Role.VIRTUAL_SCHOOL: ALL,
    Role.SAFEGUARDING: READS,
    Role.CONTRACTS: set(),
    Role.BUDGET: HOLDS,
    Role.FINANCE: set(),
    Role.TRUST_COMMISSIONER: ALL | HOLDS,
    Role.TRUST_DSL: READS,
    Role.TRUST_FINANCE: HOLDS,
    Role.SCHOOL_LEAD: ALL | HOLDS,
    Role.SCHOOL_SENCO: ALL,
    Role.SCHOOL_DSL: ALL,
    Role.SCHOOL_ATTENDANCE: {LIST, SEE},
    Role.SCHOOL_FINANCE: HOLDS,
}
WHERE = {
    OrganisationKind.AUTHORITY: "larkshire",
    OrganisationKind.TRUST: "oak_trust",
    OrganisationKind.SCHOOL: "elm_grove",
}


@pytest.mark.once
@pytest.mark.parametrize("role", list(TABLE), ids=str)
def test_what_a_role_may(world, role):
    here = getattr(world, WHERE[role.kind])
    Membership.objects.create(user=world.nora, organisation=here, role=role, person_name="Nora", given_at=AT)
    pupil = made_pupil(world, commissioner=here)
    referral = made_referral(world, pupil=pupil)
    paper, approval = document(world, referral), made_approval(world, referral)
    nora = world.nora

    found = {
        LIST: may.can_list(nora, here),
        SEE: may.can_see(nora, referral),
        READ: may.can_read(nora, referral),
        WRITE: may.can_write(nora, referral),
        ASKED: may.can_list_approvals(nora, here) and may.can_see_approval(nora, approval),
        ANSWER: may.can_answer(nora, approval),
    }

    assert {name for name, yes in found.items() if yes} == TABLE[role]
    assert found[READ] == may.can_read_file(nora, paper) == may.reads_why(nora, here)
    assert found[WRITE] == may.can_start(nora, pupil) == may.can_remove_file(nora, paper)
    met = Referral.objects.visible_to(nora).exists(), ReferralFile.objects.visible_to(nora).exists()
    assert met == (found[SEE], found[SEE])
    assert Approval.objects.visible_to(nora).exists() == (found[SEE] or found[ASKED])


def test_every_role_of_a_commissioner_stands_in_the_table():
    assert set(TABLE) == {role for role in Role if role.kind != OrganisationKind.PROVIDER}
