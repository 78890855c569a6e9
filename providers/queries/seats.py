"""Free places: what schools are shown of them, and what a provider states."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from lots.models import Place
from providers.models import Seats, Site
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
    rows = all_free(at=at).filter(provider=OuterRef("provider"), lot=OuterRef("lot"))
    return rows.alias(part=Coalesce("sub_lot", 0)).filter(part=Coalesce(OuterRef("sub_lot"), 0))


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


@dataclass(frozen=True)
class Week:
    """What a provider states for one of its places on a framework at one of its sites. `free` is by half of the week, 0
    where nothing was said; `confirmed_at` is empty until something was."""

    site: Site
    place: Place
    free: dict[tuple[int, str], int]
    confirmed_at: dt.datetime | None

    @property
    def cells(self) -> dict[str, int]:
        """The same by the name of the field."""
        return {rules.cell(self.place.pk, *half): number for half, number in self.free.items()}

    @property
    def days(self) -> list[tuple[str, str]]:
        """(weekday, what is free on it in words), for a table."""
        return [
            (name, rules.day_in_words(self.free[day, "am"], self.free[day, "pm"]))
            for day, name in enumerate(rules.WEEKDAYS)
        ]


def stating(provider: int) -> QuerySet[Place]:
    """The places on frameworks for which a provider states free places: those that stand and that it was told of."""
    return (
        Place.objects.standing()
        .filter(provider=provider, told=True)
        .select_related("lot", "sub_lot", "framework")
        .order_by("framework_id", "lot__number", "sub_lot__letter", "id")
    )


@dataclass(frozen=True)
class Statement:
    """All that a provider states. `sites` are (site, its weeks); `numbers` is what is free by the id of its row, which
    the page sends back; `confirmed_at` is the oldest confirmation, empty where nothing was said."""

    sites: list[tuple[Site, list[Week]]]
    places: int
    numbers: dict[int, int]
    confirmed_at: dt.datetime | None


def statement_of(provider: Organisation, *, user) -> Statement:
    """What a provider of the person's states, in three queries."""
    sites = list(Site.objects.open().visible_to(user).filter(provider=provider))
    rows = list(stated_by(provider.pk)) if sites else []
    places = list(stating(provider.pk)) if sites else []
    return Statement(
        sites=[(site, _weeks(site, places, rows)) for site in sites],
        places=len(places),
        numbers={row.pk: row.free for row in rows},
        confirmed_at=min((row.confirmed_at for row in rows), default=None),
    )


def weeks_of(site: Site, *, user) -> list[Week]:
    """What is stated at one site of a provider of the person's, for each of its places on frameworks."""
    rows = Seats.objects.visible_to(user).filter(site=site)
    return _weeks(site, list(stating(site.provider_id)), list(rows))


def _weeks(site: Site, places: list[Place], rows: list[Seats]) -> list[Week]:
    of = defaultdict(list)
    for row in rows:
        if row.site_id == site.pk:
            of[row.lot_id, row.sub_lot_id].append(row)
    return [_week(site, place, of[place.lot_id, place.sub_lot_id]) for place in places]


def _week(site: Site, place: Place, rows: list[Seats]) -> Week:
    said = {(row.weekday, row.half): row.free for row in rows}
    return Week(
        site=site,
        place=place,
        free={half: said.get(half, 0) for half in rules.WEEK},
        confirmed_at=min((row.confirmed_at for row in rows), default=None),
    )


def stated_by(provider: int) -> QuerySet[Seats]:
    """The rows that a provider keeps up: at sites in use, for places on frameworks that stand; by key."""
    return _kept_up().filter(provider=provider).order_by("pk")


def _kept_up() -> QuerySet[Seats]:
    places = Place.objects.standing().filter(provider=OuterRef("provider"), lot=OuterRef("lot"), told=True)
    places = places.alias(part=Coalesce("sub_lot", 0)).filter(part=Coalesce(OuterRef("sub_lot"), 0))
    return Seats.objects.filter(Exists(places), site__closed_at=None, weekday__lt=len(rules.WEEKDAYS))


def all_silent(*, at: dt.datetime) -> dict[int, dt.datetime]:
    """Providers that keep up free places and have not confirmed all of them for `rules.REMIND_DAYS`, each with the
    moment of its oldest confirmation."""
    old = _kept_up().filter(confirmed_at__lte=at - dt.timedelta(days=rules.REMIND_DAYS), provider__is_open=True)
    rows = old.order_by().values("provider").annotate(oldest=Min("confirmed_at"))
    return dict(rows.values_list("provider", "oldest"))
