"""Asking a budget holder, and taking back what was asked."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from audit import steps as audit
from core.steps import step
from outbox import steps as outbox
from referrals.models import Approval, Referral
from referrals.queries import approvals as queries

SUBJECT = "A cost waits for your answer"
ANSWERED = "Your question about a cost was answered"


@step
def ask(*, referral: Referral, pence: int, why: str, by, at: dt.datetime) -> Approval:
    """Ask the commissioner's budget holders whether a locked referral may cost `pence` in all. Asked already and not
    answered: what is asked now takes its place. They are told by letter; `why` names nobody."""
    close(referral=referral, why="Asked anew", by=by, at=at)
    approval = Approval.objects.create(
        referral=referral, pence=pence, why=why, asked_at=at, asked_by=by if hasattr(by, "pk") else None
    )
    audit.record(
        "referrals.approval.asked",
        by=by,
        about=approval,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk},
        at=at,
    )
    _tell_holders(approval, referral, at)
    return approval


@step
def close(*, referral: Referral, why: str, by, at: dt.datetime) -> bool:
    """Take back what was asked of a locked referral and not answered. Returns whether there was something."""
    approval = queries.open_of(referral, locked=True)
    if approval is None:
        return False
    approval.approved, approval.answered_at, approval.answer = False, at, why
    approval.save(update_fields=["approved", "answered_at", "answer"])
    audit.record(
        "referrals.approval.taken_back",
        by=by,
        about=approval,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk},
        at=at,
    )
    return True


@step
def tell_asker(*, approval: Approval, at: dt.datetime) -> None:
    """Whoever asked is told that there is an answer."""
    asker, referral = approval.asked_by, approval.referral
    if asker is None or not asker.is_active:
        return
    outbox.post(
        key=f"referrals.approval.answered:{approval.pk}",
        to=asker.email,
        subject=ANSWERED,
        body="A budget holder has answered your question about what a referral may cost.\n\n"
        f"The answer: {settings.BASE_URL}{reverse('approval', args=[approval.pk])}\n",
        organisation=referral.commissioner_id,
        at=at,
    )


def _tell_holders(approval: Approval, referral: Referral, at: dt.datetime) -> None:
    link = f"{settings.BASE_URL}{reverse('approval', args=[approval.pk])}"
    letters = [
        outbox.Letter(
            key=f"referrals.approval.asked:{approval.pk}:{person.pk}",
            to=person.email,
            subject=SUBJECT,
            body=f"At {referral.commissioner.name} a referral to alternative provision is expected to cost more than "
            f"can be agreed without a budget holder. You can say yes or no.\n\nWhat is asked: {link}\n",
            organisation=referral.commissioner_id,
        )
        for person in queries.holders_of(referral.commissioner, but=approval.asked_by_id)
    ]
    outbox.post_many(letters, at=at)
