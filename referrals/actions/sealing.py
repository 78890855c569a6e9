"""What is sealed of pupils, referrals, enquiries and placements, sealed anew under the newest of `SEAL_KEYS`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from core.crypto import SealBroken
from referrals.models import (
    Assurance,
    Enquiry,
    Placement,
    PlacementPaper,
    Pupil,
    Referral,
    Review,
    Transport,
    WeeklySession,
)
from referrals.permissions.sharing import RESEAL
from referrals.queries import sealed

AT_ONCE = 500
# Model, the field that is sealed, what its purpose begins with (`queries.sealed`).
SEALED = {
    "pupils": (Pupil, "private", "referrals.pupil"),
    "referrals": (Referral, "content", "referrals.referral"),
    "enquiries": (Enquiry, "need", "referrals.enquiry"),
    "agreements": (PlacementPaper, "document", "referrals.placementpaper.document"),
    "sessions": (WeeklySession, "address", "referrals.weeklysession.address"),
    "ends": (Placement, "end_note", "referrals.placement.end_note"),
    "assurances": (Assurance, "words", "referrals.assurance.words"),
    "transport": (Transport, "words", "referrals.transport.words"),
    "reviews": (Review, "words", "referrals.review.words"),
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
    model, field, purpose = SEALED[what]
    rows = list(model.objects.select_for_update(of=("self",)).filter(pk__gt=after).order_by("pk").only(field)[:AT_ONCE])
    anew, unreadable = [], []
    for row in rows:
        try:
            blob = sealed.anew(bytes(getattr(row, field)), f"{purpose}:{row.pk}")
        except SealBroken:
            unreadable.append(row.pk)
            continue
        if blob is not None:
            setattr(row, field, blob)
            anew.append(row)
    model.objects.bulk_update(anew, [field], batch_size=AT_ONCE)
    if anew:
        audit.record("referrals.sealed.resealed", by=by, data={"what": what, "rows": len(anew)}, at=at)
    return Resealed(len(anew), tuple(unreadable), rows[-1].pk if rows else None)
