"""A buyer's board of daily reports: all its providers, one of them, and the board as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import clock, exports
from core.access import guard
from core.lists import MOST_ROWS, Page
from monitoring.forms.board import PeriodForm
from monitoring.permissions import board as permissions
from monitoring.queries import board as queries
from monitoring.rules import board as rules
from monitoring.rules.board import Line
from monitoring.views.frame import page

CALLS = 10  # providers that are named for one reason; the table has the others
HEADINGS = [
    "Provider",
    "Agreements",
    "Reporting days",
    "On time",
    "Late",
    "Missing",
    "On time in a hundred",
    "Exceptions",
    "Actions overdue",
    "On time in a row",
    "Missed in a row",
    "Last report",
    "Rating due",
]
STATES = {rules.OPEN: ("Open", "yellow"), rules.OVERDUE: ("Overdue", "red"), rules.CLOSED: ("Mended", "green")}


@dataclass(frozen=True)
class Row:
    """A provider's line as the page shows it."""

    line: Line
    provider: int
    name: str
    agreements: str
    unrated: bool
    row: str


@dataclass(frozen=True)
class Calls:
    """Providers that need somebody for one reason: the worst of them, and how many more there are."""

    rows: list[Row]
    more: int

    @classmethod
    def of(cls, rows: list[Row], needs: Callable[[Row], object]) -> Calls:
        found = [one for one in rows if needs(one)]
        return cls(found[:CALLS], max(0, len(found) - CALLS))


@guard(permissions.can_watch, on=Organisation)
@require_safe
def board(request, organisation):
    """A line for each provider, worst first, and what calls for somebody today."""
    today = clock.today()
    form = PeriodForm(request.GET, usual=queries.period_for(organisation, today), today=today)
    rows = _rows(organisation, form, today)
    context = {
        "form": form,
        "first": form.period[0],
        "last": form.period[1],
        "page": _page(rows, request.GET.get("at", ""), form.query),
        "most": max((one.line.exceptions for one in rows), default=0),
        "missing": Calls.of(rows, lambda one: one.line.missing),
        "today": Calls.of(rows, lambda one: one.line.today),
        "unrated": Calls.of(rows, lambda one: one.unrated),
        "late": Calls.of(rows, lambda one: one.line.overdue),
        "query": form.query,
    }
    return page(request, organisation, "monitoring/board.html", active="board", **context)


@guard(permissions.can_watch, on=Organisation)
@require_safe
def board_file(request, organisation, kind):
    """The same as CSV or XLSX: every provider."""
    if kind not in {"csv", "xlsx"}:
        raise Http404
    today = clock.today()
    form = PeriodForm(request.GET, usual=queries.period_for(organisation, today), today=today)
    first, last = form.period
    name = f"daily-reports-{organisation.pk}-{first.isoformat()}-{last.isoformat()}.{kind}"
    lines = [_cells(one) for one in _rows(organisation, form, today)]
    if kind == "csv":
        return exports.csv_response(name, HEADINGS, lines)
    return exports.xlsx_response(name, "Daily reports", HEADINGS, lines)


@guard(permissions.can_watch, on=Organisation)
@require_safe
def board_of(request, organisation, provider):
    """One provider: each measure on each day, exceptions and what came of them, corrections. This buyer's part."""
    today, user = clock.today(), request.user
    kpis = queries.kpis_of(organisation, provider, user=user)
    supplier = queries.supplier_of(organisation, provider, kpis, user=user)
    if supplier is None:
        raise Http404
    form = PeriodForm(request.GET, usual=queries.period_for(organisation, today), today=today)
    first, last = form.period
    titles = {one.pk: f"{one.number} {one.title}" for one in kpis}
    dues = queries.dues_of(organisation, supplier, first, last, user=user)
    said = queries.said_of(organisation, supplier, first, user=user)
    newest = rules.newest(said)
    told = [one for one in rules.told_of(newest, today=today) if one.said.day <= last]
    asked = {due.kpi for due in dues}
    context = {
        "provider": supplier,
        "form": form,
        "first": first,
        "last": last,
        "weeks": rules.weeks_of(dues, newest, titles, today=today),
        "kpis": [one for one in kpis if one.pk in asked],
        "agreements": len({one.contract_id for one in kpis if one.pk in asked}),
        "told": [(one, titles[one.said.kpi], *STATES[one.state]) for one in told[:MOST_ROWS]],
        "more_told": max(0, len(told) - MOST_ROWS),
        "corrected": [(day, key) for day, key in rules.corrected(said).items() if day <= last][:MOST_ROWS],
        "signs": [(rules.SIGNS[one], rules.WORDS[one], one) for one in rules.WORDS],
    }
    return page(request, organisation, "monitoring/board_of.html", active="board", **context)


def _rows(buyer: Organisation, form: PeriodForm, today) -> list[Row]:
    """Providers that owed a report in the period, and those with an agreement that owed none; worst first."""
    lines = {one.provider: one for one in queries.lines_of(buyer, *form.period, today=today)}
    agreements = queries.agreements_of(buyer, today=today)
    for provider, contracts in agreements.items():
        lines.setdefault(provider, Line(provider, contracts[0].name))
    return [_row(one, agreements.get(one.provider, [])) for one in rules.worst_first(lines.values())]


def _row(line: Line, contracts) -> Row:
    references = ", ".join(one.reference for one in contracts)
    row = f"{line.missed_row} missed" if line.missed_row else f"{line.well_row} on time" if line.well_row else "–"
    return Row(line, line.provider, line.name, references, any(one.unrated for one in contracts), row)


def _cells(row: Row) -> list:
    line = row.line
    return [
        line.name,
        row.agreements,
        line.owed,
        line.on_time,
        line.late,
        line.missing,
        "" if line.share is None else line.share,
        line.exceptions,
        line.overdue,
        line.well_row,
        line.missed_row,
        line.last_on.isoformat() if line.last_on else "",
        "yes" if row.unrated else "",
    ]


def _page(rows: list[Row], asked: str, query: str) -> Page:
    """Fifty of them; what nobody gave out leads to the first page."""
    pages = max(1, -(-len(rows) // MOST_ROWS))
    at = int(asked) if asked.isdecimal() and len(asked) < 5 and 1 <= int(asked) <= pages else 1
    return Page(
        rows=rows[(at - 1) * MOST_ROWS : at * MOST_ROWS],
        count=len(rows),
        count_is_exact=True,
        before=f"{query}&at={at - 1}" if at > 1 else "",
        after=f"{query}&at={at + 1}" if at < pages else "",
    )
