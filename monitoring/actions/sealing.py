"""What is sealed of registers, alerts, visits, concerns and incidents, sealed anew under the newest of `SEAL_KEYS`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from core.crypto import SealBroken
from monitoring.models import Alert, Concern, Incident, RegisterEntry, Session, Visit
from monitoring.permissions.sealing import RESEAL
from referrals.queries.sealed import anew

AT_ONCE = 500
# What it is called, the model, and the field that is sealed (`core.crypto.sealed_text`).
SEALED = {
    "sessions": (Session, "note"),
    "register entries": (RegisterEntry, "note"),
    "alerts": (Alert, "done"),
    "visits": (Visit, "seen"),
    "concerns": (Concern, "detail"),
    "people in concerns": (Concern, "about"),
    "incidents": (Incident, "words"),
}


@dataclass(frozen=True)
class Resealed:
    """How many were sealed anew in this batch, the keys of those that none of `SEAL_KEYS` opens, and the last key that
    was looked at (None: there was none left)."""

    anew: int
    unreadable: tuple[int, ...]
    last: int | None


@transaction.atomic(durable=True)
def reseal(*, what: str, after: int, by, at: dt.datetime) -> Resealed:
    """Seal the next few hundred of `what` (a key of `SEALED`) after the key `after` under the newest of `SEAL_KEYS`.
    What stands under it already stays, so that twice is harmless and a run that was broken off is begun again. What
    none opens is named and left."""
    access.require(nobody, by, systems=(RESEAL,))
    model, field = SEALED[what]
    rows = model.objects.select_for_update(of=("self",)).filter(pk__gt=after).exclude(**{field: b""})
    rows = list(rows.order_by("pk").only(field)[:AT_ONCE])
    done, unreadable = [], []
    for row in rows:
        try:
            blob = anew(bytes(getattr(row, field)), f"{model._meta.label_lower}.{field}:{row.pk}")
        except SealBroken:
            unreadable.append(row.pk)
            continue
        if blob is not None:
            setattr(row, field, blob)
            done.append(row)
    model.objects.bulk_update(done, [field], batch_size=AT_ONCE)
    if done:
        audit.record("monitoring.sealed.resealed", by=by, data={"what": what, "rows": len(done)}, at=at)
    return Resealed(len(done), tuple(unreadable), rows[-1].pk if rows else None)
