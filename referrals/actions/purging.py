"""What was kept for as long as it may be is removed, a few hundred at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from referrals.models import Referral
from referrals.permissions.sharing import PURGE
from referrals.queries import keeping as queries
from referrals.steps import purging as steps

AT_ONCE = 200


@dataclass(frozen=True)
class Purged:
    """How many pupils, referrals and documents lost what was known of them."""

    pupils: int = 0
    referrals: int = 0
    documents: int = 0

    def __add__(self, other: Purged) -> Purged:
        return Purged(self.pupils + other.pupils, self.referrals + other.referrals, self.documents + other.documents)


@transaction.atomic(durable=True)
def purge_pupils(*, by, at: dt.datetime, today: dt.date) -> Purged:
    """Remove what is known of the next pupils who are 25 (`queries.keeping.all_due`): their record, their referrals and
    documents. Rows stay, so that what was bought can be counted; the record of who did and read what stays, and holds
    no name. One event with the counts. Twice is harmless."""
    access.require(nobody, by, systems=(PURGE,))
    due = queries.all_due(today=today).select_for_update(of=("self",)).order_by("pk")
    pupils = [pupil.pk for pupil in due.only("pk")[:AT_ONCE]]
    if not pupils:
        return Purged()
    steps.close_open(pupils=pupils, by=by, at=at)
    referrals = list(Referral.objects.filter(pupil__in=pupils).values_list("pk", flat=True))
    documents = steps.empty_referrals(referrals=referrals, by=by, at=at)
    steps.empty_pupils(pupils=pupils, at=at)
    done = Purged(len(pupils), len(referrals), documents)
    data = {"pupils": done.pupils, "referrals": done.referrals, "documents": done.documents}
    audit.record("referrals.pupils.purged", by=by, data=data, at=at)
    return done


@transaction.atomic(durable=True)
def purge_drafts(*, by, at: dt.datetime) -> Purged:
    """Remove what the next referrals say that were closed a year ago and that no provider was ever told of, with their
    documents. Twice is harmless."""
    access.require(nobody, by, systems=(PURGE,))
    old = queries.all_old_drafts(at=at).select_for_update(of=("self",)).order_by("pk")
    referrals = [referral.pk for referral in old.only("pk")[:AT_ONCE]]
    if not referrals:
        return Purged()
    documents = steps.empty_referrals(referrals=referrals, by=by, at=at)
    data = {"referrals": len(referrals), "documents": documents}
    audit.record("referrals.drafts.purged", by=by, data=data, at=at)
    return Purged(0, len(referrals), documents)
