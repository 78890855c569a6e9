"""Reads for ratings: what is known of a KPI over a period, and what was decided."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Organisation
from contracts.models import Kpi, KpiLine
from contracts.states import LineKind
from core.calendars import ONE_DAY
from monitoring.models import Alert, Answer, Rating, ReportDue, Session
from monitoring.rules import board
from monitoring.rules.board import Said
from monitoring.rules.ratings import RATED, Figures
from monitoring.states import BREACHES


def fed_by(kpi: Kpi) -> frozenset[str]:
    """Where the answers to a KPI's lines come from."""
    rows = KpiLine.objects.filter(kpi=kpi, kind=LineKind.STANDARD).order_by()
    return frozenset(rows.values_list("fed", flat=True))


def figures_of(kpi: Kpi, first: dt.date, last: dt.date, *, at: dt.datetime, today: dt.date) -> Figures:
    """What is known of a KPI from a day to a day, both counted, at a moment. What is due today is missing once the day
    is over. Three queries."""
    dues = ReportDue.objects.filter(Q(dropped_at=None) | Q(report__isnull=False), kpi=kpi, day__range=(first, last))
    dues = dues.exclude(day__gte=today, report=None)
    reports = dues.aggregate(
        owed=Count("pk"),
        on_time=Count("pk", filter=Q(report__isnull=False, late=False)),
        late=Count("pk", filter=Q(late=True)),
        missing=Count("pk", filter=Q(report=None)),
    )
    names = ("kpi", "report__day", "report__version", "report", "status", "what", "action", "action_by_on")
    said = Answer.objects.filter(kpi=kpi, report__day__gte=first).order_by().values_list(*names)
    told = board.told_of(board.newest(Said(*row) for row in said), today=min(today, last + ONE_DAY))
    told = [one for one in told if one.said.day <= last]
    breached = Alert.objects.standing().filter(session=OuterRef("pk"), kind__in=BREACHES)
    rows = Session.objects.expected().filter(contract=kpi.contract_id, day__range=(first, last))
    sessions = rows.aggregate(
        sessions=Count("pk"),
        not_taken=Count("pk", filter=Q(mark="", starts_at__lt=at)),
        breaches=Count("pk", filter=Q(Exists(breached))),
    )
    overdue = sum(one.state == board.OVERDUE for one in told)
    return Figures(exceptions=len(told), overdue=overdue, **reports, **sessions)


def standing_for(kpi: Kpi, first: dt.date, last: dt.date) -> Rating | None:
    """The rating of exactly this period."""
    return Rating.objects.standing().filter(kpi=kpi, from_on=first, until_on=last).select_related("rated_by").first()


def of_kpi(kpi: Kpi, *, user) -> QuerySet[Rating]:
    """All that was decided of a KPI, newest first, also what was replaced."""
    return Rating.objects.visible_to(user).filter(kpi=kpi)


def rateable(buyer: Organisation, *, user) -> QuerySet[Kpi]:
    """The KPIs of a buyer's agreements, with the ratings that stand as `rated`, the latest period first."""
    rows = Kpi.objects.visible_to(user).filter(contract__buyer=buyer, contract__state__in=RATED)
    return rows.prefetch_related(Prefetch("ratings", queryset=Rating.objects.standing(), to_attr="rated"))


def told_to(provider: Organisation, *, user) -> QuerySet[Rating]:
    """How a provider is rated."""
    return Rating.objects.visible_to(user).standing().filter(kpi__contract__supplier=provider)
