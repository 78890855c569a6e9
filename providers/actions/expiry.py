"""The watch over the days on documents and insurances."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from audit import steps as audit
from core import access
from providers.permissions import profiles as permissions
from providers.steps import expiry


@transaction.atomic(durable=True)
def tell_of_expiry(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Tell providers of what runs out in 90, 60, 30, 7 and 0 days, each once; a day that was missed is caught up, the
    nearest notice alone. Only current versions in the library count, and insurances whose certificate is not there.
    May run at any time and twice; returns how many things were told of."""
    access.require(permissions.nobody, by, systems=(permissions.EXPIRY,))
    run = uuid.uuid4().hex
    counts = expiry.note_expiry(run=run, today=today, at=at)
    if not counts:
        return 0
    letters = expiry.write_of_expiry(counts=counts, run=run, at=at)
    told = sum(counts.values())
    data = {"run": run, "told": told, "providers": len(counts), "letters": letters}
    audit.record("providers.expiry.told", by=by, data=data, at=at)
    return told
