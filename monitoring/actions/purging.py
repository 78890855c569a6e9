"""What registers say of a pupil is removed when the pupil's record is."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from monitoring.permissions.registers import PURGE
from monitoring.steps import purging as steps

AT_ONCE = 500


@transaction.atomic(durable=True)
def purge_registers(*, by: access.System, at: dt.datetime) -> int:
    """Remove reasons, times, notes and words from the next rows that are about pupils who are forgotten. One event with
    the count. Twice is harmless; returns how many rows, 0 when nothing is left."""
    access.require(nobody, by, systems=(PURGE,))
    rows = steps.empty_next(at_once=AT_ONCE)
    if rows:
        audit.record("monitoring.registers.purged", by=by, data={"rows": rows}, at=at)
    return rows
