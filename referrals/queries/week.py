"""One pupil's week over all placements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.queries import calendars_and_closures_for
from core.calendars import ONE_DAY
from referrals.models import Placement, Pupil, WeeklySession
from referrals.queries.running import Load, last_day_of, loads_of, school_of, taking
from referrals.queries.today import KNOWN, has_begun, why_closed
from referrals.rules import today as rules
from referrals.rules.running import Course, Weekly, minutes_a_week
from referrals.rules.timetable import WEEKDAYS
from referrals.rules.today import Stands
from referrals.states import Runs

CHANGES_SHOWN = 30


@dataclass(frozen=True)
class Held:
    """A session of the week, and how it stands."""

    day: dt.date
    placement: Placement
    row: WeeklySession
    stands: Stands

    @property
    def minutes(self) -> int:
        return (self.row.ends.hour - self.row.starts.hour) * 60 + self.row.ends.minute - self.row.starts.minute


@dataclass(frozen=True)
class Change:
    """What changes on a day, and in which placement."""

    day: dt.date
    placement: Placement
    words: str


@dataclass(frozen=True)
class Week:
    """From Monday on. `minutes` are those of this week's sessions that take place, `usual` those of a week without
    closures and pauses, by the sessions that hold on its Monday or begin in it. `why` says of a day without a session
    that would have had one why it has none."""

    sessions: list[Held]
    minutes: int
    usual: int
    changes: list[Change]
    why: dict[dt.date, str]


def week_of(pupil: Pupil, monday: dt.date, *, user, at: dt.datetime) -> Week:
    """A pupil's week as it stands at this moment. Five queries."""
    loads = loads_of(Placement.objects.visible_to(user).filter(pupil=pupil, state__in=KNOWN).order_by("id"))
    local = timezone.localtime(at)
    sessions = []
    for one in taking(loads, monday, monday + 6 * ONE_DAY):
        stands = rules.stands(
            day=one.day,
            starts=one.row.starts,
            ends=one.row.ends,
            begun=has_begun(one.placement, one.day),
            paused=False,
            runs=True,
            today=local.date(),
            time=local.time(),
        )
        sessions.append(Held(one.day, one.placement, one.row, stands))
    return Week(
        sessions=sessions,
        minutes=sum(one.minutes for one in sessions if one.stands.takes_place),
        usual=sum(_usual(load, monday) for load in loads.values()),
        changes=sorted(_changes(loads.values(), monday), key=lambda one: (one.day, one.placement.pk))[:CHANGES_SHOWN],
        why=_why(list(loads.values()), monday, {one.day for one in sessions}),
    )


def _why(loads: list[Load], monday: dt.date, taken: set[dt.date]) -> dict[dt.date, str]:
    parties = {party for load in loads for party in (school_of(load.placement), load.placement.provider)}
    _, closures = calendars_and_closures_for(parties) if parties else ({}, {})
    found = {}
    for day in (monday + number * ONE_DAY for number in range(5)):
        for load in loads if day not in taken else ():
            if _minutes_on(load.sessions, load.course, day):
                school = why_closed(school_of(load.placement), day, load.course.school, closures)
                provider = why_closed(load.placement.provider, day, load.course.provider, closures)
                found.setdefault(day, school or provider or "Paused")
    return found


def _minutes_on(sessions: Iterable[Weekly], course: Course, day: dt.date) -> int:
    """How long the sessions are that this weekday would have on a day, whoever is closed or pauses."""
    held = [one for one in sessions if one.weekday == day.weekday()] if course.first <= day <= course.last else []
    return minutes_a_week(held, day)


def _usual(load: Load, monday: dt.date) -> int:
    first, last = max(load.course.first, monday), load.course.last
    return minutes_a_week(load.sessions, first) if first <= last and first < monday + 7 * ONE_DAY else 0


def _changes(loads: Iterable[Load], monday: dt.date) -> list[Change]:
    """What begins and ends from this week on."""
    found = []
    for load in loads:
        first, last = load.course.first, load.course.last
        told = [(first, "First day"), (last_day_of(load.placement), "Last day")]
        for row in load.rows.values():
            name = f"{WEEKDAYS[row.weekday]} {row.starts:%H:%M} to {row.ends:%H:%M}"
            if row.runs == Runs.DATES:
                told.append((row.from_on, f"One session more, {name}"))
                continue
            told += [(row.from_on, f"{name} begins")] if row.from_on > first else []
            told += [(row.until_on, f"{name} ends")] if row.until_on and row.until_on < last else []
        for from_on, until_on in load.course.pauses:
            told.append((from_on, "Pause begins"))
            told += [(until_on, "Pause ends")] if until_on else []
        found += [Change(day, load.placement, words) for day, words in told if day >= monday]
    return found
