"""What has been kept for as long as it may be."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from referrals.models import Enquiry, Pupil, Referral
from referrals.rules import keeping as rules
from referrals.states import ReferralState


def all_due(*, today: dt.date) -> QuerySet[Pupil]:
    """Pupils of every commissioner who are 25 and still known, and whose record nobody keeps longer: neither their own
    nor the one that it was put together with."""
    rows = Pupil.objects.filter(purged_at=None, born_on__lte=rules.born_by(today), kept_since=None)
    return rows.filter(Q(merged_into=None) | Q(merged_into__kept_since=None))


def all_old_drafts(*, at: dt.datetime) -> QuerySet[Referral]:
    """Referrals closed a year ago of which no provider was ever told, and that still say something."""
    rows = Referral.objects.filter(state=ReferralState.CLOSED, closed_at__lt=rules.closed_by(at))
    rows = rows.filter(~Q(content=b"") | ~Q(reason=""), pupil__kept_since=None)
    return rows.filter(~Exists(Enquiry.objects.filter(referral=OuterRef("pk"))))
