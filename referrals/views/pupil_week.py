"""A pupil's week."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from audit.reads import reads
from core import clock
from core.access import guard
from core.calendars import ONE_DAY
from referrals.models import Pupil
from referrals.permissions import timetable as permissions
from referrals.queries import week as queries
from referrals.rules import today as rules
from referrals.rules.timetable import WEEKDAYS
from referrals.views.frame import page
from referrals.views.hours import COLOURS, bar, drawn, where


@guard(permissions.can_see_week, on=Pupil)
@reads("personal")
@require_safe
def pupil_week(request, pupil):
    """One pupil's week over all placements, as a picture and a table."""
    if pupil.merged_into_id:
        return redirect("pupil_week", pupil.merged_into_id)
    if pupil.purged_at:
        raise Http404
    at, today = clock.now(), clock.today()
    monday = rules.monday_of(rules.day_asked(request.GET.get("day", ""), today))
    week = queries.week_of(pupil, monday, user=request.user, at=at)
    context = {
        "pupil": pupil,
        "monday": monday,
        "friday": monday + 4 * ONE_DAY,
        "is_this_week": monday == rules.monday_of(today),
        "before": monday - 7 * ONE_DAY,
        "after": monday + 7 * ONE_DAY,
        "week": week,
        "lines": [
            {
                "held": one,
                "where": where(one.row),
                "colour": COLOURS[one.stands],
                "length": rules.length_in_words(one.minutes),
            }
            for one in week.sessions
        ],
        "picture": drawn(_rows(week, monday)),
        "total": rules.length_in_words(week.minutes),
        "usual": rules.length_in_words(week.usual),
        "full": rules.length_in_words(rules.FULL_WEEK),
        "missing": rules.length_in_words(missing) if (missing := rules.missing_of_full_week(week.usual)) else "",
    }
    return page(request, pupil.commissioner, "referrals/pupil_week.html", active="today", **context)


def _rows(week: queries.Week, monday):
    """Monday to Friday, and the days of the weekend on which there is something."""
    for number, name in enumerate(WEEKDAYS):
        day = monday + number * ONE_DAY
        held = [one for one in week.sessions if one.day == day]
        if number < 5 or held:
            bars = [bar(one.row, one.stands, where(one.row, one.placement.provider)) for one in held]
            yield f"{name} {day.day} {day:%B}", "", bars, week.why.get(day, "Nothing planned")
