"""Who was shown a list of pupils of one organisation."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from monitoring.permissions.concerns import can_raise


@transaction.atomic(durable=True)
def note_pupils(*, organisation: Organisation, number: int, by: User, at: dt.datetime) -> None:
    """Write down that somebody was shown the names of so many pupils, and not on which page. Whoever
    begins to raise a concern, writes down an incident, plans a visit or sends a register again leaves the same line:
    that somebody began to raise a concern is nobody's business. Nothing is written where no name was shown."""
    access.require(can_raise, by, organisation)
    if not number:
        return
    audit.record("monitoring.pupils.listed", by=by, organisation=organisation, data={"pupils": number}, at=at)
