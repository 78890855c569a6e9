"""Removing what is known of pupils, set by set. What stays counts: how many, on which lot, at what cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models.functions import TruncYear

from core.steps import step
from files import steps as files
from files.models import File
from referrals.models import (
    Approval,
    Choice,
    Enquiry,
    Enrolment,
    FormerName,
    Merge,
    Offer,
    Pupil,
    PupilMove,
    Referral,
    ReferralFile,
)
from referrals.states import MoveState, NoUpn, ReferralState
from referrals.steps import referrals as referring


@step
def close_open(*, pupils: Collection[int], by, at: dt.datetime) -> None:
    """Close what somebody forgot to close: open enquiries are taken back, providers told, rights to know ended, and an
    offer of the record to another commissioner is taken back."""
    rows = Referral.objects.select_for_update(of=("self",)).filter(pupil__in=pupils).order_by("pk")
    for referral in rows.exclude(state=ReferralState.CLOSED):
        referring.close(referral=referral, reason="", by=by, at=at)
    PupilMove.objects.waiting().filter(pupil__in=pupils).update(state=MoveState.WITHDRAWN, answered_at=at)


@step
def empty_pupils(*, pupils: Collection[int], at: dt.datetime) -> None:
    """Remove names, birthdays (the year stays), numbers, flags, what is sealed, and where they were on the roll."""
    FormerName.objects.filter(pupil__in=pupils).delete()
    Enrolment.objects.filter(pupil__in=pupils).delete()
    PupilMove.objects.filter(pupil__in=pupils).update(reason="")
    Merge.objects.filter(gone__in=pupils).update(reason="")
    Merge.objects.filter(kept__in=pupils).update(reason="")
    Pupil.objects.filter(pk__in=pupils).update(
        first_names="",
        last_name="",
        known_as="",
        name_key="",
        born_on=TruncYear("born_on"),
        has_ehcp=False,
        looked_after=False,
        upn_key="",
        uln_key="",
        no_upn_reason=NoUpn.NOT_KNOWN,
        private=b"",
        purged_at=at,
    )


@step
def empty_referrals(*, referrals: Collection[int], by, at: dt.datetime) -> int:
    """Remove what referrals, their enquiries, offers and choices say of a pupil, and their documents. Returns how many
    documents there were."""
    papers = ReferralFile.objects.filter(referral__in=referrals)
    lying = list(papers.values_list("file", flat=True))
    papers.delete()
    files.forget_files(files=File.objects.filter(pk__in=lying), by=by, at=at)
    Approval.objects.filter(referral__in=referrals).update(why="", answer="")
    Choice.objects.filter(referral__in=referrals).update(ground="", reason="", undone_reason="")
    Offer.objects.filter(enquiry__referral__in=referrals).update(note="")
    Enquiry.objects.filter(referral__in=referrals).update(need=b"", decline_note="")
    Referral.objects.filter(pk__in=referrals).update(
        reason="",
        basis="",
        trigger_on=None,
        sixth_on=None,
        starts_on=None,
        ends_on=None,
        school=None,
        content=b"",
        close_reason="",
    )
    return len(lying)
