"""Reads for pages and for whoever looks after the work."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from jobs import rules
from jobs.models import Job, Outage


def jobs_for(*, user) -> QuerySet[Job]:
    """The jobs that the person may follow."""
    return Job.objects.visible_to(user).select_related("asked_by", "organisation")


def all_left_behind(*, at: dt.datetime) -> bool:
    """Nobody takes up what there is to do, and nobody is at work: there are no workers."""
    waits = Job.objects.ready(rules.left_before(at)).exists()
    return waits and not Job.objects.held(at).exists()


def all_outages(*, since: dt.datetime) -> QuerySet[Outage]:
    """When the portal was out of order, as far as it was not over before `since`. Public: it names nobody."""
    return Outage.objects.after(since)
