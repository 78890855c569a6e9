"""What a commissioner returns in the census of alternative provision: looked at, then taken as a file."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from audit.reads import reads
from core import clock, exports, lists
from core.access import guard
from referrals.forms.counting import PeriodForm
from referrals.permissions import reviews as permissions
from referrals.queries import census as queries
from referrals.rules.census import HEADINGS, year_begins
from referrals.views.frame import page


@guard(permissions.can_take_census, on=Organisation)
@reads("personal")
@require_safe
def census(request, organisation):
    """Each placement of the period with what its line lacks."""
    form = _form(request)
    context = {"form": form, "page": None, "counts_url": reverse("counts", args=[organisation.pk])}
    if asked := form.asked:
        rows = queries.of_commissioner(organisation, asked["first"], asked["last"], user=request.user)
        listed = lists.page(rows, request.GET, order=["-id"])
        lines = [(one, queries.line_of(one, asked["last"])) for one in listed.rows]
        files = [(kind, reverse("census_file", args=[organisation.pk, kind]) + form.query) for kind in ("csv", "xlsx")]
        context |= {"page": listed, "lines": lines, "files": files}
    return page(request, organisation, "referrals/census.html", active="census", **context)


@guard(permissions.can_take_census, on=Organisation)
@reads("personal")
@require_safe
def census_file(request, organisation, kind):
    """The same as CSV or XLSX, every line of it."""
    form = _form(request)
    asked = form.asked
    if kind not in {"csv", "xlsx"}:
        raise Http404
    if not asked:
        return redirect("census", organisation.pk)
    rows = queries.of_commissioner(organisation, asked["first"], asked["last"], user=request.user)
    lines = (one.cells for one in queries.streamed(rows, asked["last"]))
    name = f"census-{organisation.pk}-{asked['last'].isoformat()}.{kind}"
    if kind == "csv":
        return exports.csv_response(name, HEADINGS, lines)
    return exports.xlsx_response(name, "Census", HEADINGS, lines)


def _form(request) -> PeriodForm:
    today = clock.today()
    return PeriodForm(request.GET, first=year_begins(today), last=today)
