"""What is sealed of pupils, referrals, enquiries and placements, sealed anew under the newest of `SEAL_KEYS`."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access
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
from referrals.steps import resealing
from referrals.steps.resealing import Resealed

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


@transaction.atomic(durable=True)
def reseal(*, what: str, after: int, by, at: dt.datetime) -> Resealed:
    """Seal the next few hundred of `what` (a key of `SEALED`) after the key `after` under the newest of `SEAL_KEYS`.
    What stands under it already stays, so that twice is harmless and a run that was broken off is begun again. What
    none opens is named and left."""
    access.require(nobody, by, systems=(RESEAL,))
    model, field, purpose = SEALED[what]
    done = resealing.reseal_rows(model=model, field=field, purpose=purpose, after=after, at_once=AT_ONCE)
    if done.anew:
        audit.record("referrals.sealed.resealed", by=by, data={"what": what, "rows": done.anew}, at=at)
    return done
