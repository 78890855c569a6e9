"""A placement is made of an accepted offer, changed while it is being agreed, and cancelled before it starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.queries import calendars_for, forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Offer, Placement, Pupil, Quote, Referral
from referrals.permissions import placements as permissions
from referrals.queries import placements as queries
from referrals.queries.sharing import terms_of
from referrals.rules import approval, placing
from referrals.rules.timetable import Session, check_sessions
from referrals.states import PlacementState, ReferralState, Route, Runs
from referrals.steps import enquiries, papers
from referrals.steps import placement_letters as letters
from referrals.steps import placements as steps
from referrals.steps import referrals as referring
from referrals.steps.placements import Part


@dataclass(frozen=True)
class Terms:
    """What the commissioner writes beside the offer: who is bound to pay, the home school (none: its key is empty), the
    days, the week with whose days each session follows, and who pays what (funder, hundredths of a per cent)."""

    contracting_party: int
    home_school: int | None
    starts_on: dt.date
    ends_on: dt.date
    parts: Sequence[Part]
    shares: Sequence[tuple[int, int]]
    hours_reason: str = ""


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
        **_checked(referral, offer, terms, today),
    )
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
    for name, value in _checked(referral, source, terms, today).items():
        setattr(placement, name, value)
    placement.revision += 1
    placement.save()
    steps.write_week(placement=placement, parts=terms.parts)
    steps.write_shares(placement=placement, shares=terms.shares, by=by, at=at)
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


def _checked(referral: Referral, source: Offer | Quote, terms: Terms, today: dt.date) -> dict:
    """The columns of a placement that follow from what was written, judged by every rule of them. Raises `Refused`."""
    is_offer = isinstance(source, Offer)
    place = source.enquiry.place if is_offer else source.place
    placing.check_days(
        terms.starts_on, terms.ends_on, today=today, offered_from=source.starts_on, offered_until=source.ends_on
    )
    parties = {one.pk: one for one in queries.parties_for(referral.commissioner, place.framework)}
    if terms.contracting_party not in parties:
        raise Refused("Select who signs and is bound to pay", field="contracting_party")
    schools = {one.pk: one for one in queries.schools_of(referral.pupil, terms.starts_on)}
    if terms.home_school is not None and terms.home_school not in schools:
        raise Refused("The pupil is not on the roll of this school on the first day", field="home_school")
    placing.check_shares(terms.shares)
    if not queries.may_pay(funder for funder, _ in terms.shares):
        raise Refused("One of those who pay is no longer open. Choose another", field="funder_1")
    sessions = [Session(one.weekday, one.starts, one.ends) for one in terms.parts]
    check_sessions(sessions)
    if is_offer and not _is_week_of(source, terms.parts):
        raise Refused("The week is no longer the one that the provider offered. Open the page again")
    units, total = _total(referral, source, place, terms, schools.get(terms.home_school))
    limit = terms_of(referral.commissioner_id).approve_above_pence
    covered = is_offer and approval.covers(limit, referral.approved_pence, total)
    placing.check_cost(total, source.total_pence, covered=covered)
    return {
        "contracting_party_id": terms.contracting_party,
        "home_school_id": terms.home_school,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "units": units,
        "total_pence": total,
        "hours_reason": terms.hours_reason,
    }


def _total(referral, source: Offer | Quote, place, terms: Terms, school) -> tuple[int, int]:
    """Units and pence: the offer's own where nothing of it was changed, else worked out anew."""
    on_school_days = all(one.runs == Runs.SCHOOL for one in terms.parts)
    same_days = (terms.starts_on, terms.ends_on) == (source.starts_on, source.ends_on)
    if isinstance(source, Offer) and on_school_days and same_days:
        return source.units, source.total_pence
    whose = school or referral.commissioner
    calendars = calendars_for([whose, place.provider])
    return placing.worked_out(
        [(Session(one.weekday, one.starts, one.ends), one.runs) for one in terms.parts],
        unit=source.line.unit if isinstance(source, Offer) else source.unit,
        pence=source.pence,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        calendars={Runs.SCHOOL: calendars[whose.pk], Runs.PROVIDER: calendars[place.provider_id]},
    )


def _is_week_of(offer: Offer, parts: Sequence[Part]) -> bool:
    offered = sorted((one.weekday, one.starts, one.ends, one.site_id) for one in offer.sessions.all())
    return offered == sorted((one.weekday, one.starts, one.ends, one.site and one.site.pk) for one in parts)
