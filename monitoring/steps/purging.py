"""Removing what registers, alerts, incidents and visits say of pupils whose own record is removed. What stays counts:
how many sessions, absences and breaches there were."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from core.steps import step
from monitoring.models import Alert, Incident, RegisterEntry, Session, Visit

# What is emptied: rows of pupils who are forgotten that still say something, and what they say afterwards.
_MARKED = ~Q(reason="") | ~Q(note=b"") | Q(arrived__isnull=False) | Q(left__isnull=False)
_MARK = {"reason": "", "note": b"", "arrived": None, "left": None}
_SAYS = (
    (Session, "placement__pupil", _MARKED, _MARK),
    (RegisterEntry, "session__placement__pupil", _MARKED, _MARK),
    (Alert, "session__placement__pupil", ~Q(done=b""), {"done": b""}),
    (Incident, "placement__pupil", ~Q(words=b""), {"words": b""}),
    (Visit, "placement__pupil", ~Q(seen=b""), {"seen": b""}),
)


def _left() -> Iterator[tuple[QuerySet, dict]]:
    for model, pupil, says, emptied in _SAYS:
        yield model.objects.filter(says, **{f"{pupil}__purged_at__isnull": False}), emptied


@step
def empty_next(*, at_once: int) -> int:
    """Empty the next rows, so many of each kind at most, locked in the order of their keys. Returns how many."""
    done = 0
    for rows, emptied in _left():
        held = rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
        keys = list(held[:at_once])
        if keys:
            done += rows.model.objects.filter(pk__in=keys).update(**emptied)
    return done
