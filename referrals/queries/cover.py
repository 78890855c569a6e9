"""Reads of rotas: who answers for a commissioner at a moment and through a week, and which sessions nobody answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.queries import calendars_for
from core.calendars import ONE_DAY
from providers.rules.seen import fingerprint
from referrals.models import Cover, Placement
from referrals.queries.running import Taking, loads_of, taking
from referrals.rules import cover as rules
from referrals.rules.cover import Answers, Times
from referrals.rules.timetable import WEEKDAYS
from referrals.states import PlacementState

FIELDS = ("name", "phone", "user_id", "position", "weekdays", "starts", "ends", "holidays", "from_on", "until_on")
SHOWN = (dt.time(8), dt.time(16))  # what the week shows of a day at least


@dataclass(frozen=True)
class Gap:
    """A session on a day in which nobody answers from time to time."""

    taking: Taking
    times: Sequence[Times]

    @property
    def in_words(self) -> str:
        day = self.taking.day
        said = " and ".join(f"{first:%H:%M} to {last:%H:%M}" for first, last in self.times)
        return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}, {said}"


@dataclass(frozen=True)
class Turn:
    """Hours of a day with whoever is rung in them; nobody where it is empty."""

    starts: dt.time
    ends: dt.time
    cover: Cover | None


@dataclass(frozen=True)
class Day:
    """A day of a rota: who is rung first and second, and the sessions that nobody answers."""

    day: dt.date
    school_open: bool
    first: Sequence[Turn]
    second: Sequence[Turn]
    gaps: Sequence[Gap]


def rota_of(commissioner: Organisation | int) -> QuerySet[Cover]:
    """The lines that stand, with those that have run out, in the order in which people are asked."""
    return Cover.objects.standing().filter(commissioner=commissioner).select_related("user")


def who_answers(commissioner: Organisation, at: dt.datetime) -> list[Cover]:
    """Who answers for a commissioner at a moment (UTC), the first one first. Two queries."""
    return who_answer([commissioner], at)[commissioner.pk]


def who_answer(commissioners: Iterable[Organisation], at: dt.datetime) -> dict[int, list[Cover]]:
    """The same for several commissioners, by their keys. Two queries."""
    commissioners = list(commissioners)
    local, calendars = timezone.localtime(at), calendars_for(commissioners)
    rows: dict[int, dict[int, Cover]] = {one.pk: {} for one in commissioners}
    for row in Cover.objects.standing().filter(commissioner__in=rows).select_related("user"):
        rows[row.commissioner_id][row.pk] = row
    found = {}
    for key, rota in rows.items():
        is_open = calendars[key].is_open(local.date())
        order = rules.covers(_lines(rota.values()), local.date(), local.time(), school_open=is_open)
        found[key] = [rota[one] for one in order]
    return found


def facts_of(cover: Cover) -> dict:
    """What a form shows of a line."""
    return {name: getattr(cover, name) for name in FIELDS}


def mark_of(cover: Cover) -> str:
    """What a page saw of a line."""
    return fingerprint(facts_of(cover))


def colleagues_of(organisation: Organisation | int) -> list[User]:
    """Who belongs to an organisation now, by name."""
    rows = Membership.objects.live().filter(organisation=organisation)
    return list(User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("name", "pk"))


def gaps_between(placements: Iterable[Placement], first: dt.date, last: dt.date) -> list[Gap]:
    """The sessions of these placements from `first` to `last`, both counted, in which nobody answers for the
    commissioner from beginning to end. Four queries, or none where there is no placement."""
    placements = list(placements)
    loads = loads_of(placements)
    rotas: dict[int, list[Answers]] = {}
    for row in Cover.objects.standing().filter(commissioner__in={one.commissioner_id for one in placements}):
        rotas.setdefault(row.commissioner_id, []).append(_line(row))
    return _gaps(taking(loads, first, last), rotas, {key: load.course.school for key, load in loads.items()})


def awaited(commissioner: Organisation, *, user) -> QuerySet[Placement]:
    """The placements of a commissioner that run, or are to start."""
    rows = Placement.objects.visible_to(user).filter(commissioner=commissioner)
    return rows.filter(state__in=[PlacementState.ASSURANCE, PlacementState.LIVE])


def week_of(commissioner: Organisation, monday: dt.date, placements: Iterable[Placement]) -> list[Day]:
    """Each weekday of a week with whoever answers, and the sessions of these placements that nobody answers; a Saturday
    or Sunday only where there is one. Six queries."""
    rows = {one.pk: one for one in rota_of(commissioner)}
    calendar = calendars_for([commissioner])[commissioner.pk]
    gaps = gaps_between(placements, monday, monday + 6 * ONE_DAY)
    lines, found = _lines(rows.values()), []
    for ahead in range(7):
        day = monday + ahead * ONE_DAY
        is_open = calendar.is_open(day)
        held = rules.on_day(lines, day, school_open=is_open)
        missed = [one for one in gaps if one.taking.day == day]
        if ahead > 4 and not held and not missed:
            continue
        first = min([SHOWN[0], *(one.starts for one in held)])
        last = max([SHOWN[1], *(one.ends for one in held)])
        whole = rules.watches(held, day, first, last, school_open=is_open)
        turns = [
            [Turn(starts, ends, rows.get(key)) for starts, ends, key in rules.turns(whole, number)] for number in (0, 1)
        ]
        found.append(Day(day, is_open, *turns, missed))
    return found


def _gaps(sessions: Iterable[Taking], rotas: Mapping[int, list[Answers]], calendars) -> list[Gap]:
    found = []
    for one in sessions:
        rota = rotas.get(one.placement.commissioner_id, [])
        is_open = calendars[one.placement.pk].is_open(one.day)
        times = rules.gaps(rota, one.day, one.row.starts, one.row.ends, school_open=is_open)
        if times:
            found.append(Gap(one, times))
    return found


def _lines(rows: Iterable[Cover]) -> list[Answers]:
    return [_line(one) for one in rows]


def _line(one: Cover) -> Answers:
    return Answers(
        one.pk, one.position, tuple(one.weekdays), one.starts, one.ends, one.holidays, one.from_on, one.until_on
    )
