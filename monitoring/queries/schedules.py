"""Reads of schedules of visits: which visits are due and which were missed, for a page and for reminders. How many
there are changes no number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Membership, Organisation
from accounts.queries import calendars_for
from core.calendars import ONE_DAY, Calendar
from monitoring.models import Visit, VisitAction, VisitSchedule
from monitoring.models.own import VISITS
from monitoring.rules import visits as rules
from monitoring.rules.visits import Had, Stand, Wanted
from monitoring.states import Every, VisitState
from referrals.models import Placement
from referrals.queries.running import Week, course_of, school_of, weeks_of
from referrals.rules.running import occurrences

LOOKED_BACK = 365  # days; what was missed before stands in the record


@dataclass(frozen=True)
class Scheduled:
    """A schedule as it stands: in the week or half-term that runs (None where there is none now), and the ones that
    were missed, the last one first."""

    schedule: VisitSchedule
    now: Stand | None
    missed: tuple[Stand, ...]


@dataclass(frozen=True)
class ToDo:
    """An action after a visit that is due: whose, and who visited."""

    organisation: int
    provider: int
    whose: str
    visitor: int | None


def schedules_of(organisation: Organisation, *, user) -> QuerySet[VisitSchedule]:
    """Its schedules that were not ended."""
    return VisitSchedule.objects.visible_to(user).filter(owner=organisation, ended_at=None)


def scheduled(schedules: Iterable[VisitSchedule], today: dt.date) -> list[Scheduled]:
    """How each of these schedules stands. Three queries at most, whatever their number."""
    schedules = list(schedules)
    if not schedules:
        return []
    first = max(min(one.from_on for one in schedules), today - dt.timedelta(days=LOOKED_BACK))
    weekly = [one for one in schedules if one.every == Every.WEEK]
    placed = _placed(weekly, *_weeks_between(first, today))
    calendars = calendars_for(
        {one.owner for one in schedules if one.every == Every.HALF_TERM}
        | {party for week in placed for party in (week.placement.provider, school_of(week.placement))}
    )
    spans = _weeks_with_a_session(weekly, placed, calendars, *_weeks_between(first, today))
    had = _had(schedules, first)
    found = []
    for one in schedules:
        if one.every == Every.WEEK:
            own = rules.weeks(spans[one.pk])
        else:
            own = rules.half_terms(calendars[one.owner_id], max(one.from_on, first), today)
        wanted = Wanted(one.kind, one.from_on, one.until_on, one.placement_id)
        stood = rules.stands(wanted, own, had[one.owner_id, one.provider_id], today)
        now = next((stand for stand in stood if today in stand.span), None)
        found.append(Scheduled(one, now, tuple(stand for stand in stood if stand.how == rules.OVERDUE)))
    return found


def _weeks_between(first: dt.date, today: dt.date) -> tuple[dt.date, dt.date]:
    """From the Monday of one day to the Sunday of another."""
    return rules.week_of(first).first, rules.week_of(today).last


def _placed(schedules: list[VisitSchedule], first: dt.date, last: dt.date) -> list[Week]:
    """The weeks of the placements that weekly schedules are about: the pupil's own, or all at the provider."""
    if not schedules:
        return []
    rows = Placement.objects.exclude(live_at=None).filter(starts_on__lte=last, ends_on__gte=first)
    pupils = [one.placement_id for one in schedules if one.placement_id]
    providers = {one.provider_id for one in schedules if not one.placement_id}
    return weeks_of(rows.filter(Q(pk__in=pupils) | Q(provider__in=providers)))


def _weeks_with_a_session(
    schedules: list[VisitSchedule], placed: list[Week], calendars: Mapping[int, Calendar], first: dt.date, last: dt.date
) -> dict[int, set[dt.date]]:
    """For each weekly schedule, a day of every week with a session: of the pupil, or of any pupil of the owner at the
    provider."""
    found: dict[int, set[dt.date]] = defaultdict(set)
    pairs, pupils = defaultdict(list), defaultdict(list)
    for one in schedules:
        if one.placement_id:
            pupils[one.placement_id].append(one.pk)
        else:
            pairs[one.owner_id, one.provider_id].append(one.pk)
    for one in placed:
        placement = one.placement
        keys = list(pupils[placement.pk])
        for owner in _owners(placement):
            keys += pairs[owner, placement.provider_id]
        if not keys:
            continue
        course = course_of(placement, one.pauses, calendars)
        mondays = {rules.week_of(day).first for day, _ in occurrences(one.sessions, course, first, last)}
        for key in keys:
            found[key] |= mondays
    return found


def _owners(placement: Placement) -> set[int | None]:
    """Whose pupil it is, as schedules of a provider count: as `queries.visits.placed_by`."""
    buyer = placement.framework.buyer_id if placement.framework else None
    return {placement.commissioner_id, placement.home_school_id, placement.commissioner.parent_id, buyer} - {None}


def _had(schedules: list[VisitSchedule], first: dt.date) -> dict[tuple[int, int], list[Had]]:
    """Held visits to these providers since a day, for each owner and provider: its own, and those that others share."""
    owners = {one.owner_id for one in schedules}
    found: dict[tuple[int, int], list[Had]] = defaultdict(list)
    asking: dict[int, set[int]] = defaultdict(set)
    for one in schedules:
        asking[one.provider_id].add(one.owner_id)
    since = first - dt.timedelta(days=rules.LONGEST_HALF)
    rows = Visit.objects.filter(provider__in=list(asking), state=VisitState.HELD, held_on__gte=since)
    rows = rows.filter(Q(owner__in=owners) | Q(shared_at__isnull=False)).order_by("held_on", "pk")
    names = ("owner", "owner__name", "provider", "kind", "held_on", "placement", "shared_at")
    for owner, name, provider, kind, on, placement, shared in rows.values_list(*names):
        for asks in asking[provider]:
            if asks == owner:
                found[asks, provider].append(Had(kind, on, placement))
            elif shared:
                found[asks, provider].append(Had(kind, on, placement, ours=False, whose=name))
    return found


def all_owners() -> list[int]:
    """Every organisation that has a schedule, a planned visit or an action to do. One query."""
    rows = VisitSchedule.objects.filter(ended_at=None).order_by().values_list("owner")
    planned = Visit.objects.filter(state=VisitState.PLANNED).order_by().values_list("owner")
    to_do = VisitAction.objects.open().filter(visit__state=VisitState.HELD).order_by().values_list("visit__owner")
    return sorted(owner for (owner,) in rows.union(planned, to_do))


def all_to_watch(owners: Iterable[int]) -> list[VisitSchedule]:
    """The schedules of these organisations that were not ended."""
    rows = VisitSchedule.objects.filter(owner__in=list(owners), ended_at=None).select_related("owner", "provider")
    return list(rows.order_by("pk"))


def all_not_written(owners: Iterable[int], today: dt.date) -> QuerySet[Visit]:
    """Planned visits of these organisations whose day has passed."""
    rows = Visit.objects.filter(owner__in=list(owners), state=VisitState.PLANNED, planned_on__lt=today)
    return rows.only("owner", "visitor", "planned_by")


def all_to_do(owners: Iterable[int], today: dt.date) -> list[ToDo]:
    """The actions after visits of these organisations that are due within the week or late."""
    until = today + rules.SOON_DAYS * ONE_DAY
    rows = VisitAction.objects.open().filter(visit__owner__in=list(owners), visit__state=VisitState.HELD)
    names = ("visit__owner", "visit__provider", "owner", "visit__visitor")
    return [ToDo(*row) for row in rows.filter(due_on__lte=until).order_by("pk").values_list(*names)]


def all_visitors(owners: Iterable[int]) -> dict[int, dict[int, str]]:
    """Whoever visits for each of these organisations, and their address: those who are shown its page of visits."""
    rows = Membership.objects.live().filter(organisation__in=list(owners), role__in=VISITS).order_by("user_id")
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for owner, user, address in rows.values_list("organisation", "user_id", "user__email"):
        found[owner][user] = address
    return found
