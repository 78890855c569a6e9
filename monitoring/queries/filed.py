"""Reads of what was reported: by day, and a report with its versions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from monitoring.models import Answer, DailyReport, ReportDue, StandingAnswer
from monitoring.states import Status


@dataclass(frozen=True)
class Version:
    """A version of a day's report as one person may see it: answers by KPI, lines that stand for a while by their
    key."""

    report: DailyReport
    answers: dict[int, Answer]
    stood: dict[int, StandingAnswer]

    def said(self) -> dict:
        """What it says, to be compared with another version."""
        said = {key: (one.status, one.what, one.action, one.action_by_on) for key, one in self.answers.items()}
        return said | {("line", key): one.words for key, one in self.stood.items()}


def newest_of(provider: Organisation, *, user) -> QuerySet[DailyReport]:
    """The newest version of each day, with how many KPIs it tells something of."""
    rows = DailyReport.objects.visible_to(user).filter(provider=provider)
    same_day = DailyReport.objects.filter(provider=OuterRef("provider"), day=OuterRef("day"))
    told = Count("answers", filter=Q(answers__status=Status.EXCEPTION))
    return rows.filter(~Exists(same_day.filter(version__gt=OuterRef("version")))).annotate(exceptions=told)


def days_owed(provider: Organisation, first: dt.date, last: dt.date) -> dict[dt.date, dict]:
    """The days from one to another, both counted, on which something is to be reported: how many KPIs (`owed`), of how
    many nothing was yet (`missing`), how many came late. One query."""
    rows = ReportDue.objects.filter(Q(dropped_at=None) | Q(report__isnull=False), provider=provider)
    rows = rows.filter(day__gte=first, day__lte=last).order_by().values("day")
    counts = rows.annotate(
        owed=Count("pk"), missing=Count("pk", filter=Q(report=None)), late=Count("pk", filter=Q(late=True))
    )
    return {row["day"]: row for row in counts}


def days_told(provider: Organisation, first: dt.date, last: dt.date, *, user) -> set[dt.date]:
    """The days of which the newest version tells something. One query."""
    rows = newest_of(provider, user=user).filter(day__gte=first, day__lte=last, exceptions__gt=0)
    return set(rows.order_by().values_list("day", flat=True))


def versions_for(report: DailyReport, *, user) -> list[Version]:
    """The versions of that day, oldest first. Three queries."""
    rows = DailyReport.objects.filter(provider=report.provider_id, day=report.day).select_related("filed_by")
    versions = list(rows.order_by("version"))
    answers, stood = defaultdict(dict), defaultdict(dict)
    for one in Answer.objects.visible_to(user).filter(report__in=versions).order_by("kpi__contract", "kpi__number"):
        answers[one.report_id][one.kpi_id] = one
    seen = {kpi for rows in answers.values() for kpi in rows}
    for one in StandingAnswer.objects.filter(report__in=versions, line__kpi__in=seen).select_related("line"):
        stood[one.report_id][one.line_id] = one
    return [Version(one, answers[one.pk], stood[one.pk]) for one in versions]


def dues_for(report: DailyReport, *, user) -> list[ReportDue]:
    """What was due on that day, as far as the person may see it."""
    rows = ReportDue.objects.visible_to(user).of_day(report.provider_id, report.day)
    return list(rows)
