"""Which sessions of which placements take place when: the rule of `referrals.rules.running` over what is written down.
How many placements there are changes no number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, QuerySet

from accounts.queries import calendars_for
from core.calendars import Calendar
from referrals.models import Pause, Placement, WeeklySession
from referrals.rules.running import Course, Span, Weekly, occurrences


@dataclass(frozen=True)
class Load:
    """A placement with what bounds it and its weekly sessions; `rows` are the same by their keys, with their sites."""

    placement: Placement
    course: Course
    sessions: tuple[Weekly, ...]
    rows: Mapping[int, WeeklySession]


@dataclass(frozen=True)
class Taking:
    """One session that takes place on one day."""

    day: dt.date
    placement: Placement
    row: WeeklySession


@dataclass(frozen=True)
class Week:
    """A placement with its weekly sessions and its pauses."""

    placement: Placement
    sessions: tuple[Weekly, ...]
    pauses: tuple[Span, ...]


def weekly_of(row: WeeklySession) -> Weekly:
    """A row as the rules need it."""
    return Weekly(row.pk, row.weekday, row.starts, row.ends, row.runs, row.from_on, row.until_on)


def last_day_of(placement: Placement) -> dt.date:
    """The earlier of the end agreed and the end that came."""
    return min(placement.ends_on, placement.ended_on or placement.ends_on)


def loads_of(placements: Iterable[Placement]) -> dict[int, Load]:
    """Each placement's course and week, by its key, in the order given. Three queries, or none where there is no
    placement. The rows bring `provider`, `commissioner` and `home_school` along, as `visible_to` does; which states
    count is the caller's choice."""
    placements = list(placements)
    if not placements:
        return {}
    keys = [one.pk for one in placements]
    rows: dict[int, dict[int, WeeklySession]] = defaultdict(dict)
    for row in WeeklySession.objects.filter(placement__in=keys).select_related("site"):
        rows[row.placement_id][row.pk] = row
    pauses = defaultdict(list)
    for placement, *span in Pause.objects.filter(placement__in=keys).values_list("placement", "from_on", "until_on"):
        pauses[placement].append(tuple(span))
    calendars = calendars_for({party for one in placements for party in (one.provider, school_of(one))})
    return {one.pk: _load(one, rows[one.pk], tuple(pauses[one.pk]), calendars) for one in placements}


def school_of(placement: Placement):
    """Whose days are the school days of a placement: the home school's, and without one the commissioner's."""
    return placement.home_school or placement.commissioner


def _load(placement: Placement, rows, pauses, calendars: Mapping[int, Calendar]) -> Load:
    course = course_of(placement, pauses, calendars)
    return Load(placement, course, tuple(weekly_of(row) for row in rows.values()), rows)


def course_of(placement: Placement, pauses: tuple[Span, ...], calendars: Mapping[int, Calendar]) -> Course:
    """What bounds a placement's sessions, by the calendars of its provider and of its school."""
    return Course(
        first=placement.starts_on,
        last=last_day_of(placement),
        pauses=pauses,
        school=calendars[school_of(placement).pk],
        provider=calendars[placement.provider_id],
    )


def weeks_of(placements: QuerySet[Placement]) -> list[Week]:
    """The weekly sessions and pauses of placements, in order of the placement. One query, for whoever asks for the
    calendars with others."""
    rows = WeeklySession.objects.filter(placement__in=placements.order_by().values("pk")).defer("address")
    rows = rows.select_related(
        *(f"placement__{one}" for one in ("provider", "commissioner", "home_school", "framework"))
    )
    pause = {name: F(f"placement__pauses__{name}") for name in ("from_on", "until_on")}
    rows = rows.annotate(pause_from=pause["from_on"], pause_until=pause["until_on"]).order_by("placement", "pk")
    found = []
    for _, held in groupby(rows, key=lambda row: row.placement_id):
        held = list(held)
        sessions = {row.pk: weekly_of(row) for row in held}
        pauses = {(row.pause_from, row.pause_until) for row in held if row.pause_from}
        found.append(Week(held[0].placement, tuple(sessions.values()), tuple(pauses)))
    return found


def sessions_between(placements: Iterable[Placement], first: dt.date, last: dt.date) -> list[Taking]:
    """Every session of these placements that takes place from `first` to `last`, both counted, in order of day, time
    and placement. Three queries, as `loads_of`."""
    return taking(loads_of(placements), first, last)


def taking(loads: Mapping[int, Load], first: dt.date, last: dt.date) -> list[Taking]:
    """The same of placements that are loaded."""
    found = [
        Taking(day, load.placement, load.rows[weekly.key])
        for load in loads.values()
        for day, weekly in occurrences(load.sessions, load.course, first, last)
    ]
    return sorted(found, key=lambda one: (one.day, one.row.starts, one.row.ends, one.placement.pk, one.row.pk))
