"""The progress of long tasks: a list, a page for each that keeps itself up to date, and stopping and trying again. When
the portal was out of order."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from core import clock, lists
from core.access import guard, public, signed_in
from jobs import actions, permissions, queries, tasks
from jobs.filters import JobFilter
from jobs.models import Job
from jobs.rules import Refused, check_stop


@guard(signed_in)
def jobs(request):
    """Long tasks that the person may follow, newest first."""
    filter = JobFilter(request.GET, queryset=queries.jobs_for(user=request.user))
    page = lists.page(filter.qs, request.GET, order=["-id"])
    return render(request, "jobs/jobs.html", {"filter": filter, "page": page})


@guard(permissions.can_see_job, on=Job)
def job(request, job):
    """One task: how far it is and what came of it. Without JavaScript the page asks for itself again."""
    return render(request, "jobs/job.html", _context(request, job))


@guard(permissions.can_see_job, on=Job)
def job_state(request, job):
    """The part of that page that changes, for htmx; anybody else is led to the page."""
    if "HX-Request" not in request.headers:
        return redirect("job", job.pk)
    news = request.GET.get("heard") != job.heard
    return render(request, "jobs/job_state.html", _context(request, job) | {"alone": True, "news": news})


def _context(request, job) -> dict:
    return {"job": job, "may_run": permissions.can_run_job(request.user, job), "about_url": _about(job)}


def _about(job) -> str | None:
    """The page of what the task was about, where its result is found."""
    kind = settings.JOBS.get(job.kind)
    if kind is None or job.about_id is None:
        return None
    try:
        return reverse(kind["result"], args=[job.about_id])
    except NoReverseMatch:
        return None


@guard(permissions.can_run_job, on=Job)
def cancel_job(request, job):
    """Ask, then stop it."""
    if request.method != "POST" and job.can_stop:
        return render(request, "jobs/cancel_job.html", {"job": job})
    try:
        check_stop(job.state, stop_asked=job.stop_asked)
        stopped = actions.cancel_job(job=job, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The task was stopped" if stopped.is_over else "The task stops in a moment")
    return redirect("job", job.pk)


@require_POST
@guard(permissions.can_run_job, on=Job)
def retry_job(request, job):
    """Have it done again."""
    try:
        actions.retry_job(job=job, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        tasks.start_soon()
    return redirect("job", job.pk)


@public("whoever had a deadline may read when the portal was out of order; the page names nobody")
@require_safe
def outages(request):
    """When the portal was out of order in the last year, newest first."""
    since = clock.now() - dt.timedelta(days=365)
    page = lists.page(queries.all_outages(since=since), request.GET, order=["-began_at", "-id"])
    return render(request, "jobs/outages.html", {"page": page})
