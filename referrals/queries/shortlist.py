"""What stands on a shortlist, and one place's page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from lots.models import Place, PlacePrice
from lots.queries import call_off
from lots.queries.places import suspension_in_force
from lots.states import Cause, PlaceState
from providers.models import Insurance
from providers.queries import profiles
from providers.queries.profiles import PublicProfile
from referrals.models import Shortlisted
from referrals.queries.directory import LotThere, lots_for, offered
from referrals.queries.results import free_of

# Never looked at by a school: a place that nobody has taken up.
_TAKEN_UP = [PlaceState.ACTIVE, PlaceState.SUSPENDED, PlaceState.ENDED]


def place_for(organisation: Organisation, pk: int) -> Place | None:
    """A place on a framework that the organisation may use, taken up by its provider, or None. The caller's door has
    let the person into the organisation."""
    rows = Place.objects.filter(pk=pk, state__in=_TAKEN_UP, active_from__isnull=False)
    rows = rows.filter(framework__in=call_off.all_usable_by(organisation).values("pk"))
    return rows.select_related("provider", "lot", "sub_lot", "framework__buyer", "framework__policies").first()


def is_offered(place: Place, *, at: dt.datetime) -> bool:
    """The place can be called off at `at` (`queries.directory.offered`)."""
    lot = LotThere(place.lot_id, place.framework_id, "", place.framework.buyer_id, "", "", {})
    return offered({place.lot_id: lot}, day=timezone.localdate(at)).filter(pk=place.pk).exists()


@dataclass(frozen=True)
class Provision:
    """Everything that a school chooses a place by. `free` are halves of the week, None where the provider has confirmed
    nothing lately. `elsewhere` are causes of suspensions in force with other buyers. `shortlisted` is the row of this
    organisation's shortlist, if it is on it."""

    place: Place
    offered: bool
    profile: PublicProfile
    prices: tuple[PlacePrice, ...]
    free: frozenset[tuple[int, str]] | None
    covers: tuple[tuple[str, dt.date], ...]
    elsewhere: tuple[Cause, ...]
    shortlisted: Shortlisted | None


def provision_of(place: Place, organisation: Organisation, *, at: dt.datetime) -> Provision:
    """Eleven queries, however much the provider has."""
    day = timezone.localdate(at)
    standing = Shortlisted.objects.standing().filter(organisation=organisation, place=place)
    return Provision(
        place=place,
        offered=is_offered(place, at=at),
        profile=profiles.all_read_of(place.provider),
        prices=prices_on(place, day),
        free=free_of([place.pk], at=at).get(place.pk),
        covers=_covers(place.provider_id, day),
        elsewhere=suspension_in_force(place.provider_id, but=place.framework.buyer_id),
        shortlisted=standing.select_related("added_by").first(),
    )


def prices_on(place: Place, day: dt.date) -> tuple[PlacePrice, ...]:
    """What the place costs on a day, one row for each line that has a price, by line."""
    rows = place.prices.filter(from_on__lte=day).select_related("line").order_by("line__position", "line_id", "from_on")
    return tuple({row.line_id: row for row in rows}.values())


def _covers(provider: int, day: dt.date) -> tuple[tuple[str, dt.date], ...]:
    """Kind and last day of what insures the provider on a day. What it covers, and with whom, is for its buyer."""
    rows = Insurance.objects.held().filter(provider=provider, ends_on__gte=day).order_by("kind", "-ends_on")
    rows = rows.exclude(starts_on__gt=day)
    last = {}
    for row in rows:
        last.setdefault(row.get_kind_display(), row.ends_on)
    return tuple(last.items())


def shortlist_of(organisation: Organisation, *, user) -> QuerySet[Shortlisted]:
    """What stands on the organisation's shortlist. Each bears the provider's and the framework's name, and who added
    it."""
    rows = Shortlisted.objects.visible_to(user).standing().filter(organisation=organisation)
    return rows.select_related("added_by").annotate(
        provider_now=F("place__provider__name"), framework_title=F("place__framework__title")
    )


def offered_among(organisation: Organisation, places: list[int], *, at: dt.datetime) -> set[int]:
    """Which of these places can be called off now. Two queries."""
    if not places:
        return set()
    rows = offered(lots_for(organisation), day=timezone.localdate(at)).filter(pk__in=places)
    return set(rows.values_list("pk", flat=True))
