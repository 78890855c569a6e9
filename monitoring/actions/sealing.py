"""What is sealed of registers, alerts, visits, concerns and incidents, sealed anew under the newest of `SEAL_KEYS`."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from monitoring.models import Alert, Concern, Incident, RegisterEntry, Session, Visit
from monitoring.permissions.sealing import RESEAL
from referrals.steps import resealing
from referrals.steps.resealing import Resealed

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


@transaction.atomic(durable=True)
def reseal(*, what: str, after: int, by, at: dt.datetime) -> Resealed:
    """Seal the next few hundred of `what` (a key of `SEALED`) after the key `after` under the newest of `SEAL_KEYS`.
    What stands under it already stays, so that twice is harmless and a run that was broken off is begun again. What
    none opens is named and left."""
    access.require(nobody, by, systems=(RESEAL,))
    model, field = SEALED[what]
    purpose = f"{model._meta.label_lower}.{field}"
    done = resealing.reseal_rows(model=model, field=field, purpose=purpose, after=after, at_once=AT_ONCE)
    if done.anew:
        audit.record("monitoring.sealed.resealed", by=by, data={"what": what, "rows": done.anew}, at=at)
    return done
