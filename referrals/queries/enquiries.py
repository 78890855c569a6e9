"""Reads about enquiries: who can be asked, what a provider was asked, and what it can answer with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from lots.models import Place, PlacePrice, PriceLine, Suspension
from lots.queries import call_off
from lots.states import PlaceState
from providers.models import Insurance, Site
from providers.queries.seats import halves_of
from providers.states import InsuranceKind
from referrals.models import Enquiry, Referral, Shortlisted
from referrals.queries import directory
from referrals.rules.directory import Point, drawn, miles_in_words
from referrals.rules.timetable import WEEKDAYS
from referrals.states import EnquiryState

ASKED = (EnquiryState.WAITING, EnquiryState.OFFERED, EnquiryState.CHOSEN)
MOST_CANDIDATES = 200


def insured_on(day: dt.date) -> QuerySet[Insurance]:
    """Public liability insurances that cover a day."""
    rows = Insurance.objects.held().filter(kind=InsuranceKind.PUBLIC, ends_on__gte=day)
    return rows.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day))


def is_insured(provider_id: int, day: dt.date) -> bool:
    """Whether a provider's public liability insurance covers a day."""
    return insured_on(day).filter(provider=provider_id).exists()


def is_suspended(place: Place) -> bool:
    """Whether a suspension in force reaches a place."""
    wide = Q(place=None, provider=place.provider_id, buyer=place.framework.buyer_id)
    return Suspension.objects.in_force().filter(Q(place=place) | wide).exists()


def all_to_ask(referral: Referral, *, at: dt.datetime) -> QuerySet[Place]:
    """The places that can be asked about a referral at `at`: active on its lot and part of a framework that the
    commissioner may use, not suspended, insured against public liability that day, with a price, and not asked already.
    In an order drawn by lot, the same for one referral each time."""
    if referral.lot_id is None or not call_off.may_call_off(referral.commissioner, referral.framework_id):
        return Place.objects.none()
    today = timezone.localdate(at)
    held = Suspension.objects.in_force().filter(buyer=referral.framework.buyer_id, place=None)
    rows = Place.objects.filter(
        lot=referral.lot_id,
        state=PlaceState.ACTIVE,
        held_at=None,
        provider__is_open=True,
        provider__in=insured_on(today).values("provider"),
    ).exclude(provider__in=held.values("provider"))
    if referral.sub_lot_id:
        rows = rows.filter(sub_lot=referral.sub_lot_id)
    asked = Enquiry.objects.filter(referral=referral, place=OuterRef("pk"), state__in=ASKED)
    priced = PlacePrice.objects.filter(place=OuterRef("pk"), from_on__lte=today)
    rows = rows.filter(~Exists(asked), Exists(priced)).annotate(drawn=directory.ranked(drawn(f"{referral.pk}")))
    return rows.select_related("provider", "lot", "sub_lot", "framework").order_by("drawn", "id")


@dataclass(frozen=True)
class Candidate:
    """A place that can be asked, as it is chosen from: (line, pence) today, distance in words, why it is on the
    shortlist, on which weekdays it states free places
    (None: not known)."""

    place: Place
    prices: list[tuple[PriceLine, int]]
    distance: str
    shortlisted: str
    free: tuple[int, ...] | None

    @property
    def free_days(self) -> list[str] | None:
        return None if self.free is None else [WEEKDAYS[weekday] for weekday in self.free]


def candidates(referral: Referral, *, at: dt.datetime) -> list[Candidate]:
    """Those places, the shortlisted ones first; seven queries. No more than `MOST_CANDIDATES`."""
    places = list(all_to_ask(referral, at=at)[:MOST_CANDIDATES])
    keys = [place.pk for place in places]
    reasons = dict(
        Shortlisted.objects.standing()
        .filter(organisation=referral.commissioner_id, place__in=keys)
        .values_list("place_id", "reason")
    )
    priced: dict[int, dict[int, tuple[PriceLine, int]]] = defaultdict(dict)
    rows = PlacePrice.objects.filter(place__in=keys, from_on__lte=timezone.localdate(at)).select_related("line")
    for row in rows.order_by("line__position", "line_id", "from_on"):
        priced[row.place_id][row.line_id] = (row.line, row.pence)
    free = halves_of(places, at=at)
    where = _nearest({place.provider_id for place in places}, home_of(referral))
    found = [
        Candidate(
            place=place,
            prices=list(priced[place.pk].values()),
            distance=miles_in_words(where[place.provider_id]) if place.provider_id in where else "",
            shortlisted=reasons.get(place.pk, ""),
            free=free[place.pk].weekdays if free[place.pk].confirmed_at else None,
        )
        for place in places
    ]
    return sorted(found, key=lambda one: not one.shortlisted)


def home_of(referral: Referral) -> Point | None:
    """Where the home school is; without one, the commissioner."""
    return directory.home_of(referral.school or referral.commissioner)


def _nearest(providers: set[int], home: Point | None) -> dict[int, float]:
    """Metres to the nearest site in use, by provider."""
    if home is None:
        return {}
    rows = Site.objects.open().filter(provider__in=providers, easting__isnull=False)
    found: dict[int, float] = {}
    for provider, easting, northing in rows.values_list("provider_id", "easting", "northing"):
        metres = home.metres_to(easting, northing)
        found[provider] = min(found.get(provider, metres), metres)
    return found


def enquiries_of(provider: Organisation, *, user) -> QuerySet[Enquiry]:
    """What a provider was asked, whatever became of it."""
    return Enquiry.objects.visible_to(user).filter(provider=provider).defer("need")


def waiting_of(provider: Organisation, *, user, now: dt.datetime) -> list[Enquiry]:
    """What waits for the provider's answer, the most urgent first; fifty at most."""
    rows = enquiries_of(provider, user=user).filter(state=EnquiryState.WAITING, lapses_at__gte=now)
    return list(rows.order_by("lapses_at", "id")[:50])


def lines_of(place: Place) -> list[PriceLine]:
    """The price lines on which a place has a price, in the lot's order."""
    return list(PriceLine.objects.filter(pk__in=place.prices.values("line")).order_by("position", "id"))


def prices_on(place: Place, day: dt.date) -> dict[int, int]:
    """Pence by price line that a place has on a day."""
    rows = place.prices.filter(from_on__lte=day).order_by("from_on")
    return dict(rows.values_list("line_id", "pence"))


def sites_of(provider_id: int) -> list[Site]:
    """A provider's sites in use."""
    return list(Site.objects.open().filter(provider=provider_id))
