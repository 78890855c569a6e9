"""Lot 7 by approved quote: written down, answered by a budget holder who did not ask, and placed (DESIGN section 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.models import Framework, Place
from lots.rules.refusals import Refused
from referrals.models import Disclosure, Placement, Pupil, Quote, Referral
from referrals.permissions import placements as permissions
from referrals.queries import placements as queries
from referrals.queries import quotes as quoted
from referrals.queries import sharing
from referrals.queries.call_off import check_may_use
from referrals.queries.enquiries import is_suspended
from referrals.queries.placing import Terms, checked
from referrals.rules import quoting
from referrals.states import ReferralState, Route
from referrals.steps import enquiries
from referrals.steps import placement_letters as letters
from referrals.steps import placements as steps
from referrals.steps import referrals as referring


@transaction.atomic(durable=True)
def add_quote(*, referral: Referral, values: Mapping, by: User, at: dt.datetime, today: dt.date) -> Quote:
    """Write a provider's quote down, with why no other lot can meet the need and what it was compared with; the budget
    holders are told. `values` are the columns of a quote, `place` its key. Raises `Refused`."""
    referral = Referral.objects.locked(referral.pk)
    forget_roles(by)
    access.require(permissions.can_ask_quote, by, referral)
    quoting.check_referral(referral.state)
    place = quoted.places_for(referral.commissioner).filter(pk=values["place"]).first()
    if place is None:
        raise Refused("This provider has no active place on the catch-all lot. Select another", field="place")
    quoting.check_quote(
        place=place.state,
        suspended=is_suspended(place) or place.held_at is not None,
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        today=today,
    )
    total = quoting.total_of(values["units"], values["pence"])
    columns = {name: value for name, value in values.items() if name != "place"}
    made = Quote.objects.create(referral=referral, place=place, total_pence=total, asked_at=at, asked_by=by, **columns)
    letters.quote_asked(made, at=at)
    audit.record(
        "referrals.quote.asked",
        by=by,
        about=made,
        organisation=referral.commissioner_id,
        data=_labels(made),
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def answer_quote(*, quote: Quote, yes: bool, answer: str, by: User, at: dt.datetime) -> Quote:
    """A budget holder who did not ask says yes or no. Raises `Refused`."""
    quote = Quote.objects.locked(quote.pk)
    forget_roles(by)
    access.require(permissions.can_answer_quote, by, quote)
    quoting.check_answer(answered=quote.answered_at is not None, yes=yes, reason=answer)
    quote.approved, quote.answer, quote.answered_at, quote.answered_by = yes, answer, at, by
    quote.save(update_fields=["approved", "answer", "answered_at", "answered_by"])
    letters.quote_answered(quote, at=at)
    audit.record(
        "referrals.quote.answered",
        by=by,
        about=quote,
        organisation=quote.referral.commissioner_id,
        data=_labels(quote),
        at=at,
    )
    return quote


@transaction.atomic(durable=True)
def place_by_quote(*, quote: Quote, terms: Terms, by: User, at: dt.datetime, today: dt.date) -> Placement:
    """Write down the placement that an approved quote leads to. Enquiries to others are taken back, and the provider
    may know the pupil from now on, under an agreement to share data. Raises `Refused`."""
    Framework.objects.locked(quote.place.framework_id)
    place = Place.objects.locked(quote.place_id)
    pupil = Pupil.objects.locked(quote.referral.pupil_id)
    referral = Referral.objects.locked(quote.referral_id)
    quote = Quote.objects.locked(quote.pk)
    forget_roles(by)
    access.require(permissions.can_place_quote, by, quote)
    quoting.check_approved(quote.approved)
    quoting.check_referral(referral.state)
    check_may_use(referral.commissioner, place.framework_id)
    quoting.check_quote(
        place=place.state,
        suspended=is_suspended(place) or place.held_at is not None,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        today=today,
    )
    agreement = sharing.in_force(referral.commissioner_id, place.provider_id, today, locked=True)
    if agreement is None:
        raise Refused(
            "There is no agreement to share pupil data with this provider in force today, so nobody may tell it who "
            "the pupil is. Write the agreement down under “Data sharing” first"
        )
    columns = checked(referral, quote, terms, today)
    enquiries.withdraw_open(referral=referral, by=by, at=at)
    if referral.state == ReferralState.READY:
        referring.move(referral=referral, to=ReferralState.ENQUIRING, at=at)
    referring.move(referral=referral, to=ReferralState.CHOSEN, at=at)
    _disclose(referral, place, agreement, by, at)
    made = steps.draft(
        pupil=pupil,
        parts=terms.parts,
        shares=terms.shares,
        by=by,
        at=at,
        commissioner=referral.commissioner,
        provider=place.provider,
        referral=referral,
        route=Route.QUOTE,
        framework=place.framework,
        place=place,
        lot=place.lot,
        sub_lot=place.sub_lot,
        unit=quote.unit,
        pence=quote.pence,
        reason=referral.reason,
        basis=referral.basis,
        **columns,
    )
    steps.check_week(placement=made, sessions=queries.week_of(made), by=by)
    return made


def _disclose(referral: Referral, place: Place, agreement, by: User, at: dt.datetime) -> None:
    given = Disclosure.objects.create(
        referral=referral, provider=place.provider, agreement=agreement, given_at=at, given_by=by
    )
    audit.record(
        "referrals.disclosure.given",
        by=by,
        about=given,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk, "provider": place.provider_id, "agreement": agreement.pk},
        at=at,
    )


def _labels(quote: Quote) -> dict:
    return {"referral": quote.referral_id, "provider": quote.place.provider_id}
