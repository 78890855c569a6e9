"""What people do to long work. Doing it stands in `jobs.running`."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from accounts import queries as accounts
from audit import steps as audit
from core import access
from jobs import permissions, rules
from jobs.models import Job
from jobs.states import State


@transaction.atomic(durable=True)
def cancel_job(*, job, by, at: dt.datetime) -> Job:
    """Stop a job: at once where nobody is at work on it, else when its worker next gives a sign of life. Raises
    `rules.Refused` when it is over, or being stopped already."""
    job = Job.objects.locked(job.pk)
    accounts.forget_roles(by)
    access.require(permissions.can_run_job, by, job)
    rules.check_stop(job.state, stop_asked=job.stop_asked)
    job.cancel_asked_at = at
    if job.state == State.WAITING or job.try_at <= at:
        job.move(State.CANCELLED, at=at)
    job.save(update_fields=["state", "try_at", "ended_at", "cancel_asked_at"])
    audit.record("jobs.job.cancelled", by=by, about=job, organisation=job.organisation_id, at=at)
    return job


@transaction.atomic(durable=True)
def retry_job(*, job, by, at: dt.datetime) -> Job:
    """Have a job that ended without a result done again from its start, in the name of whoever asked first. Raises
    `rules.Refused` for any other, and when the same was asked for again meanwhile."""
    job = Job.objects.locked(job.pk)
    accounts.forget_roles(by)
    access.require(permissions.can_run_job, by, job)
    rules.check_try_again(job.state)
    job.move(State.WAITING, at=at)
    job.attempts = job.done = job.total = 0
    for field in ("token", "progress", "result", "problem"):
        setattr(job, field, "")
    job.cancel_asked_at = job.started_at = None
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        raise rules.Refused("The same has been asked for again meanwhile.") from None
    audit.record("jobs.job.retried", by=by, about=job, organisation=job.organisation_id, at=at)
    return job
