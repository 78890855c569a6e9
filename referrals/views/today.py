"""Where everybody is on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.states import OrganisationKind
from core import clock
from core.access import guard
from core.addresses import address
from referrals.actions import feeds as actions
from referrals.permissions import timetable as permissions
from referrals.queries import today as queries
from referrals.queries.today import Line
from referrals.rules import today as rules
from referrals.rules.today import Stands
from referrals.views.frame import page
from referrals.views.hours import COLOURS, LOOKS, bar, drawn, times, where

LINES = 200  # on a page: whoever looks for everybody looks through all of them


@dataclass(frozen=True)
class Shown:
    """A line of the table, in words."""

    stands: Stands
    colour: str
    pupil: str
    url: str
    start_url: str
    times: str
    provider: str
    site: str
    phone: str
    with_whom: str
    travel: str
    rung: str
    number: str
    nobody: str


@guard(permissions.can_see_today, on=Organisation)
@require_safe
def today(request, organisation):
    """Where an organisation's pupils are on a day, as a picture and a table."""
    at, now = clock.now(), clock.today()
    day = rules.day_asked(request.GET.get("day", ""), now)
    found = queries.day_of(organisation, day, user=request.user, at=at)
    part = Paginator(found.lines, LINES).get_page(request.GET.get("page"))
    is_provider = organisation.kind == OrganisationKind.PROVIDER
    lines = [_shown(one, request.user, is_provider=is_provider) for one in part.object_list]
    context = {
        "day": day,
        "is_today": day == now,
        "clock": localtime(at),
        "before": rules.weekday_beside(day, -1),
        "after": rules.weekday_beside(day, 1),
        "counts": [(stands, number, COLOURS[stands]) for stands, number in found.counts],
        "closed": found.closed,
        "why": "" if found.lines or found.closed else queries.nobody_because(organisation, day),
        "lines": [one for one in lines if one.stands != Stands.PAUSED],
        "paused": [one for one in lines if one.stands == Stands.PAUSED],
        "picture": drawn(_rows(part.object_list, is_provider=is_provider)),
        "part": part,
        "is_provider": is_provider,
        "is_school": organisation.kind == OrganisationKind.SCHOOL,
        "feeds_url": address("feeds", organisation.pk),
    }
    actions.note_today(organisation=organisation, day=day, by=request.user, at=at)
    return page(request, organisation, "referrals/today.html", active="today", **context)


def _rows(lines: Iterable[Line], *, is_provider: bool):
    """A row for each pupil, with bars for what takes place or should."""
    drawn_lines = [one for one in lines if one.stands in LOOKS]
    for _, held in groupby(drawn_lines, key=lambda one: (is_provider and one.row.site_id, one.placement.pupil_id)):
        held = list(held)
        bars = [
            bar(one.row, one.stands, where(one.row, None if is_provider else one.placement.provider)) for one in held
        ]
        yield held[0].placement.pupil.full_name, "", bars, ""


def _shown(line: Line, user, *, is_provider: bool) -> Shown:
    placement = line.placement
    week = permissions.can_see_week(user, placement.pupil)
    side = placement.commissioner if is_provider else placement.home_school
    return Shown(
        stands=line.stands,
        colour=COLOURS[line.stands],
        pupil=placement.pupil.full_name,
        url=address("pupil_week", placement.pupil_id) if week else address("placement", placement.pk),
        start_url=address("before_start", placement.pk) if line.stands == Stands.NOT_STARTED else "",
        times=times(line.row),
        provider=placement.provider.name,
        site=where(line.row),
        phone=line.phone,
        with_whom=side.name if side else "None",
        travel=line.travel or "Not written down",
        rung=line.cover.name if line.cover else "",
        number=line.cover.phone if line.cover else "",
        nobody=_nobody(line),
    )


def _nobody(line: Line) -> str:
    """From when to when nobody answers, in words; empty where somebody always does."""
    if list(line.gaps) == [(line.row.starts, line.row.ends)]:
        return "Nobody answers"
    spans = " and ".join(f"{first:%H:%M} to {last:%H:%M}" for first, last in line.gaps)
    return f"Nobody answers {spans}" if spans else ""
