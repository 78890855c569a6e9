"""Figures of a commissioner's placements, for questions about them: nobody stands in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import charts, clock, exports
from core.access import guard
from referrals.forms.counting import CountsForm
from referrals.permissions import reviews as permissions
from referrals.queries import counts as queries
from referrals.rules import counts as rules
from referrals.rules.census import year_begins
from referrals.views.frame import page

MOST_BARS = 12


@dataclass(frozen=True)
class Table:
    """What is shown: rows of cells, the total's, the days that they are of, and the lines that a picture may have."""

    rows: list[list]
    total: list
    first: object
    last: object
    drawn: list[rules.Figures]

    @property
    def in_words(self) -> list[list[str]]:
        """All of it as a page shows it, the total last."""
        return [[f"{one:,}" if isinstance(one, int) else one for one in row] for row in [*self.rows, self.total]]


@guard(permissions.can_count, on=Organisation)
@require_safe
def counts(request, organisation):
    """Placements, pupils, sessions and cost by what was asked for."""
    form = _form(request)
    context = {"form": form, "table": None}
    if form.asked:
        table = _table(form, organisation, request.user)
        where = {kind: reverse("counts_file", args=[organisation.pk, kind]) + form.query for kind in ("csv", "xlsx")}
        context |= {
            "table": table,
            "headings": _headings(form),
            "files": where,
            "public": form.asked["public"],
            "chart": _chart(table, form) if table.drawn else None,
            "picture_url": reverse("counts_chart", args=[organisation.pk]) + form.query,
        }
    return page(request, organisation, "referrals/counts.html", active="census", **context)


@guard(permissions.can_count, on=Organisation)
@require_safe
def counts_file(request, organisation, kind):
    """The same as CSV or XLSX."""
    form = _form(request)
    if kind not in {"csv", "xlsx"}:
        raise Http404
    if not form.asked:
        return redirect("counts", organisation.pk)
    table = _table(form, organisation, request.user)
    name = f"counts-{organisation.pk}-{table.first.isoformat()}-{table.last.isoformat()}.{kind}"
    lines = [*table.rows, table.total]
    if kind == "csv":
        return exports.csv_response(name, _headings(form), lines)
    return exports.xlsx_response(name, "Counts", _headings(form), lines)


@guard(permissions.can_count, on=Organisation)
@require_safe
def counts_chart(request, organisation):
    """Pupils by what was asked for, as a picture."""
    form = _form(request)
    table = _table(form, organisation, request.user, with_sessions=False) if form.asked else None
    if table is None or not table.drawn:
        raise Http404
    return charts.picture(charts.bars(_chart(table, form)))


def _form(request) -> CountsForm:
    today = clock.today()
    return CountsForm(request.GET, first=year_begins(today), last=today)


def _headings(form: CountsForm) -> list[str]:
    return [dict(rules.BY)[form.asked["by"]], "Placements", "Pupils", "Sessions", "Cost in pounds without VAT"]


def _table(form: CountsForm, organisation: Organisation, user, *, with_sessions: bool = True) -> Table:
    asked = form.asked
    first, last = asked["first"], asked["last"]
    if asked["public"]:
        first, last = rules.whole_months(first, last)
    rows = queries.of_commissioner(organisation, first, last, user=user)
    found, total = queries.figures(rows, asked["by"], first, last, with_sessions=with_sessions)
    hidden = rules.hidden(found) if asked["public"] else set()
    return Table(
        rows=[rules.cells(one, hide=i in hidden) for i, one in enumerate(found)],
        total=rules.cells(total, hide=asked["public"] and rules.hides_total(found, total)),
        first=first,
        last=last,
        drawn=[one for i, one in enumerate(found) if i not in hidden][:MOST_BARS],
    )


def _chart(table: Table, form: CountsForm) -> charts.Chart:
    most = max(table.drawn, key=lambda one: one.pupils)
    by = dict(rules.BY)[form.asked["by"]]
    return charts.Chart(
        title=f"Pupils by {by.lower()}",
        alt=f"{most.label} has the most pupils of those that are shown: {most.pupils}.",
        label=by,
        unit="Pupils",
        labels=tuple(one.label for one in table.drawn),
        series=(charts.Series("Pupils", tuple(one.pupils for one in table.drawn)),),
    )
