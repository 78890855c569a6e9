"""Registers as their takers see them: a day's sessions by site and start, a tap for each pupil."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import tried
from monitoring.actions import listing
from monitoring.actions import registers as actions
from monitoring.forms.registers import REASONS, MarkForm, RestForm
from monitoring.models import Session
from monitoring.permissions import registers as permissions
from monitoring.queries import registers as queries
from monitoring.views.frame import page
from monitoring.views.register_rows import groups, line, part_of, place, said, times
from referrals.rules.today import day_asked, weekday_beside

SAVED, REFUSED = 201, 422  # what the script is told; a mark is in the record as a mark, not as a reading


@guard(permissions.can_see_registers, on=Organisation)
@reads("personal")
@require_safe
def registers(request, organisation):
    """A provider's sessions of a day, by site and start."""
    at, today = clock.now(), clock.today()
    day = day_asked(request.GET.get("day", ""), today)
    rows = queries.by_place(queries.sessions_of(organisation, day, user=request.user))
    sites, site = None, None
    if asked := request.GET.get("site", ""):
        sites = queries.sites_of(organisation, day, user=request.user)
        site = _site(asked, sites)
    if site is not None:
        rows = rows.filter(site=site or None)
    sessions, part = part_of(rows, request.GET.get("page", ""))
    if sites is None and part is None:
        sites = list(dict.fromkeys((one.site_id, place(one)) for one in sessions))
    elif sites is None:
        sites = queries.sites_of(organisation, day, user=request.user)
    alerts = queries.alerts_of(sessions)
    lines = [line(one, alerts.get(one.pk, ()), at=at, today=today) for one in sessions]
    context = {
        "day": day,
        "is_today": day == today,
        "clock": localtime(at),
        "before": weekday_beside(day, -1),
        "after": weekday_beside(day, 1) if day < today else None,
        "sites": [(key or 0, name) for key, name in sites],
        "site": site,
        "groups": groups(lines),
        "reasons": REASONS,
        "taken": sum(bool(one.mark) for one in lines),
        "of": sum(one.session.state == "expected" for one in lines),
        "part": part,
    }
    return page(request, organisation, "monitoring/registers.html", active="registers", **context)


@guard(permissions.can_mark, on=Session)
@reads("personal")
def mark_session(request, session):
    """Mark one pupil: from a button of the register, from its script, or from this page with times and reason."""
    stands = queries.stands_in(session)
    form, stood = MarkForm(posted(request), stands=stands), []
    act, made = partial(_mark, form, session, request.user), session.entries_made
    if request.method == "POST" and form.is_valid() and tried(form, lambda: stood.append(act())):
        site = form.cleaned_data["site"]
        if _is_script(request):
            marked = [session.pk] if stood[0].entries_made > made else []
            return _rows(request, session.provider, [session.pk], site, marked)
        [now] = queries.rows_of([session.pk], user=request.user)
        messages.success(request, f"Saved: {now.get_mark_display() if now.mark else 'not marked yet'}")
        return redirect(_register_of(session.provider_id, session.day, site) + f"#session-{session.pk}")
    if _is_script(request):
        return _refused(form)
    context = {
        "session": session,
        "name": session.placement.whom,
        "times": times(session),
        "place": place(session),
        "form": form,
        "back": _register_of(session.provider_id, session.day, None),
    }
    return page(request, session.provider, "monitoring/mark_session.html", active="registers", **context)


@guard(permissions.can_see_registers, on=Organisation)
@require_POST
def mark_rest(request, organisation):
    """Mark everybody else of a group as present, in one tap."""
    form = RestForm(request.POST)
    if not form.is_valid():
        return _refused(form) if _is_script(request) else _back(request, organisation, form, _first_error(form))
    keys = form.cleaned_data["keys"]
    done = actions.mark_rest(organisation=organisation, keys=keys, by=request.user, at=clock.now(), today=clock.today())
    if _is_script(request):
        return _rows(request, organisation, keys, form.cleaned_data["site"], done)
    pupils = "1 pupil is" if len(done) == 1 else f"{len(done)} pupils are"
    return _back(request, organisation, form, f"{pupils} marked as present", good=True)


@guard(permissions.can_see_entries, on=Session)
@reads("personal")
@require_safe
def session_entries(request, session):
    """Everything that was marked of one pupil in one session, in order, with corrections."""
    entries = queries.entries_of(session, user=request.user)
    context = {
        "session": session,
        "name": session.placement.whom,
        "times": times(session),
        "place": place(session),
        "entries": [(one, said(one), queries.said_in(one).note) for one in entries],
        "can_mark": permissions.can_mark(request.user, session),
    }
    ours = session.provider if context["can_mark"] else session.commissioner
    return page(request, ours, "monitoring/session_entries.html", active="registers", **context)


def _mark(form: MarkForm, session: Session, by) -> Session:
    return actions.mark(
        session=session,
        mark=form.marked,
        told=form.told(),
        key=form.cleaned_data["key"],
        waited=form.waited,
        by=by,
        at=clock.now(),
        today=clock.today(),
    )


def _rows(request, organisation, keys, site: int | None, marked) -> JsonResponse:
    """The lines as they stand now, by session, for the script. Of those whom this request marked, the mark stands in
    the record; that others were shown is noted besides."""
    at, today = clock.now(), clock.today()
    sessions = [one for one in queries.rows_of(keys, user=request.user) if one.provider_id == organisation.pk]
    others = {one.pk for one in sessions} - set(marked)
    listing.note_pupils(organisation=organisation, number=len(others), by=request.user, at=at)
    alerts = queries.alerts_of(sessions)
    lines = [line(one, alerts.get(one.pk, ()), at=at, today=today) for one in sessions]
    drawn = {
        str(one.session.pk): render_to_string(
            "monitoring/parts/register_row.html", {"one": one, "site": site, "reasons": REASONS}, request=request
        )
        for one in lines
    }
    return JsonResponse({"state": "saved", "rows": drawn}, status=SAVED)


def _refused(form) -> JsonResponse:
    return JsonResponse({"state": "refused", "said": _first_error(form)}, status=REFUSED)


def _first_error(form) -> str:
    return next(iter(form.errors.values()))[0] if form.errors else "Send a mark"


def _back(request, organisation, form, words: str, *, good: bool = False):
    (messages.success if good else messages.error)(request, words)
    said = getattr(form, "cleaned_data", {})
    return redirect(_register_of(organisation.pk, said.get("day"), said.get("site")))


def _register_of(organisation: int, day, site: int | None) -> str:
    asked = ({"day": day.isoformat()} if day else {}) | ({"site": site} if site is not None else {})
    address = reverse("registers", args=[organisation])
    return f"{address}?{urlencode(asked)}" if asked else address


def _site(text: str, sites) -> int | None:
    """The site that is asked for, where sessions are there that day; 0 is none of the provider's own."""
    known = {str(key or 0): key or 0 for key, _ in sites}
    return known.get(text)


def _is_script(request) -> bool:
    return request.method == "POST" and request.headers.get("Accept") == "application/json"
