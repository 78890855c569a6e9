"""Attendance codes that follow from the registers: suggestions with their reasons, for the school to decide."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from audit.reads import reads
from core import clock, exports, lists
from core.access import guard
from monitoring.forms.registers import DaysForm
from monitoring.permissions import registers as permissions
from monitoring.queries import codes as queries
from monitoring.views.frame import page

PER_DAY, PER_WEEK = 50, 10  # pupils on a page: a week has five days of each


@guard(permissions.can_watch, on=Organisation)
@reads("personal")
@require_safe
def attendance_codes(request, organisation):
    """Each pupil's half-days of a day or a week."""
    form = DaysForm(request.GET, day=clock.today())
    context = {"form": form, "page": None, "live_url": reverse("live_registers", args=[organisation.pk])}
    if asked := form.asked:
        first, last = asked
        sessions = queries.sessions_between(organisation, first, last, user=request.user)
        pupils = queries.pupils_with(sessions)
        per = PER_DAY if first == last else PER_WEEK
        listed = lists.page(pupils, request.GET, order=["last_name", "first_names", "id"], per=per, discreet=True)
        files = [
            (kind, reverse("export_attendance", args=[organisation.pk, kind]) + form.query) for kind in ("csv", "xlsx")
        ]
        rows = queries.rows_of(sessions, listed.rows) if listed.rows else []
        context |= {"page": listed, "rows": rows, "files": files, "first": first, "last": last}
    return page(request, organisation, "monitoring/attendance_codes.html", active="live_registers", **context)


@guard(permissions.can_watch, on=Organisation)
@reads("personal")
@require_safe
def export_attendance(request, organisation, kind):
    """The same as CSV or XLSX, every line of it."""
    if kind not in {"csv", "xlsx"}:
        raise Http404
    form = DaysForm(request.GET, day=clock.today())
    if not form.asked:
        return redirect("attendance_codes", organisation.pk)
    first, last = form.asked
    lines = queries.streamed(queries.sessions_between(organisation, first, last, user=request.user))
    name = f"attendance-{organisation.pk}-{first.isoformat()}-{last.isoformat()}.{kind}"
    if kind == "csv":
        return exports.csv_response(name, queries.HEADINGS, lines)
    return exports.xlsx_response(name, "Attendance", queries.HEADINGS, lines)
