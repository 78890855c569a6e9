"""Sealing the record, and writing down who saw what."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from audit import permissions, queries, rules
from audit import steps as audit
from audit.models import Seal, SealItem
from core import access

BATCH = 5000


@transaction.atomic(durable=True)
def seal(*, by, at: dt.datetime, look_back: dt.timedelta | None = dt.timedelta(days=1)) -> int:
    """Put the next events that have no seal, at most `BATCH`, under one new seal. Returns how many there were.

    Only sealing waits for sealing; nobody who writes an event does. An event that commits late goes into a later seal:
    events are looked for from the last one sealed before `look_back`, and from the beginning when that is None.
    """
    access.require(permissions.can_seal, by, systems=("audit.seal",))
    head = Seal.objects.head_locked()
    events = queries.unsealed(above=queries.sealed_before(at - look_back) if look_back else 0, limit=BATCH)
    if not events:
        return 0
    digests = [(event["id"], rules.digest(event)) for event in events]
    previous = head.hash if head else rules.GENESIS
    made = Seal.objects.create(
        at=at,
        previous_hash=previous,
        hash=rules.link(previous, at, digests),
        events=len(digests),
        last_event_id=digests[-1][0],
    )
    SealItem.objects.bulk_create([SealItem(seal=made, event_id=event, digest=digest) for event, digest in digests])
    return len(digests)


@transaction.atomic(durable=True)
def record_read(*, by, about, kind: str, page: str, organisation=None, at: dt.datetime) -> None:
    """Write down that somebody was shown, on this page, the fields of this kind ("personal", "special category") of a
    thing."""
    access.require(permissions.can_be_seen_reading, by, about)
    audit.record(
        f"{about._meta.label_lower}.read",
        by=by,
        about=about,
        organisation=organisation,
        data={"class": kind, "page": page},
        at=at,
    )
