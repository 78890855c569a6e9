"""Reads of what was asked of budget holders. Nothing here names a pupil."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind
from referrals.models import Approval, Referral
from referrals.models.own import HOLDS_BUDGET


def holders_of(commissioner: Organisation, *, but: int | None = None) -> list[User]:
    """Who may say yes for a commissioner at this moment, without the person `but`: its own budget holders, and for a
    school those of its trust for whom it is listed."""
    listed = Q(organisation__kind=OrganisationKind.TRUST, schools=commissioner.pk, schools__parent=F("organisation"))
    held = Membership.objects.live().filter(Q(organisation=commissioner) | listed, role__in=HOLDS_BUDGET)
    return list(User.objects.filter(pk__in=held.values("user")).exclude(pk=but).order_by("pk"))


def open_of(referral: Referral, *, locked: bool = False) -> Approval | None:
    """What was asked and not answered yet."""
    rows = Approval.objects.filter(referral=referral, answered_at=None)
    return (rows.select_for_update(of=("self",)) if locked else rows).first()


def of_referral(referral: Referral) -> list[Approval]:
    """Everything that was asked about a referral, the newest first."""
    return list(Approval.objects.filter(referral=referral).select_related("asked_by", "answered_by"))


def of_commissioner(commissioner: Organisation, *, user) -> QuerySet[Approval]:
    """What was asked at a commissioner, as far as the person may see it; a trust's with that of the schools that are
    listed for the person. Without what is sealed."""
    ours = Q(referral__commissioner=commissioner)
    if commissioner.kind == OrganisationKind.TRUST:
        ours |= Q(referral__commissioner__parent=commissioner)
    rows = Approval.objects.visible_to(user).filter(ours)
    return rows.select_related("referral__commissioner", "asked_by", "answered_by").defer("referral__content")
