"""Free places: what schools are shown of them, and what a provider states."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from lots.models import Place
from providers.models import Seats
from providers.rules import seats as rules


@dataclass(frozen=True)
class Free:
    """When a place on the framework has free places: `halves` are (weekday, half of the day) in the order of the week,
    0 is Monday; `confirmed_at` is when the provider last confirmed the oldest of them."""

    halves: tuple[tuple[int, str], ...] = ()
    confirmed_at: dt.datetime | None = None

    @property
    def weekdays(self) -> tuple[int, ...]:
        return tuple(sorted({weekday for weekday, _ in self.halves}))


def all_free(*, at: dt.datetime) -> QuerySet[Seats]:
    """What any school may be shown at `at`: at least one free, at a site in use, confirmed lately enough
    (`rules.STALE_DAYS`)."""
    return Seats.objects.filter(free__gt=0, confirmed_at__gte=rules.shown_since(at), site__closed_at=None)


def free_halves(*, at: dt.datetime) -> QuerySet[Seats]:
    """`all_free` of the place that the outer query over `lots.models.Place` is at: for `Exists` and `Subquery`."""
    own = all_free(at=at).filter(provider=OuterRef("provider"), lot=OuterRef("lot"))
    return own.alias(part=Coalesce("sub_lot", 0)).filter(part=Coalesce(OuterRef("sub_lot"), 0))


def places_free_on(
    places: QuerySet[Place], *, at: dt.datetime, weekdays: Iterable[int] = (), half: str = ""
) -> QuerySet[Place]:
    """Those of these places that have a free place on each of `weekdays` (0 is Monday), or on any where none is
    named; in this half of the day, or in either."""
    free = free_halves(at=at).filter(half=half) if half else free_halves(at=at)
    wanted = sorted(set(weekdays))
    for weekday in wanted:
        places = places.filter(Exists(free.filter(weekday=weekday)))
    return places if wanted else places.filter(Exists(free))


def halves_of(places: Iterable[Place], *, at: dt.datetime) -> dict[int, Free]:
    """When each of these places has free places, by the id of the place, in one query; for a page of a list."""
    keys = {(place.provider_id, place.lot_id, place.sub_lot_id): place.pk for place in places}
    rows = all_free(at=at).filter(
        provider__in={provider for provider, _, _ in keys}, lot__in={lot for _, lot, _ in keys}
    )
    found, oldest = defaultdict(set), {}
    for provider, lot, part, weekday, half, confirmed_at in rows.values_list(
        "provider_id", "lot_id", "sub_lot_id", "weekday", "half", "confirmed_at"
    ):
        if (place := keys.get((provider, lot, part))) is not None:
            found[place].add((weekday, half))
            oldest[place] = min(oldest.get(place, confirmed_at), confirmed_at)
    # "am" stands before "pm".
    return {pk: Free(tuple(sorted(found[pk])), oldest.get(pk)) for pk in keys.values()}


def free_at(place: Place, *, at: dt.datetime) -> list[Seats]:
    """The free places of one place on the framework with their sites, by site and in the order of the week."""
    rows = all_free(at=at).filter(provider=place.provider_id, lot=place.lot_id, sub_lot=place.sub_lot_id)
    return list(rows.select_related("site").order_by("site__name", "site_id", "weekday", "half"))
