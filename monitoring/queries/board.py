"""Reads for a buyer's board: one line for each provider, set-based, and one provider's days and answers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from accounts.queries import calendars_for
from contracts.models import Contract, Kpi
from contracts.states import ContractState
from monitoring.models import Answer, Rating, ReportDue
from monitoring.rules import board as rules
from monitoring.rules.board import Due, Line, Said
from monitoring.rules.times import moment

# Days are counted, and of them those that are not plain by what they are, each from an index alone (`BoardDay`). What
# is missing today is not counted yet. The days after the last one that was late or missing tell how many came in a row.
_LINES = """
    WITH held AS (
        SELECT provider_id, COUNT(*) AS days FROM monitoring_boardday
        WHERE buyer_id = %(buyer)s AND day BETWEEN %(first)s AND %(last)s
        GROUP BY provider_id
    ), rare AS (
        SELECT provider_id, SUM(exceptions) AS exceptions, SUM(CASE WHEN state = 1 THEN 1 ELSE 0 END) AS late,
               SUM(CASE WHEN state = 2 AND day <> %(today)s THEN 1 ELSE 0 END) AS missing,
               SUM(CASE WHEN state = 3 OR (state = 2 AND day = %(today)s) THEN 1 ELSE 0 END) AS uncounted,
               MAX(CASE WHEN state = 1 OR (state = 2 AND day <> %(today)s) THEN day END) AS last_bad,
               MIN(CASE WHEN state = 2 AND day <> %(today)s THEN day END) AS oldest_missing,
               MAX(CASE WHEN state = 2 AND day = %(today)s THEN 1 ELSE 0 END) AS today
        FROM monitoring_boardday
        WHERE (state > 0 OR exceptions > 0) AND buyer_id = %(buyer)s AND day BETWEEN %(first)s AND %(last)s
        GROUP BY provider_id
    ), counted AS (
        SELECT held.provider_id, days - COALESCE(uncounted, 0) AS owed, COALESCE(exceptions, 0) AS exceptions,
               COALESCE(late, 0) AS late, COALESCE(missing, 0) AS missing, COALESCE(today, 0) AS today, last_bad,
               oldest_missing, (
                   SELECT filed.day FROM monitoring_boardday filed
                   WHERE filed.buyer_id = %(buyer)s AND filed.provider_id = held.provider_id
                     AND filed.day BETWEEN %(first)s AND %(last)s AND filed.state < 2
                   ORDER BY filed.day DESC LIMIT 1
               ) AS last_on
        FROM held LEFT JOIN rare ON rare.provider_id = held.provider_id
    ), told AS (
        SELECT contract.supplier_id AS provider_id, COUNT(*) AS overdue
        FROM contracts_contract contract
        JOIN contracts_kpi kpi ON kpi.contract_id = contract.id
        JOIN monitoring_answer answer ON answer.kpi_id = kpi.id AND answer.open
        JOIN monitoring_dailyreport report ON report.id = answer.report_id
        WHERE contract.buyer_id = %(buyer)s AND answer.action_by_on < %(today)s AND report.day >= %(since)s
        GROUP BY contract.supplier_id
    )
    SELECT known.provider_id, provider.name, COALESCE(owed, 0), COALESCE(owed - late - missing, 0), COALESCE(late, 0),
           COALESCE(missing, 0), COALESCE(exceptions, 0),
           CASE WHEN last_bad IS NULL THEN COALESCE(owed, 0) ELSE (
               SELECT COUNT(*) FROM monitoring_boardday well
               WHERE well.buyer_id = %(buyer)s AND well.provider_id = known.provider_id AND well.state = 0
                 AND well.day > last_bad AND well.day <= %(last)s
           ) END,
           CASE WHEN last_on IS NULL THEN COALESCE(missing, 0) ELSE (
               SELECT COUNT(*) FROM monitoring_boardday missed
               WHERE missed.buyer_id = %(buyer)s AND missed.provider_id = known.provider_id AND missed.state = 2
                 AND missed.day > last_on AND missed.day <= %(last)s AND missed.day <> %(today)s
           ) END,
           COALESCE(overdue, 0), last_on, oldest_missing, COALESCE(today, 0)
    FROM (SELECT provider_id FROM counted WHERE owed + exceptions + today > 0 UNION SELECT provider_id FROM told) known
    JOIN accounts_organisation provider ON provider.id = known.provider_id
    LEFT JOIN counted ON counted.provider_id = known.provider_id
    LEFT JOIN told ON told.provider_id = known.provider_id
"""


def lines_of(buyer: Organisation, first: dt.date, last: dt.date, *, today: dt.date) -> list[Line]:
    """Each provider that owed this buyer a report from a day to a day, both counted, or has an action overdue. One
    query, whose rows are as many as there are providers."""
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


def supplier_of(buyer: Organisation, provider: int, kpis: Iterable[Kpi], *, user) -> Organisation | None:
    """The provider with this key, if it has, or had, an agreement with the buyer that both signed. One query, and none
    where one of their KPIs says so."""
    for one in kpis:
        if one.contract.countersigned_at:
            return one.contract.supplier
    rows = Contract.objects.visible_to(user).filter(buyer=buyer, supplier__in=_with_key(provider))
    found = rows.exclude(countersigned_at=None).first()
    return found.supplier if found else None


def _with_key(provider: int) -> QuerySet[Organisation]:
    """The organisation with a key from an address, which may be a number that no database holds."""
    return Organisation.objects.filter(pk=provider)


def kpis_of(buyer: Organisation, provider: int, *, user) -> list[Kpi]:
    """The KPIs of the two's agreements, also those that are over, by agreement and number."""
    rows = Kpi.objects.visible_to(user).filter(contract__buyer=buyer, contract__supplier__in=_with_key(provider))
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
