"""What a page of the directory shows of each place: nearest site, prices of today, free halves of the week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from lots.models import Place, PlacePrice
from lots.states import Phase, Unit
from providers.models import Site
from providers.rules.seats import WEEK, shown_since
from providers.states import Registration
from referrals.queries.directory import Found, Lots
from referrals.queries.prepared import asked
from referrals.rules.directory import Point, Spot, nearest

_UNITS, _PHASES = dict(Unit.choices), dict(Phase.choices)
MOST = 50  # places at once
_COLUMNS = ("kind", "key", "one", "two", "three", "words", "more")


@dataclass(frozen=True)
class Result:
    """A place as the list shows it. `prices` are (pence, unit in words, line's title); `free` are halves of the week
    (`providers.rules.seats.WEEK`), None where the provider has confirmed nothing lately. `title` is the framework's."""

    pk: int
    name: str
    lot: str
    about: str
    title: str
    registered: bool
    where: str
    miles: str
    prices: tuple[tuple[int, str, str], ...]
    free: frozenset[tuple[int, str]] | None


@dataclass
class _Told:
    prices: dict[int, list] = field(default_factory=lambda: defaultdict(list))
    spots: dict[int, list[Spot]] = field(default_factory=lambda: defaultdict(list))
    confirmed: set[int] = field(default_factory=set)
    free: dict[int, set] = field(default_factory=lambda: defaultdict(set))


def results(found: Iterable[Found], lots: Lots, point: Point | None, *, at: dt.datetime) -> list[Result]:
    """These places with everything that the list shows, in one query more."""
    found = list(found)
    told = _told(found, at) if found else _Told()
    return [_result(one, lots, point, told) for one in found]


def _result(one: Found, lots: Lots, point: Point | None, told: _Told) -> Result:
    lot = lots[one.lot]
    where, miles = nearest(told.spots[one.provider], point)
    phase = _PHASES.get(lot.phase(one.part), "")
    return Result(
        pk=one.pk,
        name=one.name,
        lot=lot.label(one.part),
        about=f"{lot.title}, {phase.lower()}" if phase else lot.title,
        title=lot.framework_title,
        registered=one.registration == Registration.REGISTERED,
        where=where,
        miles=miles,
        prices=tuple((pence, unit, title) for _, pence, unit, title in sorted(told.prices[one.pk])),
        free=frozenset(told.free[one.pk]) if one.pk in told.confirmed else None,
    )


def _told(found: list[Found], at: dt.datetime) -> _Told:
    """Prices, sites and free halves, as lines of one query."""
    told = _Told()
    keys = [*_filled([one.pk for one in found]), *_filled([one.provider for one in found])]
    lines = asked(_everything, MOST, [timezone.localdate(at), shown_since(at), *keys])
    for kind, key, one, two, three, words, more in lines:
        if kind == 0:
            told.prices[key].append(((one, two), three, _UNITS[words], more))
        elif kind == 1:
            told.spots[key].append(Spot(more, words, one, two))
        else:
            told.confirmed.add(key)
            if two and (one, words) in WEEK:
                told.free[key].add((one, words))
    return told


def _filled(keys: list[int]) -> list[int]:
    """`MOST` keys, the first one again and again behind the last."""
    return keys + keys[:1] * (MOST - len(keys))


def _everything(most: int, day: dt.date, since: dt.datetime, *keys: int) -> QuerySet:
    places, providers = keys[:most], keys[most:]
    return _prices(places, day).union(_sites(providers), _halves(places, since), all=True)


def _line(rows: QuerySet, *columns) -> QuerySet:
    """Rows as lines of seven columns, five numbers and two texts, under names that no model's field bears."""
    names = [f"line_{name}" for name in _COLUMNS]
    given = [
        Value(column, IntegerField()) if isinstance(column, int) else F(column) if isinstance(column, str) else column
        for column in columns
    ]
    return rows.order_by().annotate(**dict(zip(names, given, strict=True))).values_list(*names)


def _prices(places: Sequence[int], day: dt.date) -> QuerySet:
    """What holds today of each line."""
    begun = PlacePrice.objects.filter(place__in=places, from_on__lte=day)
    later = begun.filter(place=OuterRef("place"), line=OuterRef("line"), from_on__gt=OuterRef("from_on"))
    rows = begun.filter(~Exists(later.order_by()))
    return _line(rows, 0, "place_id", "line__position", "line_id", "pence", "line__unit", "line__title")


def _sites(providers: Sequence[int]) -> QuerySet:
    rows = Site.objects.open().filter(provider__in=providers)
    return _line(rows, 1, "provider_id", "easting", "northing", 0, "kind", "town")


def _halves(places: Sequence[int], since: dt.datetime) -> QuerySet:
    """What was confirmed lately enough, free or full, at sites in use; by place, on its own lot and part."""
    part = Q(provider__seats__sub_lot=F("sub_lot")) | Q(provider__seats__sub_lot=None)
    own = FilteredRelation("provider__seats", condition=Q(provider__seats__lot=F("lot")) & part)
    rows = Place.objects.filter(pk__in=places).alias(stated=own)
    rows = rows.filter(stated__confirmed_at__gte=since, stated__site__closed_at=None)
    some = Case(When(stated__free__gt=0, then=Value(1)), default=Value(0), output_field=IntegerField())
    return _line(rows, 2, "pk", "stated__weekday", some, 0, "stated__half", Value("", CharField()))


def free_of(places: list[int], *, at: dt.datetime) -> dict[int, frozenset[tuple[int, str]]]:
    """Free halves of the week by place; those whose provider has confirmed nothing lately are not in it."""
    found = defaultdict(set)
    for _, place, weekday, some, _, half, _ in _halves(places, shown_since(at)):
        found[place] |= {(weekday, half)} if some and (weekday, half) in WEEK else set()
    return {pk: frozenset(halves) for pk, halves in found.items()}
