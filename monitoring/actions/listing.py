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
    """Write down that somebody was shown the names of so many pupils, and not on which page: that somebody began to
    raise a concern is nobody's business."""
    access.require(can_raise, by, organisation)
    audit.record("monitoring.pupils.listed", by=by, organisation=organisation, data={"pupils": number}, at=at)
