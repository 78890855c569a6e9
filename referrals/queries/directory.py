"""The directory of what can be called off now: one query for a page of places, whatever is asked for.

What is true of a provider (insured, near, set up for a need) is looked up once for all providers, as a set; only what
is true of a place alone is asked of each place. That is what ten thousand places cost no more by (ADR 34)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import BigIntegerField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Organisation, Postcode
from lots.models import Framework, Lot, Place, PlacePrice, Suspension
from lots.queries import call_off
from lots.rules.places import label
from lots.states import FrameworkState, Mode, PlaceState
from providers.models import Insurance, Profile, Seats, Site
from providers.queries import seats
from providers.rules.seats import holds_until, shown_since
from providers.states import InsuranceKind, Registration, SiteKind
from referrals.queries.prepared import asked
from referrals.rules.directory import FIRST, SECOND, Fair, Point, Search, metres

COUNT_UP_TO = 1_000
# Where each way of teaching happens, for price lines that name none.
WHERE = {
    Mode.ON_SITE: SiteKind.PREMISES,
    Mode.HOME: SiteKind.HOME,
    Mode.COMMUNITY: SiteKind.COMMUNITY,
    Mode.ONLINE: SiteKind.ONLINE,
}
_NO_TRAVEL = [SiteKind.ONLINE, SiteKind.HOME]


@dataclass(frozen=True)
class LotThere:
    """A lot of a framework that may be used, with its parts: key → (letter, phase)."""

    pk: int
    framework: int
    framework_title: str
    buyer: int
    number: str
    title: str
    parts: dict[int, tuple[str, str]]

    def label(self, part: int | None) -> str:
        """`Lot 1, part B`."""
        return label(self.number, self.parts[part][0] if part else None)

    def phase(self, part: int | None) -> str:
        """The age phase of a part, as its code; empty for a lot without parts."""
        return self.parts[part][1] if part else ""


Lots = dict[int, LotThere]


def lots_for(organisation: Organisation) -> Lots:
    """Every lot of the frameworks that the organisation may use, by its key and in order, in one query. The caller's
    door has let the person into the organisation."""
    shape = (organisation.kind, organisation.la_code, organisation.is_open)
    return _lots(asked(_lots_of, shape, [organisation.pk, organisation.parent_id or 0]))


def _lots_of(shape: tuple[str, str, bool], pk: int, parent: int) -> QuerySet[Lot]:
    kind, la_code, is_open = shape
    organisation = Organisation(pk=pk, parent_id=parent, kind=kind, la_code=la_code, is_open=is_open)
    return lots_among(call_off.all_usable_by(organisation))


def all_lots() -> Lots:
    """Every lot of the frameworks that run, by its key and in order, in one query."""
    return _lots(asked(_lots_of_all, None, []))


def _lots_of_all(shape: None) -> QuerySet[Lot]:
    return lots_among(Framework.objects.public().filter(state=FrameworkState.RUNNING))


def lots_among(frameworks: QuerySet[Framework]) -> QuerySet[Lot]:
    """Lots of these frameworks with their parts, one line for each part."""
    rows = Lot.objects.filter(framework__in=frameworks.order_by().values("pk"))
    rows = rows.order_by("framework__title", "framework_id", "position", "id", "sub_lots__letter")
    names = ("pk", "framework_id", "framework__title", "framework__buyer_id", "number", "title")
    return rows.values_list(*names, "sub_lots__pk", "sub_lots__letter", "sub_lots__phase")


def _lots(lines: Iterable[tuple]) -> Lots:
    found: Lots = {}
    for *lot, part, letter, phase in lines:
        there = found.setdefault(lot[0], LotThere(*lot, {}))
        if part:
            there.parts[part] = (letter, phase)
    return found


def point_of(code: str) -> Point | None:
    """Where a postcode is; None where the local list does not have it."""
    found = Postcode.objects.filter(pk=code).values_list("easting", "northing").first()
    return Point(*found) if found else None


def home_of(organisation: Organisation) -> Point | None:
    """Where the organisation is, as its register says."""
    if organisation.easting is None or organisation.northing is None:
        return None
    return Point(organisation.easting, organisation.northing)


def ranked(fair: Fair):
    """`Fair.rank` of the row, in SQL."""
    mixed = (Cast("pk", BigIntegerField()) % FIRST * fair.times + fair.plus) % FIRST
    return mixed * mixed % SECOND


def offered(lots: Lots, *, day: dt.date) -> QuerySet[Place]:
    """The places on these lots that can be called off now: active, suspended neither by themselves nor with all of
    their provider's with that buyer, not held until documents are renewed, and their provider insured against public
    liability that day. Asked anew each time; nothing of it is kept."""
    return _of_firms(lots, _insured(day))


def _of_firms(lots: Lots, firms: QuerySet[Insurance]) -> QuerySet[Place]:
    """The active places of these providers that are not held, without whom a buyer of the lots has suspended."""
    by_buyer: dict[int, list[int]] = {}
    for lot in lots.values():
        by_buyer.setdefault(lot.buyer, []).append(lot.pk)
    places = Q(pk__in=[])
    for buyer, theirs in by_buyer.items():
        places |= Q(lot__in=theirs, provider__in=firms.exclude(provider__in=_held(buyer)).values("provider"))
    return Place.objects.filter(places, state=PlaceState.ACTIVE, held_at=None)


def _insured(day: dt.date) -> QuerySet[Insurance]:
    covers = Insurance.objects.held().filter(kind=InsuranceKind.PUBLIC, ends_on__gte=day).order_by()
    return covers.filter(Q(starts_on=None) | Q(starts_on__lte=day))


def _held(buyer: int) -> QuerySet[Suspension]:
    return Suspension.objects.in_force().filter(buyer=buyer, place=None).order_by().values("provider")


def matching(lots: Lots, search: Search, *, day: dt.date, since: dt.datetime) -> QuerySet[Place]:
    """The places on these lots that are offered on a day and have what is looked for. Free places count that were
    confirmed at `since` or later."""
    wanted = {
        pk: lot for pk, lot in lots.items() if search.framework in (None, lot.framework) and search.lot in (None, pk)
    }
    parts = [pk for lot in wanted.values() for pk, (_, phase) in lot.parts.items() if phase == search.phase]
    rows = in_phase(_of_firms(wanted, _firms(search, day)), parts, search.phase)
    if search.mode:
        rows = rows.filter(_teaches(search.mode, day))
    if search.unit:
        rows = rows.filter(Exists(_prices(search, day)))
    if search.halves or search.known_only:
        rows = rows.filter(_free(search, since))
    return rows


def _firms(search: Search, day: dt.date) -> QuerySet[Insurance]:
    """Insured providers that have what is looked for in a provider."""
    firms = _insured(day)
    if search.need:
        firms = firms.filter(provider__in=_profiles(needs__icontains=f'"{search.need}"'))
    if search.registered:
        registered = Q(provider__in=_profiles(registration=Registration.REGISTERED))
        firms = firms.filter(registered if search.registered == "yes" else ~registered)
    if search.point and search.within is not None:
        firms = firms.filter(_near(search.point, metres(search.within)))
    return firms


def in_phase(rows: QuerySet[Place], parts: list[int], phase: str) -> QuerySet[Place]:
    """On one of the parts for this age phase; on a lot without parts, of a provider that says it teaches it."""
    if not phase:
        return rows
    return rows.filter(Q(sub_lot__in=parts) | Q(sub_lot=None, provider__in=_profiles(phases__icontains=f'"{phase}"')))


def _profiles(**which) -> QuerySet[Profile]:
    return Profile.objects.filter(**which).order_by().values("provider")


def _begun(day: dt.date) -> QuerySet[PlacePrice]:
    """The prices of the outer place that hold on a day: of each line the latest that had begun."""
    begun = PlacePrice.objects.filter(from_on__lte=day).order_by()
    later = begun.filter(place=OuterRef("place"), line=OuterRef("line"), from_on__gt=OuterRef("from_on"))
    return begun.filter(~Exists(later), place=OuterRef("pk"))


def _prices(search: Search, day: dt.date) -> QuerySet[PlacePrice]:
    found = _begun(day).filter(line__unit=search.unit)
    if search.mode:
        found = found.filter(line__mode__in=[search.mode, Mode.ANY])
    return found if search.most_pence is None else found.filter(pence__lte=search.most_pence)


def _teaches(mode: str, day: dt.date) -> Q:
    """It has a price for this way of teaching; or a price for any way or by quote alone, and a site of that kind."""
    prices = PlacePrice.objects.filter(place=OuterRef("pk"), from_on__lte=day).order_by()
    there = Site.objects.open().filter(kind=WHERE[Mode(mode)]).order_by().values("provider")
    open_to_any = Q(Exists(prices.filter(line__mode=Mode.ANY))) | ~Q(Exists(prices))
    return Q(Exists(prices.filter(line__mode=mode))) | Q(provider__in=there) & open_to_any


def _free(search: Search, since: dt.datetime) -> Q:
    """All the halves of the week asked for have a free place. Where the provider has confirmed nothing lately nobody
    knows: those stay, unless they are to be left out."""
    free, stated = Q(), seats.free_halves(at=holds_until(since))
    for weekday, half in search.halves:
        free &= Q(Exists(stated.filter(weekday=weekday, half=half).order_by()))
    known = Q(Exists(_confirmed(since)))
    if not search.known_only:
        return free | ~known
    return free if search.halves else known


def _confirmed(since: dt.datetime) -> QuerySet[Seats]:
    rows = Seats.objects.filter(confirmed_at__gte=since, provider=OuterRef("provider"), lot=OuterRef("lot"))
    return rows.filter(Q(sub_lot=OuterRef("sub_lot")) | Q(sub_lot=None), site__closed_at=None).order_by()


def _square(point: Point):
    """The square of the distance of a site, in square metres."""
    east = Cast("easting", BigIntegerField()) - point.easting
    north = Cast("northing", BigIntegerField()) - point.northing
    return east * east + north * north


def _near(point: Point, reach: int) -> Q:
    """It has a site within reach (metres), or teaches where nobody has to travel."""
    sites = Site.objects.open().order_by()
    near = sites.alias(square=_square(point)).filter(square__lte=reach * reach)
    at_home = sites.filter(kind__in=_NO_TRAVEL)
    return Q(provider__in=near.values("provider")) | Q(provider__in=at_home.values("provider"))


class Counted(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Found:
    """A place of a page of results."""

    pk: int
    provider: int
    name: str
    lot: int
    part: int | None
    registration: str
    number: int


def page_of(lots: Lots, search: Search, fair: Fair, *, at: dt.datetime, skip: int, per: int) -> list[Found]:
    """`per` places after the first `skip`, and one more where there are more; each bears how many there are in all,
    counted up to `COUNT_UP_TO` and one. One query."""
    point, most = search.point, search.most_pence
    there = tuple(
        (lot.pk, lot.framework, lot.buyer, tuple((part, phase) for part, (_, phase) in lot.parts.items()))
        for lot in lots.values()
    )
    shape = (there, replace(search, point=None, most_pence=None), bool(point), most is not None, skip, per)
    values = [timezone.localdate(at), shown_since(at), fair.times, fair.plus]
    values += [point.easting, point.northing] if point else []
    values += [most] if most is not None else []
    return [Found(*row) for row in asked(_page, shape, values)]


def _page(shape: tuple, day: dt.date, since: dt.datetime, *numbers: int) -> QuerySet[Place]:
    """The rows of the page are chosen by their keys, and only those are joined with what is shown of them."""
    there, search, has_point, has_most, skip, per = shape
    fair, rest = Fair(*numbers[:2]), numbers[2:]
    search = replace(search, point=Point(*rest[:2]) if has_point else None, most_pence=rest[-1] if has_most else None)
    lots = {
        pk: LotThere(pk, framework, "", buyer, "", "", {part: ("", phase) for part, phase in parts})
        for pk, framework, buyer, parts in there
    }
    rows = matching(lots, search, day=day, since=since)
    counted = Counted(rows.order_by().values("pk")[: COUNT_UP_TO + 1])
    chosen = _ordered(rows, search, fair, day).values("pk")[skip : skip + per + 1]
    shown = _ordered(Place.objects.filter(pk__in=chosen), search, fair, day).annotate(number=counted)
    names = ("pk", "provider_id", "provider__name", "lot_id", "sub_lot_id", "provider__profile__registration", "number")
    return shown.values_list(*names)


def _ordered(rows: QuerySet[Place], search: Search, fair: Fair, day: dt.date) -> QuerySet[Place]:
    if search.order == "price":
        lowest = _prices(search, day).order_by("pence").values("pence")[:1]
        return rows.annotate(lowest=Subquery(lowest)).order_by("lowest", ranked(fair), "pk")
    if search.order == "distance":
        sites = Site.objects.open().filter(provider=OuterRef("provider"), easting__isnull=False, northing__isnull=False)
        square = sites.annotate(square=_square(search.point)).order_by("square").values("square")[:1]
        far = F("square").asc(nulls_last=True)
        return rows.annotate(square=Subquery(square)).order_by(far, ranked(fair), "pk")
    return rows.order_by(ranked(fair), "pk")
