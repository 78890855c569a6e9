"""A budget holder answers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from referrals.models import Approval, Referral
from referrals.permissions import referrals as permissions
from referrals.rules import approval as rules
from referrals.states import ReferralState
from referrals.steps import approval as asking
from referrals.steps import referrals as steps


@transaction.atomic(durable=True)
def answer_approval(
    *, approval: Approval, yes: bool, up_to_pence: int | None, answer: str, by: User, at: dt.datetime
) -> Approval:
    """Say yes up to an amount (pence, not below what was asked), or no with a reason. A yes makes a referral that
    waited ready to send; a no gives it back to whoever writes it. Raises `Refused`."""
    referral = Referral.objects.locked(approval.referral_id)
    approval = Approval.objects.locked(approval.pk)
    people.forget_roles(by)
    access.require(permissions.can_answer, by, approval)
    rules.check_open(approval.answered_at is not None or referral.state == ReferralState.CLOSED)
    rules.check_answer(yes, up_to_pence, approval.pence, answer)
    approval.approved, approval.answered_at, approval.answered_by, approval.answer = yes, at, by, answer
    approval.up_to_pence = up_to_pence if yes else None
    approval.save(update_fields=["approved", "answered_at", "answered_by", "answer", "up_to_pence"])
    if yes:
        referral.approved_pence = up_to_pence
        referral.save(update_fields=["approved_pence"])
    if referral.state == ReferralState.APPROVAL and yes:
        steps.move(referral=referral, to=ReferralState.READY, at=at)
    elif referral.state == ReferralState.APPROVAL:
        steps.move(referral=referral, to=ReferralState.DRAFT, at=at, checked_at=None, checked_by=None)
    asking.tell_asker(approval=approval, at=at)
    audit.record(
        "referrals.approval.given" if yes else "referrals.approval.refused",
        by=by,
        about=approval,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk},
        at=at,
    )
    return approval
