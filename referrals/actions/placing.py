"""A placement is made of an accepted offer, changed while it is being agreed, and cancelled before it starts."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Offer, Placement, Pupil, Quote, Referral
from referrals.permissions import placements as permissions
from referrals.queries import placements as queries
from referrals.queries.placing import Terms, checked
from referrals.rules import placing
from referrals.states import PlacementState, ReferralState, Route
from referrals.steps import enquiries, papers
from referrals.steps import placement_letters as letters
from referrals.steps import placements as steps
from referrals.steps import referrals as referring


@transaction.atomic(durable=True)
def place_pupil(*, referral: Referral, terms: Terms, by: User, at: dt.datetime, today: dt.date) -> Placement:
    """Write down the placement that an accepted offer leads to: place, line, price and week are the offer's. Nobody has
    agreed to it yet. Raises `Refused`."""
    Pupil.objects.locked(referral.pupil_id)
    referral = Referral.objects.locked(referral.pk)
    forget_roles(by)
    access.require(permissions.can_place, by, referral)
    choice = queries.choice_of(referral)
    if referral.state != ReferralState.CHOSEN or choice is None:
        raise Refused("No provider is chosen on this referral, so there is nothing to place the pupil with")
    if queries.open_of_referral(referral):
        raise Refused("This referral has led to a placement already. Look at that one")
    offer = choice.offer
    place = offer.enquiry.place
    made = steps.draft(
        pupil=referral.pupil,
        parts=terms.parts,
        shares=terms.shares,
        by=by,
        at=at,
        commissioner=referral.commissioner,
        provider=place.provider,
        referral=referral,
        route=Route.FRAMEWORK,
        framework=place.framework,
        place=place,
        lot=place.lot,
        sub_lot=place.sub_lot,
        line=offer.line,
        unit=offer.line.unit,
        pence=offer.pence,
        reason=referral.reason,
        basis=referral.basis,
        **checked(referral, offer, terms, today),
    )
    steps.check_week(placement=made, sessions=queries.week_of(made), by=by)
    return made


@transaction.atomic(durable=True)
def change_placement(
    *, placement: Placement, seen: int, terms: Terms, by: User, at: dt.datetime, today: dt.date
) -> Placement:
    """Change what is being agreed; `seen` is the revision that the page showed. An agreement that was sent is no longer
    the one that is agreed, and has to be sent again. Raises `Refused`."""
    Pupil.objects.locked(placement.pupil_id)
    referral = Referral.objects.locked(placement.referral_id) if placement.referral_id else None
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_commission, by, placement)
    placing.check_draft(placement.state)
    placing.check_seen(seen, placement.revision)
    source = _source(placement, referral)
    for name, value in checked(referral, source, terms, today).items():
        setattr(placement, name, value)
    placement.revision += 1
    placement.save()
    steps.write_week(placement=placement, parts=terms.parts)
    steps.write_shares(placement=placement, shares=terms.shares, by=by, at=at)
    steps.check_week(placement=placement, sessions=queries.week_of(placement), by=by)
    papers.replace(placement=placement, at=at)
    audit.record("referrals.placement.changed", by=by, about=placement, organisation=placement.commissioner_id, at=at)
    return placement


@transaction.atomic(durable=True)
def cancel_placement(*, placement: Placement, reason: str, by: User, at: dt.datetime) -> Placement:
    """Cancel a placement that has not started: what it drew and took is given back, and the provider, if it had been
    asked to sign, is told. The referral stays with its choice, which can be taken back there. Raises `Refused`."""
    referral = Referral.objects.locked(placement.referral_id) if placement.referral_id else None
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_commission, by, placement)
    if placement.state not in {PlacementState.DRAFT, PlacementState.ASSURANCE}:
        raise Refused("This placement has started or is over, so it cannot be cancelled. End it instead")
    told = queries.paper_of(placement) is not None
    if placement.route == Route.QUOTE and referral is not None:
        referring.move(referral=referral, to=ReferralState.ENQUIRING, at=at)
        enquiries.end_disclosure(referral=referral, by=by, at=at)
    placement.cancel_reason = reason
    placement.save(update_fields=["cancel_reason"])
    papers.replace(placement=placement, at=at)
    steps.cancel(placement=placement, by=by, at=at)
    if told:
        letters.cancelled(placement, at=at)
    return placement


def _source(placement: Placement, referral: Referral | None) -> Offer | Quote:
    """What the placement's price and days are of: the accepted offer, or the approved quote. Raises `Refused`."""
    source = queries.source_of(placement, referral)
    if source is None:
        raise Refused("The choice that this placement is of was taken back. Cancel the placement")
    return source
