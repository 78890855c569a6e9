"""That somebody was shown what registers say, where a page refreshes itself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from monitoring.permissions import registers as permissions


@transaction.atomic(durable=True)
def note_live(*, organisation: Organisation, day: dt.date, by: User, at: dt.datetime) -> None:
    """Write down that somebody was shown the registers of an organisation's own pupils on a day."""
    access.require(permissions.can_watch, by, organisation)
    data = {"day": day.isoformat()}
    audit.record("monitoring.registers.read", by=by, organisation=organisation, data=data, at=at)
