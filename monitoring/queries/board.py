"""Reads for a buyer's board: one line for each provider, set-based, and one provider's days and answers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from accounts.models import Organisation
from accounts.queries import calendars_for
from contracts.models import Contract, Kpi
from contracts.states import ContractState
from monitoring.models import Answer, Rating, ReportDue
from monitoring.rules import board as rules
from monitoring.rules.board import Due, Line, Said
from monitoring.rules.times import moment

# A day is 0 in time, 1 late, 2 missing, and 3 while it is today and something is not filed: that is not yet counted.
# `place` numbers a provider's days, so that the days after the last one that was late tell how many came in a row. An
# action is overdue from the day after its own until the newest version of a later day says that all is well.
_LINES = """
    WITH owed AS (
        SELECT provider_id, day,
               MAX(CASE WHEN report_id IS NOT NULL THEN CASE WHEN late THEN 1 ELSE 0 END
                        WHEN day = %(today)s THEN 3 ELSE 2 END) AS state
        FROM monitoring_reportdue
        WHERE buyer_id = %(buyer)s AND day BETWEEN %(first)s AND %(last)s
          AND (dropped_at IS NULL OR report_id IS NOT NULL)
        GROUP BY provider_id, day
    ), placed AS (
        SELECT provider_id, day, state, ROW_NUMBER() OVER (PARTITION BY provider_id ORDER BY day) AS place FROM owed
    ), told AS (
        SELECT report.provider_id,
               SUM(CASE WHEN report.day BETWEEN %(first)s AND %(last)s THEN 1 ELSE 0 END) AS exceptions,
               SUM(CASE WHEN answer.action_by_on < %(today)s AND NOT EXISTS (
                   SELECT 1 FROM monitoring_answer later
                   JOIN monitoring_dailyreport mended ON mended.id = later.report_id
                   WHERE later.kpi_id = answer.kpi_id AND later.report_id > answer.report_id AND later.status = 'well'
                     AND mended.day > report.day AND NOT EXISTS (
                         SELECT 1 FROM monitoring_dailyreport newer
                         WHERE newer.provider_id = mended.provider_id AND newer.day = mended.day
                           AND newer.version > mended.version
                     )
               ) THEN 1 ELSE 0 END) AS overdue
        FROM monitoring_answer answer
        JOIN monitoring_dailyreport report ON report.id = answer.report_id
        JOIN contracts_kpi kpi ON kpi.id = answer.kpi_id
        JOIN contracts_contract contract ON contract.id = kpi.contract_id
        WHERE answer.status = 'exception' AND contract.buyer_id = %(buyer)s AND report.day >= %(since)s
          AND NOT EXISTS (
              SELECT 1 FROM monitoring_dailyreport newer
              WHERE newer.provider_id = report.provider_id AND newer.day = report.day
                AND newer.version > report.version
          )
        GROUP BY report.provider_id
    ), counted AS (
        SELECT provider_id, SUM(CASE WHEN state < 3 THEN 1 ELSE 0 END) AS owed,
               SUM(CASE WHEN state = 0 THEN 1 ELSE 0 END) AS on_time,
               SUM(CASE WHEN state = 1 THEN 1 ELSE 0 END) AS late,
               SUM(CASE WHEN state = 2 THEN 1 ELSE 0 END) AS missing,
               MAX(CASE WHEN state IN (1, 2) THEN place ELSE 0 END) AS last_bad,
               MAX(CASE WHEN state < 2 THEN place ELSE 0 END) AS last_filed,
               MAX(CASE WHEN state < 2 THEN day END) AS last_on,
               MIN(CASE WHEN state = 2 THEN day END) AS oldest_missing,
               MAX(CASE WHEN state = 3 THEN 1 ELSE 0 END) AS today
        FROM placed GROUP BY provider_id
    )
    SELECT known.provider_id, provider.name, COALESCE(owed, 0), COALESCE(on_time, 0), COALESCE(late, 0),
           COALESCE(missing, 0), COALESCE(exceptions, 0), COALESCE(owed - last_bad, 0), COALESCE(owed - last_filed, 0),
           COALESCE(overdue, 0), last_on, oldest_missing, COALESCE(today, 0)
    FROM (SELECT provider_id FROM counted UNION SELECT provider_id FROM told) known
    JOIN accounts_organisation provider ON provider.id = known.provider_id
    LEFT JOIN counted ON counted.provider_id = known.provider_id
    LEFT JOIN told ON told.provider_id = known.provider_id
"""


def lines_of(buyer: Organisation, first: dt.date, last: dt.date, *, today: dt.date) -> list[Line]:
    """Each provider that owed this buyer a report from a day to a day, both counted, or told of something in a year.
    One query, whose rows are as many as there are providers."""
    since = min(first, today - dt.timedelta(days=rules.LONGEST_DAYS))
    days = {"first": first, "last": min(last, today), "today": today, "since": since}
    values = {name: connection.ops.adapt_datefield_value(day) for name, day in days.items()}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values | {"buyer": buyer.pk})
        return [Line(*row[:10], _day(row[10]), _day(row[11]), bool(row[12])) for row in cursor.fetchall()]


def _day(value) -> dt.date | None:
    """SQLite keeps days as text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def period_for(buyer: Organisation, today: dt.date) -> tuple[dt.date, dt.date]:
    """This half-term of the buyer's up to today. One query."""
    return rules.period_of(today, calendars_for([buyer])[buyer.pk].terms)


@dataclass(frozen=True)
class Agreement:
    """An agreement in force; `unrated`: one of its KPIs had no rating for eleven months."""

    key: int
    provider: int
    name: str
    reference: str
    unrated: bool


def agreements_of(buyer: Organisation, *, today: dt.date) -> dict[int, list[Agreement]]:
    """A buyer's agreements in force by provider. A KPI that was changed keeps its number, and the ratings of it. Two
    queries."""
    since = rules.last_rated_by(today)
    rated = Rating.objects.standing().filter(kpi__contract=OuterRef("contract"), kpi__number=OuterRef("number"))
    recent = rated.filter(rated_at__gte=moment(since, dt.time.min))
    old = Q(contract__starts_on__lte=since) | Q(contract__starts_on=None, contract__countersigned_at__date__lte=since)
    kpis = Kpi.objects.on(today).filter(old, contract__buyer=buyer, contract__state=ContractState.IN_FORCE)
    unrated = set(kpis.filter(~Exists(recent)).order_by().values_list("contract", flat=True))
    rows = Contract.objects.filter(buyer=buyer, state=ContractState.IN_FORCE).order_by("reference")
    found = defaultdict(list)
    for key, provider, name, reference in rows.values_list("pk", "supplier", "supplier__name", "reference"):
        found[provider].append(Agreement(key, provider, name, reference, key in unrated))
    return found


def supplier_of(buyer: Organisation, provider: int, *, user) -> Organisation | None:
    """The provider with this key, if it has, or had, an agreement with the buyer that both signed."""
    rows = Contract.objects.visible_to(user).filter(buyer=buyer, supplier=provider).exclude(countersigned_at=None)
    found = rows.first()
    return found.supplier if found else None


def kpis_of(buyer: Organisation, provider: Organisation, *, user) -> list[Kpi]:
    """The KPIs of the two's agreements, also those that are over, by agreement and number."""
    rows = Kpi.objects.visible_to(user).filter(contract__buyer=buyer, contract__supplier=provider)
    return list(rows.order_by("contract__reference", "number", "from_on", "pk"))


def dues_of(buyer: Organisation, provider: Organisation, first: dt.date, last: dt.date, *, user) -> list[Due]:
    """What was due from a day to a day, both counted."""
    rows = ReportDue.objects.visible_to(user).filter(buyer=buyer, provider=provider, day__gte=first, day__lte=last)
    rows = rows.filter(Q(dropped_at=None) | Q(report__isnull=False)).order_by("day", "pk")
    return [Due(kpi, day, report is not None, late) for kpi, day, report, late in
            rows.values_list("kpi", "day", "report", "late")]  # fmt: skip


def said_of(buyer: Organisation, provider: Organisation, first: dt.date, *, user) -> list[Said]:
    """What every version since a day says of this buyer's KPIs: up to now, because a later day closes an exception."""
    rows = Answer.objects.visible_to(user).filter(kpi__contract__buyer=buyer, report__provider=provider)
    rows = rows.filter(report__day__gte=first).select_related(None).order_by()
    names = ("kpi", "report__day", "report__version", "report", "status", "what", "action", "action_by_on")
    return [Said(*row) for row in rows.values_list(*names)]
