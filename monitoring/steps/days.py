"""What is to be reported for a day, in SQL: for any number of agreements the same few statements, with the same text on
SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from core.steps import step
from monitoring.models import DayRun, ReportDue
from monitoring.queries.sql import plain
from monitoring.rules.times import moment
from monitoring.steps import board
from monitoring.steps.sessions import IN_ORDER

# An agreement's reporting day: at least one session under it takes place.
_IS_TAUGHT = """
    EXISTS (
        SELECT 1 FROM monitoring_session taught
        WHERE taught.contract_id = {0} AND taught.day = %(day)s AND taught.state = 'expected'
    )
"""
_WRITE_DAYS = f"""
INSERT INTO monitoring_reportday (contract_id, day)
SELECT contract.id, %(day)s FROM contracts_contract contract
WHERE {_IS_TAUGHT.format("contract.id")} AND (%(first)s OR NOT EXISTS (
    SELECT 1 FROM monitoring_reportday known WHERE known.contract_id = contract.id AND known.day = %(day)s
))
ON CONFLICT DO NOTHING
"""  # nosec B608  # pieces of our own
_TAKE_DAYS_AWAY = f"""
DELETE FROM monitoring_reportday WHERE day = %(day)s AND NOT {_IS_TAUGHT.format("monitoring_reportday.contract_id")}
"""  # nosec B608  # pieces of our own
# What is asked for the day, by `monitoring.rules.calendar.is_due`.
_ASKED = """
    FROM contracts_kpi kpi
    JOIN monitoring_reportday taught ON taught.contract_id = kpi.contract_id AND taught.day = %(day)s
    JOIN contracts_contract contract ON contract.id = kpi.contract_id
    WHERE kpi.from_on <= %(day)s AND (kpi.until_on IS NULL OR kpi.until_on >= %(day)s)
      AND (
        kpi.days = 1
        OR ((
            SELECT COUNT(*) FROM monitoring_reportday counted
            WHERE counted.contract_id = kpi.contract_id AND counted.day >= kpi.from_on AND counted.day <= %(day)s
        ) - 1) %% kpi.days = 0
      )
"""
_WRITE = f"""
INSERT INTO monitoring_reportdue (kpi_id, contract_id, provider_id, buyer_id, day, made_at, caught_up, late)
SELECT kpi.id, contract.id, contract.supplier_id, contract.buyer_id, %(day)s, %(at)s, %(caught_up)s, %(no)s
{_ASKED}
  AND (%(first)s OR NOT EXISTS (
    SELECT 1 FROM monitoring_reportdue known WHERE known.kpi_id = kpi.id AND known.day = %(day)s
  ))
ON CONFLICT DO NOTHING
"""  # nosec B608  # pieces of our own
_DROPS = f"""
WHERE day = %(day)s AND report_id IS NULL AND dropped_at IS NULL AND kpi_id NOT IN (SELECT kpi.id {_ASKED})
"""
_RETURNS = f"WHERE day = %(day)s AND dropped_at IS NOT NULL AND kpi_id IN (SELECT kpi.id {_ASKED})"


@step
def begin_day(*, day: dt.date, at: dt.datetime, caught_up: bool) -> int:
    """The key of the row of a day. An action locks it: of several passes over one day one at a time works, and each
    finds what the one before has written."""
    if not DayRun.objects.filter(day=day).exists():
        row = DayRun(day=day, made_at=at, checked_at=moment(day, dt.time.min), caught_up=caught_up)
        DayRun.objects.bulk_create([row], ignore_conflicts=True)
    return DayRun.objects.get(day=day).pk


@step
def end_day(*, run: DayRun, at: dt.datetime) -> None:
    """The pass is through."""
    run.checked_at = at
    run.save(update_fields=["checked_at"])


@step
def write_dues(*, day: dt.date, at: dt.datetime, caught_up: bool) -> tuple[int, int, int]:
    """Write down the reporting days and what is asked for a day, by the sessions that are written down; drop what is
    asked no more and was not answered, and ask again what returns. The board counts the same. Returns how many
    of each of the three."""
    first = not ReportDue.objects.filter(day=day).exists()
    values = {"day": day, "at": at, "caught_up": caught_up, "no": False, "first": first}
    for sql in (_TAKE_DAYS_AWAY, _WRITE_DAYS):
        _run(sql, values)
    returns = not first and ReportDue.objects.filter(day=day, dropped_at__isnull=False).exists()
    dropped = 0 if first else _change(_DROPS, "%(at)s", values)
    again = _change(_RETURNS, "NULL", values) if returns else 0
    written = _run(_WRITE, values)
    if first:
        board.begin_board(day=day)
    elif written or dropped or again:
        board.recount(day=day)
    return written, dropped, again


def _change(rows: str, dropped_at: str, values: dict) -> int:
    """Change these rows, held in the order of their keys first, as whoever files a report holds them."""
    if connection.features.has_select_for_update:
        _run(f"SELECT id FROM monitoring_reportdue {rows} {IN_ORDER}", values)  # nosec B608  # pieces of our own
    return _run(f"UPDATE monitoring_reportdue SET dropped_at = {dropped_at} {rows}", values)  # nosec B608  # pieces of our own


def _run(sql: str, values: dict) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, plain(values))
        return cursor.rowcount
