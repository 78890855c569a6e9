"""Asking for long work, inside the action that needs it: `from jobs.steps import enqueue`."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction

from audit import steps as audit
from core.steps import step
from jobs import rules
from jobs.models import Job


@step
def enqueue(*, kind: str, title: str, organisation, about, by, at: dt.datetime) -> Job:
    """Ask for the work that `settings.JOBS` names `kind`, on the row `about`, for an organisation's people to follow.

    `title` is what people read on the page of its progress. Work of this kind on this row that is not over is not
    asked for twice: then that job is returned and nothing written. Once the caller's transaction is through, its view
    calls `jobs.tasks.start_soon()`. Raises KeyError for a kind that nobody knows."""
    settings.JOBS[kind]
    standing = Job.objects.not_over().filter(kind=kind, about_id=getattr(about, "pk", None), about_id__isnull=False)
    if found := standing.first():
        return found
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                title=rules.line(title, 200),
                organisation_id=getattr(organisation, "pk", organisation),
                about_id=getattr(about, "pk", None),
                asked_by=by if hasattr(by, "pk") else None,
                asked_at=at,
                try_at=at,
            )
    except IntegrityError:  # somebody asked at the same moment and was first
        return standing.get()
    audit.record("jobs.job.asked", by=by, about=job, organisation=job.organisation_id, data={"kind": kind}, at=at)
    return job
