"""The board of a buyer with 100 providers: every size of the other pages is that number here, 190 days of five KPIs
each, one in fifty late, one in fifty missing, one answer in fifty an exception."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation
from accounts.states import OrganisationKind
from bench.page import AT, Page, in_chunks, nothing_more, of
from contracts.models import Contract, Kpi
from contracts.states import ContractState
from core import clock
from core.calendars import is_working_day
from lots.models import Framework
from lots.states import FrameworkState
from monitoring.forms.board import query_of
from monitoring.models import Answer, DailyReport, ReportDue
from monitoring.steps import board

PROVIDERS, DAYS, KPIS = 100, 190, 5
FEW_DAYS = 5  # where there are fewer providers: tests ask whether it runs
_FRAMEWORK = "The framework of the board"
_DAY = dt.timedelta(days=1)


def school_days() -> list[dt.date]:
    """The last 190 working days, in order."""
    found, day = [], clock.today() - _DAY
    while len(found) < DAYS:
        found += [day] if is_working_day(day) else []
        day -= _DAY
    return found[::-1]


def fill_board(world, first: int, last: int) -> None:
    """A hundred providers of Larkshire's, or fewer where the other pages have fewer rows."""
    first, last = min(first, PROVIDERS), min(last, PROVIDERS)
    if first == last:
        return
    days = school_days()[-(DAYS if last == PROVIDERS else FEW_DAYS) :]
    framework, _ = Framework.objects.get_or_create(
        buyer=world.larkshire,
        title=_FRAMEWORK,
        defaults={"state": FrameworkState.RUNNING, "created_at": AT, "published_at": AT, "awarded_at": AT},
    )
    firms = in_chunks(
        Organisation, first, last, lambda n: Organisation(kind=OrganisationKind.PROVIDER, name=f"Board firm {n:04}")
    )

    def contract(number):
        return Contract(
            buyer=world.larkshire,
            supplier=firms[number - first],
            framework=framework,
            reference=f"BOARD-{number:04}",
            title="Framework agreement",
            state=ContractState.IN_FORCE,
            starts_on=days[0],
            document="{}",
            sha256="0" * 64,
            offered_at=AT,
            signed_at=AT,
            countersigned_at=AT,
        )

    contracts = in_chunks(Contract, first, last, contract)
    kpis = in_chunks(Kpi, KPIS * first, KPIS * last, lambda n: Kpi(
        contract=contracts[n // KPIS - first], number=n % KPIS + 1, title=f"Measure {n % KPIS + 1}", from_on=days[0],
        written_at=AT,
    ))  # fmt: skip
    # In the order in which they are filed: a day's of all providers, then the next day's.
    firsts = len(firms)
    reports = in_chunks(DailyReport, 0, len(days) * firsts, lambda n: DailyReport(
        provider=firms[n % firsts], day=days[n // firsts], version=1, filed_at=AT,
    ))  # fmt: skip

    def due(number):
        at, kpi = divmod(number, KPIS)
        report, contract = reports[at], contracts[at % firsts]
        return ReportDue(
            kpi=kpis[at % firsts * KPIS + kpi],
            contract=contract,
            provider_id=report.provider_id,
            buyer=world.larkshire,
            day=report.day,
            made_at=AT,
            report=None if at % 53 == 0 else report,
            late=at % 51 == 0 and at % 53 != 0,
        )

    def answer(number):
        at, kpi = divmod(number, KPIS)
        told = {"what": "A window was broken", "action": "It is mended", "action_by_on": reports[at].day + 7 * _DAY}
        is_told = number % 49 == 0
        return Answer(
            report=reports[at],
            kpi=kpis[at % firsts * KPIS + kpi],
            status="exception" if is_told else "well",
            **(told if is_told else {}),
        )

    in_chunks(ReportDue, 0, len(days) * firsts * KPIS, due)
    in_chunks(Answer, 0, len(days) * firsts * KPIS, answer)
    with transaction.atomic():
        for day in days:
            board.recount(day=day)
        for report in DailyReport.objects.filter(answers__status="exception", provider__in=firms).distinct():
            board.reopen(report=report)


def _year(world) -> str:
    return of("board", "larkshire")(world) + query_of(school_days()[0], clock.today())


def _one(world) -> str:
    firm = Organisation.objects.filter(name__startswith="Board firm").first()
    return reverse("board_of", args=[world.larkshire.pk, firm.pk])


PAGES = [
    Page("board", "eve", of("board", "larkshire"), fill_board),
    Page("board of 190 days", "eve", _year, nothing_more),
    Page("board_of", "eve", _one, nothing_more),
]
