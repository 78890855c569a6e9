"""Reads about offers: side by side, in the order of the published mechanism, and what was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery

from lots.models import PlacePrice
from referrals.models import Choice, Enquiry, Offer, OfferSession, Referral
from referrals.queries.enquiries import home_of
from referrals.rules.choice import Bid, Ranked, Wanted, order_of
from referrals.rules.directory import miles_in_words
from referrals.rules.offers import fits_mode
from referrals.rules.timetable import Session
from referrals.states import EnquiryState


def standing_offer(enquiry: Enquiry) -> Offer | None:
    """The offer that stands on an enquiry, with its sessions."""
    rows = enquiry.offers.filter(replaced_at=None).select_related("line")
    return rows.prefetch_related("sessions__site").first()


def sessions_of(offer: Offer) -> list[Session]:
    """An offer's week as the rules read it."""
    return [Session(one.weekday, one.starts, one.ends) for one in offer.sessions.all()]


@dataclass(frozen=True)
class Compared:
    """The offers on a referral side by side. `ranked` is in order; `offers` by key; `distance` is from the
    school to the nearest site of the offer, in words, by offer. `others` are the enquiries without an offer."""

    ranked: tuple[Ranked, ...]
    offers: dict[int, Offer]
    others: list[Enquiry]
    distance: dict[int, str]

    def first(self) -> set[int]:
        """The offers that are first in order."""
        return {one.offer for one in self.ranked if one.is_first}


def compared(referral: Referral, *, user) -> Compared:
    """Six queries, whatever the number of offers. Offers of enquiries that ended stand among the others."""
    enquiries = list(
        Enquiry.objects.visible_to(user).filter(referral=referral).defer("need").order_by("provider__name", "id")
    )
    standing = offers_standing(referral, states=[EnquiryState.OFFERED, EnquiryState.CHOSEN])
    offers = {offer.pk: offer for offer in standing}
    with_offer = {offer.enquiry_id for offer in standing}
    return Compared(
        ranked=ranking(referral, standing),
        offers=offers,
        others=[one for one in enquiries if one.pk not in with_offer],
        distance={offer.pk: _distance(referral, offer) for offer in standing},
    )


def offers_standing(referral: Referral, *, states: Iterable[str]) -> list[Offer]:
    """The offers that stand on enquiries in these states, with lines, sessions and sites; three queries."""
    rows = Offer.objects.filter(enquiry__referral=referral, enquiry__state__in=states, replaced_at=None)
    sessions = Prefetch("sessions", queryset=OfferSession.objects.select_related("site"))
    rows = rows.select_related("line", "enquiry__provider", "enquiry__place")
    return list(rows.prefetch_related(sessions).order_by("id"))


def ranking(referral: Referral, offers: list[Offer]) -> tuple[Ranked, ...]:
    """Offers in the order of the framework's published mechanism (`rules.choice.order_of`); one query.
    Of a referral without offers, which may have no framework yet, nothing."""
    if not offers:
        return ()
    ranks = _ranks(offers)
    bids = [
        Bid(
            offer=offer.pk,
            total_pence=offer.total_pence,
            starts_on=offer.starts_on,
            ends_on=offer.ends_on,
            minutes=sum(one.minutes for one in sessions_of(offer)),
            fits_mode=fits_mode(offer.line.mode, referral.mode),
            rank=ranks.get(offer.pk, 1),
        )
        for offer in offers
    ]
    wanted = Wanted(referral.minutes, referral.starts_on, referral.ends_on)
    return order_of(bids, wanted=wanted, selection=referral.framework.policies.selection)


def _ranks(offers: list[Offer]) -> dict[int, int]:
    """By offer, where the price at award of its place stands on its price line among all that were given a place on the
    same part: one more than those that were lower."""
    at_award = PlacePrice.objects.filter(place=OuterRef("enquiry__place"), line=OuterRef("line")).order_by("from_on")
    own = Subquery(at_award.values("pence")[:1])
    first_price = PlacePrice.objects.filter(place=OuterRef("place"), line=OuterRef("line")).order_by("from_on")
    first = PlacePrice.objects.filter(pk=Subquery(first_price.values("pk")[:1]))
    lower = (
        first.filter(line=OuterRef("line"), place__lot=OuterRef("enquiry__place__lot"), pence__lt=OuterRef("own"))
        .filter(
            Q(place__sub_lot=OuterRef("enquiry__place__sub_lot"))
            | Q(place__sub_lot__isnull=True, place__lot=OuterRef("enquiry__place__lot"))
        )
        .order_by()
        .values("line")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = Offer.objects.filter(pk__in=[offer.pk for offer in offers]).annotate(own=own)
    return {pk: 1 + (number or 0) for pk, number in rows.annotate(lower=Subquery(lower)).values_list("pk", "lower")}


def _distance(referral: Referral, offer: Offer) -> str:
    home = home_of(referral)
    sites = {one.site for one in offer.sessions.all() if one.site.easting is not None}
    if home is None or not sites:
        return ""
    return miles_in_words(min(home.metres_to(site.easting, site.northing) for site in sites))


def choice_of(referral: Referral) -> Choice | None:
    """The choice that stands."""
    rows = referral.choices.filter(undone_at=None)
    return rows.select_related("offer__enquiry__provider", "offer__line", "chosen_by").first()


def undone_of(referral: Referral) -> list[Choice]:
    """Choices that were undone, the latest first."""
    rows = referral.choices.exclude(undone_at=None).select_related("offer__enquiry__provider", "undone_by")
    return list(rows.order_by("-undone_at"))
