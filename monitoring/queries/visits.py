"""Reads of visits: what an organisation planned, held and missed, what a provider sees, what is asked on a visit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Membership, Organisation
from accounts.queries import calendars_for
from core.calendars import ONE_DAY
from lots.models import Place, Standard
from lots.states import FrameworkState, PlaceState
from monitoring.models import Visit, VisitAction, VisitSchedule
from monitoring.models.own import VISITS
from monitoring.rules import visits as rules
from monitoring.rules.visits import Had, Stand, Wanted
from monitoring.states import Every, Owner, VisitState
from referrals.models import Placement
from referrals.queries.running import loads_of, taking
from referrals.rules.outline import Names, telling

LOOKED_BACK = 365  # days; what was missed before stands in the record


@dataclass(frozen=True)
class Scheduled:
    """A schedule as it stands: in the week or half-term that runs (None where there is none now), and the ones that
    were missed, the last one first."""

    schedule: VisitSchedule
    now: Stand | None
    missed: tuple[Stand, ...]


def of_organisation(organisation: Organisation, *, user) -> QuerySet[Visit]:
    """The visits of a council, trust or school."""
    return Visit.objects.visible_to(user).filter(owner=organisation).defer("seen", "words")


def shared_with(organisation: Organisation, *, user) -> QuerySet[Visit]:
    """Visits of others to providers where this organisation has pupils, that their owners share, the newest first."""
    placed = _placed(organisation).running().filter(provider=OuterRef("provider")).order_by()
    rows = Visit.objects.visible_to(user).filter(Exists(placed), shared_at__isnull=False)
    return rows.exclude(owner=organisation).defer("seen", "words").order_by("-held_on", "-pk")


def had_by(provider: Organisation, *, user) -> QuerySet[Visit]:
    """What a provider sees of visits to it: announced ones, and those that were held. Nothing here tells that another
    is planned."""
    return Visit.objects.visible_to(user).filter(provider=provider, placement=None).defer("seen", "words")


def schedules_of(organisation: Organisation, *, user) -> QuerySet[VisitSchedule]:
    """Its schedules that were not ended."""
    return VisitSchedule.objects.visible_to(user).filter(owner=organisation, ended_at=None)


def actions_of(organisation: Organisation, *, user) -> QuerySet[VisitAction]:
    """What is still to be done after visits of an organisation, the earliest first."""
    return VisitAction.objects.visible_to(user).open().filter(visit__owner=organisation, visit__state=VisitState.HELD)


def actions_for(provider: Organisation, *, user) -> QuerySet[VisitAction]:
    """What a provider is still to do after visits."""
    rows = VisitAction.objects.visible_to(user).open().filter(visit__provider=provider, visit__placement=None)
    return rows.filter(owner=Owner.PROVIDER, visit__state=VisitState.HELD)


def _placed(organisation: Organisation) -> QuerySet[Placement]:
    """The placements of pupils of an organisation, of a trust's schools, and those under its frameworks."""
    ours = Q(commissioner=organisation) | Q(home_school=organisation) | Q(commissioner__parent=organisation)
    return Placement.objects.filter(ours | Q(framework__buyer=organisation))


def providers_for(organisation: Organisation) -> QuerySet[Organisation]:
    """Whom an organisation may visit: providers where it has pupils, and those on its frameworks."""
    placed = _placed(organisation).running().values("provider")
    places = Place.objects.standing().filter(framework__buyer=organisation, accepted_at__isnull=False)
    rows = Organisation.objects.filter(Q(pk__in=placed) | Q(pk__in=places.values("provider")))
    return rows.order_by("name", "pk")


def placements_for(organisation: Organisation, *, user) -> QuerySet[Placement]:
    """The pupils whom an organisation may visit where they are placed."""
    ours = Q(commissioner=organisation) | Q(home_school=organisation)
    rows = Placement.objects.visible_to(user).running().filter(ours)
    return rows.order_by("pupil__last_name", "pupil__first_names", "pk")


def scheduled(schedules: Iterable[VisitSchedule], today: dt.date) -> list[Scheduled]:
    """How each of these schedules stands. Seven queries at most, whatever their number."""
    schedules = list(schedules)
    if not schedules:
        return []
    first = max(min(one.from_on for one in schedules), today - dt.timedelta(days=LOOKED_BACK))
    days = _session_days([one for one in schedules if one.every == Every.WEEK], first, today)
    calendars = calendars_for({one.owner for one in schedules if one.every == Every.HALF_TERM})
    had = _had(schedules, first)
    found = []
    for one in schedules:
        if one.every == Every.WEEK:
            spans = rules.weeks(days[one.pk])
        else:
            spans = rules.half_terms(calendars[one.owner_id], max(one.from_on, first), today)
        wanted = Wanted(one.kind, one.from_on, one.until_on, one.placement_id)
        stood = rules.stands(wanted, spans, had[one.owner_id, one.provider_id], today)
        now = next((stand for stand in stood if today in stand.span), None)
        found.append(Scheduled(one, now, tuple(stand for stand in stood if stand.how == rules.OVERDUE)))
    return found


def _session_days(schedules: list[VisitSchedule], first: dt.date, today: dt.date) -> dict[int, set[dt.date]]:
    """On which days there is a session: of the pupil, or of any pupil of the owner at the provider."""
    found: dict[int, set[dt.date]] = defaultdict(set)
    if not schedules:
        return found
    first, last = rules.week_of(first).first, rules.week_of(today).last
    pairs, pupils = defaultdict(list), defaultdict(list)
    for one in schedules:
        if one.placement_id:
            pupils[one.placement_id].append(one.pk)
        else:
            pairs[one.owner_id, one.provider_id].append(one.pk)
    rows = Placement.objects.exclude(live_at=None).filter(starts_on__lte=last, ends_on__gte=first)
    providers = {provider for _, provider in pairs}
    rows = rows.filter(Q(pk__in=list(pupils)) | Q(provider__in=providers))
    rows = rows.select_related("provider", "commissioner", "home_school", "framework")
    loads = loads_of(rows.order_by("pk"))
    for one in taking(loads, first, last):
        placed = one.placement
        keys = list(pupils[placed.pk])
        for owner in _owners(placed):
            keys += pairs[owner, placed.provider_id]
        for key in keys:
            found[key].add(one.day)
    return found


def _owners(placement: Placement) -> set[int | None]:
    """Whose pupil it is, as schedules of a provider count: as `_placed`."""
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


def standards_for(visit: Visit) -> list[Standard]:
    """What is asked on a visit: the standards of the newest framework on which the provider has a place, one of the
    visitor's before any other; those about safeguarding first. Two queries."""
    places = Place.objects.filter(provider=visit.provider_id, state__in=[PlaceState.ACTIVE, PlaceState.SUSPENDED])
    places = places.filter(framework__state=FrameworkState.RUNNING).order_by("-framework")
    frameworks = list(places.values_list("framework", "framework__buyer").distinct())
    if not frameworks:
        return []
    chosen = next((pk for pk, buyer in frameworks if buyer == visit.owner_id), frameworks[0][0])
    rows = Standard.objects.filter(theme__version__framework=chosen).select_related("theme")
    return list(rows.order_by("-safeguarding", "theme__position", "theme", "position", "pk"))


def names_at(provider: int, text: str) -> str:
    """The first words of a text that name a pupil who is placed there; empty where there are none. One query."""
    rows = Placement.objects.running().filter(provider=provider).order_by()
    names = rows.values_list("pupil__first_names", "pupil__last_name", "pupil__known_as").distinct()
    people = {name for row in names for name in row if name}
    return telling(text, Names(people=tuple(sorted(people)))) if text and people else ""


def standing_schedule(*, owner: int, provider: int, placement: int | None, kind: str) -> bool:
    """Whether there is one of this kind already."""
    rows = VisitSchedule.objects.filter(owner=owner, provider=provider, kind=kind, ended_at=None)
    return rows.filter(placement=placement).exists()


def not_written(owners: Iterable[int], today: dt.date) -> QuerySet[Visit]:
    """Planned visits whose day has passed."""
    return Visit.objects.filter(owner__in=list(owners), state=VisitState.PLANNED, planned_on__lt=today)


def all_owners() -> list[int]:
    """Every organisation that has a schedule, a planned visit or an action to do."""
    rows = VisitSchedule.objects.filter(ended_at=None).order_by().values_list("owner", flat=True).distinct()
    planned = Visit.objects.filter(state=VisitState.PLANNED).order_by().values_list("owner", flat=True).distinct()
    to_do = VisitAction.objects.open().filter(visit__state=VisitState.HELD).order_by()
    return sorted({*rows, *planned, *to_do.values_list("visit__owner", flat=True).distinct()})


def schedules_to_watch(owner: int) -> list[VisitSchedule]:
    """An owner's schedules, with who made them."""
    rows = VisitSchedule.objects.filter(owner=owner, ended_at=None).select_related("owner", "provider")
    return list(rows.order_by("pk"))


def to_do(owner: int, today: dt.date) -> list[tuple[int, str, int | None]]:
    """(provider, whose, visitor) of an owner's actions after visits that are due within the week or late."""
    until = today + rules.SOON_DAYS * ONE_DAY
    rows = VisitAction.objects.open().filter(visit__owner=owner, visit__state=VisitState.HELD, due_on__lte=until)
    return list(rows.order_by("pk").values_list("visit__provider", "owner", F("visit__visitor")))


def visitors_of(owner: int) -> dict[int, str]:
    """Whoever visits for an organisation, and their address: those who are shown its page of visits."""
    rows = Membership.objects.live().filter(organisation=owner, role__in=VISITS).order_by("user_id")
    return dict(rows.values_list("user_id", "user__email"))
