"""Reads of visits: what an organisation planned and held, what a provider sees, what is asked on a visit."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from lots.models import Place, Standard
from lots.states import FrameworkState, PlaceState
from monitoring.models import Visit, VisitAction, VisitSchedule
from monitoring.states import Owner, VisitState
from referrals.models import Placement
from referrals.rules.outline import Names, telling


def of_organisation(organisation: Organisation, *, user) -> QuerySet[Visit]:
    """The visits of a council, trust or school."""
    return Visit.objects.visible_to(user).filter(owner=organisation).defer("seen", "words")


def shared_with(organisation: Organisation, *, user) -> QuerySet[Visit]:
    """Visits of others to providers where this organisation has pupils, that their owners share."""
    placed = placed_by(organisation).running().filter(provider=OuterRef("provider")).order_by()
    rows = Visit.objects.visible_to(user).filter(Exists(placed), shared_at__isnull=False)
    return rows.exclude(owner=organisation).defer("seen", "words")


def had_by(provider: Organisation, *, user) -> QuerySet[Visit]:
    """What a provider sees of visits to it: announced ones, and those that were held. Nothing here tells that another
    is planned."""
    return Visit.objects.visible_to(user).filter(provider=provider, placement=None).defer("seen", "words")


def actions_of(organisation: Organisation, *, user) -> QuerySet[VisitAction]:
    """What is still to be done after visits of an organisation, the earliest first."""
    return VisitAction.objects.visible_to(user).open().filter(visit__owner=organisation, visit__state=VisitState.HELD)


def actions_for(provider: Organisation, *, user) -> QuerySet[VisitAction]:
    """What a provider is still to do after visits."""
    rows = VisitAction.objects.visible_to(user).open().filter(visit__provider=provider, visit__placement=None)
    return rows.filter(owner=Owner.PROVIDER, visit__state=VisitState.HELD)


def placed_by(organisation: Organisation) -> QuerySet[Placement]:
    """The placements of pupils of an organisation, of a trust's schools, and those under its frameworks."""
    ours = Q(commissioner=organisation) | Q(home_school=organisation) | Q(commissioner__parent=organisation)
    return Placement.objects.filter(ours | Q(framework__buyer=organisation))


def providers_for(organisation: Organisation) -> QuerySet[Organisation]:
    """Whom an organisation may visit: providers where it has pupils, and those on its frameworks."""
    placed = placed_by(organisation).running().values("provider")
    places = Place.objects.standing().filter(framework__buyer=organisation, accepted_at__isnull=False)
    rows = Organisation.objects.filter(Q(pk__in=placed) | Q(pk__in=places.values("provider")))
    return rows.order_by("name", "pk")


def placements_for(organisation: Organisation, *, user) -> QuerySet[Placement]:
    """The pupils whom an organisation may visit where they are placed."""
    ours = Q(commissioner=organisation) | Q(home_school=organisation)
    rows = Placement.objects.visible_to(user).running().filter(ours)
    return rows.order_by("pupil__last_name", "pupil__first_names", "pk")


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
