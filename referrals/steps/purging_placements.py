"""Removing what placements say of pupils. What stays counts: how many, on which lot, when, at what cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from core.steps import step
from files import steps as files
from files.models import File
from referrals.models import (
    Amendment,
    Assurance,
    FunderShare,
    Pause,
    Placement,
    PlacementPaper,
    Quote,
    Review,
    Transport,
    WeeklySession,
)

REMOVED = "Removed"  # where a row must say why


@step
def empty_placements(*, pupils: Collection[int], by, at: dt.datetime) -> int:
    """Remove agreements, addresses, reasons and whatever was written about these pupils' placements, with the files of
    it. Returns how many files there were."""
    placements = Placement.objects.filter(pupil__in=pupils)
    own = {"placement__pupil__in": pupils}
    lying = list(Assurance.objects.filter(**own, file__isnull=False).values_list("file", flat=True))
    Assurance.objects.filter(**own).update(words=b"", file=None)
    files.forget_files(files=File.objects.filter(pk__in=lying), by=by, at=at)
    for model in (Transport, Review):
        model.objects.filter(**own).update(words=b"")
    PlacementPaper.objects.filter(**own).update(document=b"")
    WeeklySession.objects.filter(**own).update(address=b"")
    for model in (Amendment, Pause):
        model.objects.filter(**own).update(reason=REMOVED)
    FunderShare.objects.filter(**own).update(reason="")
    Quote.objects.filter(referral__pupil__in=pupils).update(why_not_others="", compared="", answer="")
    placements.filter(emergency_at__isnull=False).update(emergency_reason=REMOVED)
    placements.update(reason="", basis="", hours_reason="", cancel_reason="", end_reason="", end_note=b"")
    return len(lying)
