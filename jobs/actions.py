"""What people do to long work (doing it stands in `jobs.running`), and what the portal notes of its own health."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from accounts import queries as accounts
from accounts.permissions import nobody
from audit import steps as audit
from core import access, clock
from jobs import permissions, rules
from jobs.models import Job, Outage, Pulse
from jobs.states import Sign, State


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


@transaction.atomic(durable=True)
def note_sign(*, what: Sign, well: bool, by) -> Outage | None:
    """Note that a part of the portal is well, or that it is not, by the database's clock. Returns the outage that this
    shows, begins or ends.

    A part that gave no sign of life for more than three minutes was out of order from the last one on. Whoever gives
    the sign of `Sign.PORTAL` is alive, so such an outage is over as soon as it is known; the others were not asked
    meanwhile, so the same time is not counted again for them. Any number of these may run at once: they wait for one
    another at the part's row, and the second finds that somebody has been here."""
    at = clock.database_now()
    Pulse.objects.bulk_create([Pulse(what=what, seen_at=at)], ignore_conflicts=True)
    pulse = Pulse.objects.locked(what)
    access.require(nobody, by, systems=("jobs.watch",))
    outage = Outage.objects.filter(what=what, ended_at=None).first()
    if outage and well:
        outage.ended_at = max(at, outage.began_at)
        outage.save(update_fields=["ended_at"])
        audit.record("jobs.outage.ended", by=by, about=outage, data={"part": str(what)}, at=at)
    elif not outage and rules.was_out(pulse.seen_at, at):
        outage = Outage.objects.create(what=what, began_at=pulse.seen_at, ended_at=at if well else None)
        audit.record("jobs.outage.logged", by=by, about=outage, data={"part": str(what)}, at=at)
        if what == Sign.PORTAL:
            Pulse.objects.exclude(pk=what).filter(seen_at__lt=at).update(seen_at=at)
    if well and at > pulse.seen_at:
        pulse.seen_at = at
        pulse.save(update_fields=["seen_at"])
    return outage
