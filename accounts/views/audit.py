"""An organisation's record, and one's own."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from accounts import permissions, record
from accounts.models import Organisation
from audit import queries
from audit.filters import RecordFilter
from audit.reads import reads
from core import charts, clock, exports, lists, pdf
from core.access import guard, signed_in

MOST_IN_PDF = 500
DAYS_DRAWN = 14
HEADINGS = ["When", "Who", "What happened", "About", "Details", "Number"]


def _narrowed(request, organisation):
    people = record.people_in_record(organisation, user=request.user)
    filter = RecordFilter(
        request.GET,
        events=record.events_of(organisation, user=request.user),
        organisation_id=organisation.pk,
        people=people,
    )
    return filter, {person.pk: person.name for person in people}


@guard(permissions.can_see_record, on=Organisation)
def audit(request, organisation):
    """What was done in the organisation, by whom, to what, newest first."""
    filter, names = _narrowed(request, organisation)
    page = lists.page(filter.qs, request.GET, order=["-at", "-id"])
    context = {
        "organisation": organisation,
        "filter": filter,
        "page": page,
        "lines": record.in_words(page.rows, names, organisation),
    }
    return render(request, "accounts/audit.html", context)


@guard(permissions.can_see_record, on=Organisation)
def audit_copies(request, organisation):
    """Copies of the record to take away, and who has taken one."""
    query = request.GET.urlencode()
    context = {
        "organisation": organisation,
        "query": f"?{query}" if query else "",
        "seen": queries.who_has_seen(organisation),
        "most_in_pdf": MOST_IN_PDF,
    }
    return render(request, "accounts/audit_copies.html", context)


@guard(permissions.can_see_record, on=Organisation)
@reads("personal")
def audit_csv(request, organisation):
    """The record as CSV, as long as it is, narrowed as the page was. Times are those of England."""
    filter, names = _narrowed(request, organisation)
    if not filter.form.is_valid():
        return redirect(_address("audit", request, organisation))  # where the panel says what is wrong
    rows = (
        [localtime(line.at).strftime("%Y-%m-%d %H:%M:%S"), line.who, line.what, line.about, line.details, line.number]
        for line in record.streamed(filter.qs, names, organisation)
    )
    return exports.csv_response(f"record-{organisation.pk}-{clock.today()}.csv", HEADINGS, rows)


@guard(permissions.can_see_record, on=Organisation)
@reads("personal")
def audit_pdf(request, organisation):
    """The record as PDF, to sign or to file, with the hash of the last seal."""
    filter, names = _narrowed(request, organisation)
    if not filter.form.is_valid():
        return redirect(_address("audit", request, organisation))  # where the panel says what is wrong
    events = list(filter.qs.order_by("-at", "-id")[: MOST_IN_PDF + 1])
    if len(events) > MOST_IN_PDF:
        messages.error(
            request,
            f"A PDF holds {MOST_IN_PDF} events, and these are more. Narrow the record to fewer days, or take the CSV.",
        )
        return redirect(_address("audit", request, organisation))
    context = {
        "organisation": organisation,
        "lines": record.in_words(events, names, organisation),
        "narrowed": filter.in_words,
        "made_by": request.user,
        "seal": queries.head(),
    }
    made = pdf.render("pdf/record.html", context, at=clock.now())
    return pdf.response(f"record-{organisation.pk}-{clock.today()}.pdf", made)


def _address(name, request, organisation) -> str:
    query = request.GET.urlencode()
    return reverse(name, args=[organisation.pk]) + (f"?{query}" if query else "")


def _chart(request, organisation) -> charts.Chart:
    days = record.days(organisation, user=request.user, today=clock.today(), number=DAYS_DRAWN)
    busiest, most = max(days, key=lambda pair: pair[1])
    return charts.Chart(
        title=f"Events on each of the last {DAYS_DRAWN} days",
        alt=f"{sum(number for _, number in days)} events in all; most on {busiest.day} {busiest:%B}, {most}."
        if most
        else "Nothing was recorded on these days.",
        label="Day",
        unit="Events",
        labels=tuple(f"{day.day} {day:%B}" for day, _ in days),
        series=(charts.Series("Events", tuple(number for _, number in days)),),
    )


@guard(permissions.can_see_record, on=Organisation)
def audit_days(request, organisation):
    """How much happened on each day."""
    context = {"organisation": organisation, "chart": _chart(request, organisation)}
    return render(request, "accounts/audit_days.html", context)


@guard(permissions.can_see_record, on=Organisation)
def audit_chart(request, organisation):
    """The picture on `audit_days`."""
    return charts.picture(charts.bars(_chart(request, organisation)))


@guard(signed_in)
def my_record(request):
    """What the portal recorded about the person who asks: what they did, or what others did about them."""
    by_others = "others" in request.GET
    events = record.own_events(user=request.user, done_by_others=by_others)
    page = lists.page(events, request.GET, order=["-at", "-id"])
    lines = record.in_words(page.rows, {request.user.pk: str(request.user)})
    return render(request, "accounts/my_record.html", {"page": page, "lines": lines, "by_others": by_others})
