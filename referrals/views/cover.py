"""Who answers for a commissioner when a pupil is missing: a week of it, and its lines."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock
from core.access import guard
from core.calendars import ONE_DAY
from lots.views.setting_up import done, tried
from referrals.actions import cover as actions
from referrals.forms.assurance_more import CoverForm, EndCoverForm
from referrals.models import Cover
from referrals.permissions import assurance as permissions
from referrals.queries import cover as queries
from referrals.rules.timetable import WEEKDAYS
from referrals.rules.today import day_asked, monday_of
from referrals.views.frame import page

SHORT = [one[:3] for one in WEEKDAYS]


@guard(permissions.can_see_rota, on=Organisation)
@require_safe
def rota(request, organisation):
    """Who answers on each day of a week, what nobody answers, and everybody who stands on the rota."""
    today = clock.today()
    monday = monday_of(day_asked(request.GET.get("week", ""), today))
    sees = permissions.sees_sessions(request.user, organisation)
    placements = queries.awaited(organisation, user=request.user) if sees else []
    week = queries.week_of(organisation, monday, placements)
    rows = list(queries.rota_of(organisation))
    for row in rows:
        row.days = ", ".join(SHORT[one] for one in row.weekdays)
        row.over = row.until_on is not None and row.until_on < today
    context = {
        "week": week,
        "gaps": sum(len(one.gaps) for one in week),
        "sees": sees,
        "monday": monday,
        "sunday": monday + 6 * ONE_DAY,
        "before": monday - 7 * ONE_DAY,
        "after": monday + 7 * ONE_DAY,
        "rows": [one for one in rows if not one.over],
        "writes": permissions.can_write_rota(request.user, organisation),
    }
    return page(request, organisation, "referrals/rota.html", active="rota", **context)


@guard(permissions.can_write_rota, on=Organisation)
def add_cover(request, organisation):
    """Write down who answers."""
    people = queries.colleagues_of(organisation)
    start = {"position": 1, "holidays": "no", "from_on": clock.today()}
    form = CoverForm(posted(request), people=people, submit="Add to the rota", initial=start)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.add_cover, organisation=organisation, values=form.values(), by=request.user, at=clock.now()
        )
        if tried(form, act):
            return done(request, "They stand on the rota", "rota", organisation.pk)
    context = {"form": form, "heading": "Add somebody who answers"}
    return page(request, organisation, "referrals/cover.html", active="rota", **context)


@guard(permissions.can_change_cover, on=Cover)
def change_cover(request, cover):
    """Change a line of the rota."""
    people = queries.colleagues_of(cover.commissioner_id)
    start = _values(cover)
    form = CoverForm(posted(request), people=people, submit="Save", initial=start)
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.change_cover,
            cover=cover,
            values=form.values(),
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=clock.now(),
        )
        if tried(form, act):
            return done(request, "The rota was saved", "rota", cover.commissioner_id)
        form.seen_now(queries.mark_of(cover))
    context = {"form": form, "heading": "Change who answers", "cover": cover}
    return page(request, cover.commissioner, "referrals/cover.html", active="rota", **context)


def _values(cover: Cover) -> dict:
    found = queries.facts_of(cover)
    found |= {"user": found.pop("user_id"), "holidays": "yes" if cover.holidays else "no"}
    return found | {"seen": queries.mark_of(cover)}


@guard(permissions.can_change_cover, on=Cover)
def end_cover(request, cover):
    """Say until when somebody answers, or take off who has not begun."""
    form = EndCoverForm(posted(request), initial={"last_on": _last(cover, clock.today())})
    if request.method == "POST" and form.is_valid():
        last_on = form.cleaned_data["last_on"]
        act = partial(actions.end_cover, cover=cover, last_on=last_on, by=request.user, at=clock.now())
        if tried(form, act):
            return done(request, "The rota was saved", "rota", cover.commissioner_id)
    context = {"form": form, "heading": "End who answers", "cover": cover, "ending": True}
    return page(request, cover.commissioner, "referrals/cover.html", active="rota", **context)


def _last(cover: Cover, today: dt.date) -> dt.date:
    return min(today, cover.until_on or today)
