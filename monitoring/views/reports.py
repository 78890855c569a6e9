"""A provider's daily report: filed, corrected, and read as it was filed."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import DayField, posted
from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from core.calendars import ONE_DAY, time_in_words
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from monitoring.actions import reports as actions
from monitoring.forms.reports import ReportForm, taken_apart
from monitoring.models import DailyReport
from monitoring.permissions import reports as permissions
from monitoring.queries import filed as filed_queries
from monitoring.queries import reports as queries
from monitoring.rules import reporting as rules
from monitoring.rules import standing
from monitoring.rules.calendar_shown import weeks_of
from monitoring.views.frame import page
from monitoring.views.report_shown import shown


@guard(permissions.can_report, on=Organisation)
def daily_report(request, organisation):
    """The report of a day, today's by default (`?day=2026-10-05`): the form while something is asked, what was filed
    after it, or that none is owed."""
    today, day = clock.today(), _day(request)
    if day is None:
        messages.warning(request, "That is not a day, so here is today’s report")
        return redirect("daily_report", organisation.pk)
    now = queries.day_of(organisation, day, queries.dues_of(organisation, day), at=clock.now(), today=today)
    form = _form(request, now) if now.dues and day <= today else None
    sent = form and request.method == "POST" and form.judged
    if sent and form.is_valid() and tried(form, partial(_file, form, organisation, day, request.user)):
        newest = queries.version_of(organisation, day)
        said = "Your correction is filed" if newest.version > 1 else "Your report is filed"
        return done(request, said, "report", newest.pk)
    context = {
        "day": day,
        "today": today,
        "form": form,
        "now": now,
        "cut_off": time_in_words(cut_off) if (cut_off := queries.cut_off_of(now)) else "",
        "figures": now.figures[queries.WHOLE],
        "buyers": {due.buyer_id: due.buyer for due in now.dues},
        "filed": now.before is not None and not now.missing and request.method != "POST" and not _corrects(request),
    }
    return page(request, organisation, "monitoring/daily_report.html", active="daily_report", **context)


def _day(request) -> dt.date | None:
    """The day that is asked for, today where none is; None for what is no day in a year that somebody could mean."""
    asked = request.GET.get("day")
    try:
        day = dt.date.fromisoformat(asked) if asked else clock.today()
    except ValueError:
        return None
    return day if DayField.EARLIEST <= day.year < DayField.LATEST else None


def _corrects(request) -> bool:
    return request.GET.get("correct") == "1"


def _apart(data) -> set[int]:
    return {int(one) for one in data.getlist("apart") if one.isdecimal() and len(one) < 19}


def _form(request, now: queries.Day) -> ReportForm:
    data, judged = posted(request), True
    apart = _apart(request.POST) | rules.differing(rules.grouped(now.asked, now.against), now.said)
    wanted = request.POST.get("take_apart", "")
    if data is not None and wanted:
        data, judged = taken_apart(data, rules.grouped(now.asked, now.against, apart), wanted), False
        apart |= _apart(data)
    return ReportForm(
        data,
        apart=apart,
        groups=rules.grouped(now.asked, now.against, apart),
        lines=now.lines,
        before=now.said,
        stood=now.stood,
        version=now.version,
        judged=judged,
    )


def _file(form: ReportForm, provider: Organisation, day: dt.date, by) -> None:
    try:
        actions.file_report(provider=provider, day=day, filed=form.filed(), by=by, at=clock.now(), today=clock.today())
    except Refused as refusal:
        if isinstance(refusal, rules.Meanwhile):
            form.see()
        raise Refused(str(refusal), field=form.own(refusal.field)) from refusal


@guard(permissions.can_report, on=Organisation)
@require_safe
def daily_reports(request, organisation):
    """What was filed, newest first, what is missing, and a term as a calendar (`?day=` lies in it)."""
    today, day = clock.today(), _day(request) or clock.today()
    first, last = standing.term_of(min(day, today), queries.calendar_terms(organisation))
    owed = filed_queries.days_owed(organisation, first, min(last, today))
    told = filed_queries.days_told(organisation, first, last, user=request.user)
    rows = filed_queries.newest_of(organisation, user=request.user)
    context = {
        "page": lists.page(rows, request.GET, order=["-day", "-id"], counted=False),
        "weeks": weeks_of(owed, told, first=first, last=min(last, today), today=today),
        "weekend": any(one.weekday() > 4 for one in owed),
        "missing": [one for one in sorted(owed, reverse=True) if owed[one]["missing"]],
        "first": first,
        "last": last,
        "earlier": first - ONE_DAY,
        "later": last + ONE_DAY if last < today else None,
    }
    return page(request, organisation, "monitoring/daily_reports.html", active="daily_reports", **context)


@guard(permissions.can_read, on=DailyReport)
@require_safe
def report(request, report):
    """One version as it was filed; a buyer's people see their own part alone."""
    context = shown(report, request.user)
    context["correct_url"] = ""
    if context["is_own"]:
        context["correct_url"] = (
            reverse("daily_report", args=[report.provider_id]) + f"?day={report.day.isoformat()}&correct=1"
        )
    return page(request, report.provider, "monitoring/report.html", active="daily_reports", **context)
