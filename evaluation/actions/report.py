"""A long report is asked for, and kept once it was made."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from evaluation.models import ReportCopy
from evaluation.permissions import report as permissions
from evaluation.rules import report as rules
from evaluation.steps import rows
from files.steps import take_in_made
from jobs.models import Job
from jobs.steps import enqueue


@transaction.atomic(durable=True)
def ask_for_report(*, evaluation, by, at: dt.datetime) -> Job:
    """Ask for a copy of the report as a PDF, as the person who asks may read it. Returns the task that makes it.
    Raises `Refused` while one is being made for them."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_read_report, by, evaluation)
    waiting = ReportCopy.objects.filter(evaluation=evaluation, asked_by=by, made_at=None)
    alive = Job.objects.not_over().filter(kind="evaluation.report", about_id__in=waiting.values("pk"))
    rules.check_waiting(alive.exists())
    copy = ReportCopy.objects.create(evaluation=evaluation, asked_at=at, asked_by=by)
    buyer = evaluation.framework.buyer_id
    audit.record("evaluation.report.asked", by=by, about=copy, organisation=buyer, at=at)
    return enqueue(
        kind="evaluation.report",
        title=f"Evaluation report: {evaluation.framework.title}",
        organisation=buyer,
        about=copy,
        by=by,
        at=at,
    )


@transaction.atomic(durable=True)
def keep_report(*, copy, kept, full: bool, prices: bool, left_out: set[int], by, at: dt.datetime) -> bool:
    """Keep the PDF that was made for a copy, and what is in it. False where it was made before: the message to make it
    may come twice."""
    copy = ReportCopy.objects.locked(copy.pk)
    access.require(nobody, by, copy, systems=(permissions.MAKER,))
    if copy.made_at:
        return False
    buyer = copy.evaluation.framework.buyer_id
    copy.file = take_in_made(kept=kept, organisation=buyer, by=by, at=at)
    copy.full, copy.with_prices, copy.made_at = full, prices, at
    copy.left_out = " ".join(map(str, sorted(left_out)))
    copy.save()
    audit.record("evaluation.report.made", by=by, about=copy, organisation=buyer, at=at)
    return True
