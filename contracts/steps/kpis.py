"""Writes about KPIs of agreements that actions compose. The caller holds the agreement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection
from django.urls import reverse

from audit import steps as audit
from contracts.models import Contract, Kpi, KpiLine, QuestionAnswer
from contracts.rules.kpis import KpiText
from core.steps import step
from lots.models import Framework
from lots.queries.places import leads_of
from outbox import steps as outbox

# Put on every agreement in force that has no KPI from that day on. They begin with the agreement where it begins later.
_KPIS = """
    WITH wanted (position, title, days) AS (VALUES {rows})
    INSERT INTO contracts_kpi (contract_id, number, title, days, from_on, written_at, written_by_id)
    SELECT agreed.id,
           wanted.position + COALESCE(
               (SELECT MAX(old.number) FROM contracts_kpi old WHERE old.contract_id = agreed.id), 0
           ),
           wanted.title, wanted.days,
           CASE WHEN agreed.starts_on > %s THEN agreed.starts_on ELSE %s END, %s, %s
    FROM contracts_contract agreed CROSS JOIN wanted
    WHERE agreed.framework_id = %s AND agreed.state = 'in_force' AND (agreed.ends_on IS NULL OR agreed.ends_on >= %s)
      AND NOT EXISTS (
        SELECT 1 FROM contracts_kpi held
        WHERE held.contract_id = agreed.id AND (held.until_on IS NULL OR held.until_on >= %s)
      )
    ON CONFLICT DO NOTHING
"""
# A KPI has a line at least, so one without is of the statement before.
_LINES = """
    WITH wanted (title, position, text, kind, fed, asked, side) AS (VALUES {rows})
    INSERT INTO contracts_kpiline (kpi_id, position, text, kind, fed, asked, side)
    SELECT kpi.id, wanted.position, wanted.text, wanted.kind, wanted.fed, wanted.asked, wanted.side
    FROM contracts_kpi kpi
    JOIN contracts_contract agreed ON agreed.id = kpi.contract_id
    JOIN wanted ON wanted.title = kpi.title
    WHERE agreed.framework_id = %s AND NOT EXISTS (SELECT 1 FROM contracts_kpiline line WHERE line.kpi_id = kpi.id)
    ON CONFLICT DO NOTHING
"""


@step
def begin(*, contract: Contract, number: int, text: KpiText, days: int, from_on: dt.date, by, at: dt.datetime) -> Kpi:
    """One more KPI of a locked agreement, with its lines."""
    made = Kpi.objects.create(
        contract=contract, number=number, title=text.title, days=days, from_on=from_on, written_at=at, written_by=by
    )
    KpiLine.objects.bulk_create(
        KpiLine(
            kpi=made,
            position=position,
            text=line.text,
            kind=line.kind,
            fed=line.fed,
            asked=line.asked,
            side=line.side,
        )
        for position, line in enumerate(text.lines, 1)
    )
    return made


@step
def end(*, kpi: Kpi, until_on: dt.date, by, at: dt.datetime) -> None:
    """Its last day. Reports that were asked for under it stay."""
    kpi.until_on, kpi.ended_at, kpi.ended_by = until_on, at, by
    kpi.save(update_fields=["until_on", "ended_at", "ended_by"])


@step
def take_back(*, kpi: Kpi) -> None:
    """One that has not begun: nobody reported on it, so nothing of it is left but the record."""
    QuestionAnswer.objects.filter(line__kpi=kpi).delete()
    kpi.lines.all().delete()
    kpi.delete()


@step
def keep_answers(*, answers: Iterable[QuestionAnswer], to: Kpi) -> None:
    """A question that stays as it was keeps its answers when its KPI changes."""
    lines = {(line.text, line.side): line for line in to.lines.all() if line.side}
    QuestionAnswer.objects.bulk_create(
        QuestionAnswer(
            line=line,
            yes=one.yes,
            words=one.words,
            answered_on=one.answered_on,
            answered_at=one.answered_at,
            answered_by_id=one.answered_by_id,
        )
        for one in answers
        if (line := lines.get((one.line.text, one.line.side)))
    )


@step
def put_on_all(
    *, framework: Framework, texts: Sequence[tuple[KpiText, int]], from_on: dt.date, by, at: dt.datetime
) -> int:
    """The same KPIs, each with its days between reports, on every agreement of a framework that is in force and has
    none from that day on; the caller holds the framework and those agreements. Returns how many agreements got them."""
    day = connection.ops.adapt_datefield_value(from_on)
    moment = connection.ops.adapt_datetimefield_value(at)
    kpis = [value for number, (text, days) in enumerate(texts, 1) for value in (number, text.title, days)]
    lines = [
        value
        for text, _ in texts
        for position, one in enumerate(text.lines, 1)
        for value in (text.title, position, one.text, str(one.kind), str(one.fed), str(one.asked), str(one.side))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KPIS.format(rows=_rows(3, len(kpis))), [*kpis, day, day, moment, by.pk, framework.pk, day, day])
        made = Kpi.objects.filter(contract__framework=framework, lines=None).values("contract").distinct().count()
        cursor.execute(_LINES.format(rows=_rows(7, len(lines))), [*lines, framework.pk])
    return made


def _rows(width: int, values: int) -> str:
    """So many placeholders, a row of a table each `width` of them."""
    row = f"({', '.join(['%s'] * width)})"
    return ", ".join([row] * (values // width))


@step
def note(*, verb: str, contract: Contract, data: dict, by, at: dt.datetime) -> None:
    """In the agreement's record, and in a letter to whoever leads the provider."""
    event = audit.record(
        f"contracts.kpi.{verb}", by=by, about=contract, organisation=contract.buyer_id, data=data, at=at
    )
    tell(contracts=[contract], key=str(event.pk), at=at)


@step
def tell(*, contracts: Iterable[Contract], key: str, at: dt.datetime) -> None:
    """Whoever leads the provider learns that what it reports on has changed, and where to read it."""
    agreed = {one.supplier_id: one for one in contracts}
    outbox.post_many(
        [
            outbox.Letter(
                key=f"kpis:{key}:{pk}",
                to=address,
                subject="What you report on has changed",
                body=f"{agreed[provider].buyer.name} has changed the measures of agreement "
                f"{agreed[provider].reference}.\n\nSign in to read them:\n{settings.BASE_URL}"
                f"{reverse('contract_kpis', args=[agreed[provider].pk])}\n",
                organisation=provider,
            )
            for provider, people in leads_of(agreed).items()
            for pk, address in people
        ],
        at=at,
    )
