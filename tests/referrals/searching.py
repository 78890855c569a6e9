"""A small market for tests of the directory: Ash House and Birch Farm on the same part, insured, each with a site."""

from __future__ import annotations

import datetime as dt

from lots.models import Place
from providers.models import Insurance, Profile, Seats, Site
from providers.states import InsuranceKind
from referrals.queries import directory, results
from referrals.rules.directory import Point, Search, drawn
from tests.referrals.made import AT, another_place, made_place, made_site

FAIR = drawn("a session")
HERE = Point(400_000, 300_000)


def insured(provider, **fields) -> Insurance:
    fields = {"kind": InsuranceKind.PUBLIC, "ends_on": dt.date(2034, 1, 1)} | fields
    return Insurance.objects.create(provider=provider, insurer="Insurer", cover_pence=1_000_000_000, **fields)


def profile(provider, **fields) -> Profile:
    return Profile.objects.create(provider=provider, updated_at=AT, **fields)


def market(world) -> tuple[Place, Place]:
    """Ash House for £45 six miles away, Birch Farm for £40 two miles away; without the place on the auto lot."""
    ash = made_place(world)
    Place.objects.filter(lot__is_auto=True).delete()
    birch = another_place(world, ash, world.birch_farm, pence=40_00)
    for provider in (world.ash_house, world.birch_farm):
        insured(provider)
    made_site(world, easting=HERE.easting, northing=HERE.northing + 10_000)
    made_site(world, world.birch_farm, town="Elmton", easting=HERE.easting + 3_000, northing=HERE.northing)
    world.elm_grove.easting, world.elm_grove.northing = HERE.easting, HERE.northing
    world.elm_grove.save()
    world.elm_grove.refresh_from_db()
    return ash, birch


def stated(place: Place, weekday: int, half: str, *, free: int = 1, at=AT) -> Seats:
    return Seats.objects.create(
        provider=place.provider,
        site=Site.objects.filter(provider=place.provider).first(),
        lot=place.lot,
        sub_lot=place.sub_lot,
        weekday=weekday,
        half=half,
        free=free,
        confirmed_at=at,
    )


def found(world, organisation=None, *, at=AT, fair=FAIR, skip: int = 0, per: int = 50, **asked) -> list[str]:
    """The names of the providers found, in their order."""
    lots = directory.lots_for(organisation or world.elm_grove)
    rows = directory.page_of(lots, Search(**asked), fair, at=at, skip=skip, per=per)
    return [row.name for row in rows]


def shown(world, point=HERE, *, at=AT) -> dict[str, results.Result]:
    """Everything that the list shows, by provider."""
    lots = directory.lots_for(world.elm_grove)
    rows = directory.page_of(lots, Search(), FAIR, at=at, skip=0, per=50)
    return {row.name: row for row in results.results(rows, lots, point, at=at)}
