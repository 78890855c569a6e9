"""Documents of referrals, for tests."""

from __future__ import annotations

from files.models import File
from referrals.models import Referral, ReferralFile
from tests.providers.library import kept
from tests.referrals.made import AT


def document(world, referral: Referral, *, title: str = "Plan", **fields) -> ReferralFile:
    """A clean file that lies in the store, with a referral."""
    bytes_ = kept("plan.pdf")
    file = File.objects.create(
        organisation=referral.commissioner,
        name=bytes_.name,
        kind=bytes_.kind,
        size=bytes_.size,
        sha256=bytes_.sha256,
        stored_as=bytes_.stored_as,
        state="clean",
        received_at=AT,
        scanned_at=AT,
    )
    return ReferralFile.objects.create(
        referral=referral, title=title, file=file, added_at=AT, added_by=world.sana, **fields
    )
