"""What a chosen provider's people look at."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from referrals.permissions import enquiries as permissions


@transaction.atomic(durable=True)
def note_known(*, provider: Organisation, by: User, at: dt.datetime) -> None:
    """Write down that somebody was shown which pupils the provider may know."""
    access.require(permissions.can_meet_pupils, by, provider)
    audit.record("referrals.disclosures.listed", by=by, organisation=provider, at=at)
