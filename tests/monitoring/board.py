"""A fortnight of Ash House's reports to Larkshire, for tests of the board."""

from __future__ import annotations

import datetime as dt
import random

from django.db import connection

from accounts.models import Organisation
from contracts.models import Contract
from monitoring.models import Answer, BoardDay, DailyReport, ReportDue
from monitoring.queries.board import _day
from monitoring.queries.sql import plain
from monitoring.rules.board import Line
from tests.monitoring.made import DAY, counted, local, made_contract, made_dues, made_kpis, made_report, watched
from tests.monitoring.reported import second_buyer

TODAY = DAY + dt.timedelta(days=4)  # Friday
DAYS = [DAY + dt.timedelta(days=n) for n in range(4)]
TEN = local(TODAY, 10)
BROKEN = "A window was broken"


def fortnight(world) -> Contract:
    """Monday in time with an exception, Tuesday late and corrected, Wednesday in time, Thursday missing, and Friday is
    today. What was broken on Monday was to be mended on Wednesday, and Wednesday's report says so."""
    watched(world)
    contract = Contract.objects.get()
    for day in [*DAYS, TODAY]:
        made_dues(contract, day=day)
    made_report(contract, day=DAYS[0], exception=BROKEN)
    Answer.objects.filter(status="exception").update(action_by_on=DAYS[2])
    made_report(contract, day=DAYS[1], late=True)
    made_report(contract, day=DAYS[1], exception="The gate was left open")
    Answer.objects.filter(report__day=DAYS[1], status="exception").update(action_by_on=DAYS[2])
    made_report(contract, day=DAYS[2])
    return contract


def made_up_reports(world, *, seed: int) -> None:
    """Two providers, one of which has two buyers, over three weeks: what is asked on intervals, dropped, answered in
    part, late, told and corrected, filed in any order."""
    dice = random.Random(seed)
    watched(world)
    ours = Contract.objects.get()
    farm = made_contract(world, ours.framework, provider=world.birch_farm)
    made_kpis(farm)
    by_provider = {world.ash_house: [ours, second_buyer(world)], world.birch_farm: [farm]}
    ReportDue.objects.all().delete()
    BoardDay.objects.all().delete()
    days = [(one, DAY + dt.timedelta(days=n)) for one in by_provider for n in range(19) if dice.random() < 0.8]
    for provider, day in days:
        for contract in by_provider[provider]:
            made_dues(contract, day=day)
            dropped = dice.sample(list(contract.kpis.all()), dice.choice([0, 0, 1, 5]))
            ReportDue.objects.filter(kpi__in=dropped, day=day).update(dropped_at=TEN)
        counted(provider, day)
    dice.shuffle(days)
    for provider, day in days:
        for version in range(1, dice.choice([1, 2, 2, 2, 3])):
            _version(dice, provider, day, version)
            counted(provider, day)


def _version(dice, provider, day, version) -> None:
    dues = ReportDue.objects.filter(provider=provider, day=day)
    report = DailyReport.objects.create(provider=provider, day=day, version=version, filed_at=TEN)
    told = {"what": BROKEN, "action": "It is mended", "action_by_on": day + dt.timedelta(days=dice.randrange(9))}
    late, left_out = dice.random() < 0.2, dice.random() < 0.2
    for due in dues.filter(report=None, dropped_at=None)[left_out:]:
        due.report, due.late = report, late and dice.random() < 0.5
        due.save(update_fields=["report", "late"])
    if dice.random() < 0.1:
        dues.filter(report=report).update(dropped_at=TEN)
    for due in dues.exclude(report=None):
        status = dice.choice(["well", "well", "well", "exception"])
        Answer.objects.create(report=report, kpi_id=due.kpi_id, status=status, **(told if status != "well" else {}))


# What the board says by what is due and what is answered alone, without anything that is counted beforehand. A day is 0
# in time, 1 late, 2 missing, and 3 while it is today and something is not filed; `place` numbers a provider's days.
_FROM_THE_ROWS = """
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
                   WHERE later.kpi_id = answer.kpi_id AND later.status = 'well'
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


def lines_by_rows(buyer: Organisation, first: dt.date, last: dt.date, *, today: dt.date) -> set[Line]:
    """What the board is to say, without lines that say nothing at all."""
    since = min(first, today - dt.timedelta(days=366))
    with connection.cursor() as cursor:
        values = {"buyer": buyer.pk, "first": first, "last": min(last, today), "today": today, "since": since}
        cursor.execute(_FROM_THE_ROWS, plain(values))
        lines = {Line(*row[:10], _day(row[10]), _day(row[11]), bool(row[12])) for row in cursor.fetchall()}
    return {one for one in lines if one != Line(one.provider, one.name)}
