"""Enquiries that nobody answered: reminded of once, then ended. Run by the calendar; a second run finds nothing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from accounts.permissions import nobody
from core import access
from core.clock import database_now
from referrals.models import Enquiry
from referrals.permissions.enquiries import LAPSE, REMIND
from referrals.rules.answering import day_began, reminded_up_to
from referrals.states import EnquiryState
from referrals.steps import enquiries as steps
from referrals.steps import enquiry_letters as letters

AT_ONCE = 500


@transaction.atomic(durable=True)
def lapse(*, by, at: dt.datetime) -> int:
    """End what was not answered by its last moment, by the database's clock; both sides are told. Five hundred at
    most; returns how many."""
    access.require(nobody, by, systems=(LAPSE,))
    over = Enquiry.objects.select_for_update(of=("self",), skip_locked=True).filter(lapses_at__lt=database_now())
    rows = list(_waiting(over))
    Enquiry.objects.filter(pk__in=[row.pk for row in rows]).update(state=EnquiryState.LAPSED, ended_at=at)
    steps.record_each(rows, "lapsed", by=by, at=at)
    letters.to_providers(letters.LAPSED, rows, at=at)
    letters.to_commissioners(letters.NO_ANSWER, rows, at=at)
    return len(rows)


@transaction.atomic(durable=True)
def remind(*, by, at: dt.datetime) -> int:
    """Remind whoever has until the end of the next working day at most, and was asked before today. Five hundred at
    most; returns how many."""
    access.require(nobody, by, systems=(REMIND,))
    now = database_now()
    until = reminded_up_to(now)
    if until is None:
        return 0
    held = Enquiry.objects.select_for_update(of=("self",), skip_locked=True)
    due = held.filter(lapses_at__lte=until, lapses_at__gte=now, reminded_at=None, sent_at__lt=day_began(now))
    rows = list(_waiting(due))
    Enquiry.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    steps.record_each(rows, "reminded", by=by, at=at)
    letters.to_providers(letters.REMINDED, rows, at=at)
    return len(rows)


def _waiting(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """Those that wait for an answer, five hundred at most; what somebody answers at this moment is left to them."""
    rows = rows.filter(state=EnquiryState.WAITING).select_related("provider", "referral__commissioner")
    return rows.defer("need").order_by("pk")[:AT_ONCE]
