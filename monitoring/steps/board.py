"""What the board counts, kept in step with what is due and what is answered, in the same transaction: a few statements
for any number of providers, with the same text on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from accounts.models import Organisation
from contracts.models import Kpi
from core.steps import step
from monitoring.models import DailyReport
from monitoring.queries.sql import plain
from monitoring.steps.sessions import IN_ORDER

_WRITE = """
INSERT INTO monitoring_boardday (buyer_id, provider_id, day, state, exceptions)
SELECT DISTINCT buyer_id, provider_id, day, 2, 0 FROM monitoring_reportdue WHERE {0} AND dropped_at IS NULL
ON CONFLICT DO NOTHING
"""
_HOLD = f"SELECT id FROM monitoring_boardday WHERE {{0}} {IN_ORDER}"  # nosec B608  # pieces of our own
_NEWEST = """
    NOT EXISTS (
        SELECT 1 FROM monitoring_dailyreport newer
        WHERE newer.provider_id = {0}.provider_id AND newer.day = {0}.day AND newer.version > {0}.version
    )
"""
_COUNT = f"""
UPDATE monitoring_boardday SET state = (
    SELECT COALESCE(MAX(CASE WHEN due.report_id IS NULL THEN 2 WHEN due.late THEN 1 ELSE 0 END), 3)
    FROM monitoring_reportdue due
    WHERE due.provider_id = monitoring_boardday.provider_id AND due.day = monitoring_boardday.day
      AND due.buyer_id = monitoring_boardday.buyer_id AND (due.dropped_at IS NULL OR due.report_id IS NOT NULL)
), exceptions = (
    SELECT COUNT(*) FROM monitoring_dailyreport report
    JOIN monitoring_answer answer ON answer.report_id = report.id
    JOIN contracts_kpi kpi ON kpi.id = answer.kpi_id
    JOIN contracts_contract contract ON contract.id = kpi.contract_id
    WHERE report.provider_id = monitoring_boardday.provider_id AND report.day = monitoring_boardday.day
      AND contract.buyer_id = monitoring_boardday.buyer_id AND answer.status = 'exception'
      AND {_NEWEST.format("report")}
)
WHERE {{0}}
"""  # nosec B608  # pieces of our own
# Only what is told of days up to this one can become open, or be closed, by what is said of this day.
_REOPEN = f"""
UPDATE monitoring_answer SET open = (
    SELECT CASE WHEN {_NEWEST.format("told")} AND NOT EXISTS (
        SELECT 1 FROM monitoring_answer later
        JOIN monitoring_dailyreport mended ON mended.id = later.report_id
        WHERE later.kpi_id = monitoring_answer.kpi_id AND later.status = 'well' AND mended.day > told.day
          AND {_NEWEST.format("mended")}
    ) THEN %(yes)s ELSE %(no)s END
    FROM monitoring_dailyreport told WHERE told.id = monitoring_answer.report_id
)
WHERE status = 'exception' AND kpi_id IN (SELECT kpi_id FROM monitoring_answer WHERE report_id = %(report)s)
  AND report_id IN (SELECT id FROM monitoring_dailyreport WHERE provider_id = %(provider)s AND day <= %(day)s)
"""  # nosec B608  # pieces of our own


@step
def begin_board(*, day: dt.date) -> None:
    """Write down the days of a day whose due rows were only now made: nobody has answered any of them."""
    _run(_WRITE.format("day = %(day)s"), {"day": day})


@step
def recount(*, day: dt.date, provider: Organisation | None = None) -> None:
    """Count a day anew, of one provider or of all. Its rows are held before they are counted, so that of two who change
    what is due or answered whoever comes second counts what both have written."""
    where, values = "day = %(day)s", {"day": day}
    if provider:
        where, values = f"{where} AND provider_id = %(provider)s", values | {"provider": provider.pk}
    _run(_WRITE.format(where), values)
    if connection.features.has_select_for_update:
        _run(_HOLD.format(where), values)
    _run(_COUNT.format(where), values)


@step
def reopen(*, report: DailyReport) -> None:
    """Say anew which exceptions of a report's measures are open. The measures are held first: a report for a later day,
    filed at the same moment, closes what this one opens."""
    kpis = Kpi.objects.filter(reported__report=report).order_by("pk")
    list(kpis.select_for_update(of=("self",), no_key=True).values_list("pk"))
    values = {"report": report.pk, "provider": report.provider_id, "day": report.day, "yes": True, "no": False}
    _run(_REOPEN, values)


def _run(sql: str, values: dict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, plain(values))
