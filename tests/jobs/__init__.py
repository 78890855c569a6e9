"""Jobs for tests, and work that does what it is told."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from jobs.models import Job
from jobs.states import OVER

MINUTE = dt.timedelta(minutes=1)


def make_job(world, *, by="max", at=None, **fields) -> Job:
    """A job that Max asked for at Larkshire Council, in the state that `fields` say."""
    at = at or timezone.now()
    state = fields.get("state", "waiting")
    fields.setdefault("organisation", world.larkshire)
    if state in OVER:
        fields |= {"ended_at": at, "started_at": at, "attempts": fields.get("attempts", 1)}
    elif state == "running":
        fields = {"started_at": at, "attempts": 1, "token": "somebody", "try_at": at + MINUTE} | fields
    else:
        fields.setdefault("try_at", at)
    asked_by = getattr(world, by) if by else None
    return Job.objects.create(
        **{"kind": "test", "title": "Read notice.json", "asked_by": asked_by, "asked_at": at, **fields}
    )
