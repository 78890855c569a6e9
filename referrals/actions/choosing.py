"""An offer is accepted: its provider is told who the pupil is, the others are told kindly, and no more than that."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.models import Framework, Place
from lots.queries import call_off
from lots.rules.refusals import Refused
from referrals.models import Approval, Choice, Disclosure, Enquiry, Offer, Referral
from referrals.permissions import enquiries as permissions
from referrals.queries import approvals, sharing
from referrals.queries import enquiries as asked
from referrals.queries import offers as queries
from referrals.queries.placements import check_not_agreed
from referrals.rules import approval, choice
from referrals.rules import offers as offer_rules
from referrals.rules.timetable import check_starts
from referrals.states import EnquiryState, ReferralState
from referrals.steps import approval as approving
from referrals.steps import enquiries as steps
from referrals.steps import enquiry_letters as letters
from referrals.steps import referrals as referring

ACCEPTABLE = [EnquiryState.OFFERED]
NO_AGREEMENT = (
    "There is no agreement to share pupil data with this provider in force today, so nobody may tell it who the pupil "
    "is. Write the agreement down under “Data sharing”, then accept the offer"
)


@transaction.atomic(durable=True)
def choose_offer(
    *, enquiry: Enquiry, offer: int, ground: str = "", reason: str = "", by: User, at: dt.datetime, today: dt.date
) -> Choice | Approval:
    """Accept the offer (its key) that the person saw. Everything is asked again under the locks (framework, place,
    referral, enquiries, agreement to share data). An offer above what may be spent is not accepted: the budget holder
    is asked, and that question is returned. Raises `Refused`."""
    Framework.objects.locked(enquiry.place.framework_id)
    place = Place.objects.locked(enquiry.place_id)
    referral = Referral.objects.locked(enquiry.referral_id)
    rows = steps.locked_of(referral)
    forget_roles(by)
    access.require(permissions.can_ask, by, referral)
    enquiry = next((one for one in rows if one.pk == enquiry.pk), None)
    _check_open(referral, enquiry)
    standing = queries.offers_standing(referral, states=ACCEPTABLE)
    accepted = next((one for one in standing if one.pk == offer and one.enquiry_id == enquiry.pk), None)
    if accepted is None:
        raise Refused("The provider has replaced or taken back this offer. Look at the offers again")
    ranked = queries.ranking(referral, standing)
    _check_place(place, referral, accepted, today)
    policies = referral.framework.policies
    choice.check_departure(
        first=accepted.pk in {one.offer for one in ranked if one.is_first},
        ground=ground,
        reason=reason,
        grounds=choice.grounds_of(policies.departures),
    )
    agreement = sharing.in_force(referral.commissioner_id, enquiry.provider_id, today, locked=True)
    if agreement is None:
        raise Refused(NO_AGREEMENT)
    if not _covered(referral, accepted):
        return _ask_holder(referral, accepted, by, at)
    approving.close(referral=referral, why="Another offer was chosen", by=by, at=at)
    made = Choice.objects.create(
        referral=referral,
        offer=accepted,
        selection=policies.selection,
        ranking=_frozen(ranked, standing),
        ground=ground,
        reason=reason,
        chosen_at=at,
        chosen_by=by,
    )
    audit.record(
        "referrals.choice.made",
        by=by,
        about=made,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk, "offer": accepted.pk, "departed": bool(ground)},
        at=at,
    )
    _settle(referral, enquiry, rows, by, at)
    _disclose(referral, enquiry, agreement, by, at)
    return made


@transaction.atomic(durable=True)
def undo_choice(*, referral: Referral, reason: str, by: User, at: dt.datetime) -> Choice:
    """Take a choice back before the placement is agreed: the provider reads nothing more from this moment, and others
    can be asked. The reason stays. Raises `Refused`."""
    referral = Referral.objects.locked(referral.pk)
    forget_roles(by)
    access.require(permissions.can_ask, by, referral)
    made = queries.choice_of(referral)
    if made is None or referral.state != ReferralState.CHOSEN:
        raise Refused("No choice stands on this referral, so there is nothing to take back")
    check_not_agreed(referral)
    made.undone_at, made.undone_by, made.undone_reason = at, by, reason
    made.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    audit.record(
        "referrals.choice.undone",
        by=by,
        about=made,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk, "offer": made.offer_id},
        at=at,
    )
    referring.move(referral=referral, to=ReferralState.ENQUIRING, at=at)
    steps.withdraw_open(referral=referral, by=by, at=at)
    return made


def _check_open(referral: Referral, enquiry: Enquiry | None) -> None:
    if referral.state == ReferralState.CHOSEN:
        raise Refused("Somebody has chosen a provider for this referral already. Nothing was changed")
    if referral.state != ReferralState.ENQUIRING or enquiry is None or enquiry.state not in ACCEPTABLE:
        raise Refused("This offer can no longer be accepted. Look at the offers again")


def _check_place(place: Place, referral: Referral, offer: Offer, today: dt.date) -> None:
    check_starts(offer.starts_on, today=today)
    offer_rules.check_place(
        state=place.state,
        framework=place.framework.state,
        usable=call_off.may_call_off(referral.commissioner, place.framework_id),
        suspended=asked.is_suspended(place),
        held=place.held_at is not None,
        insured=asked.is_insured(place.provider_id, today) and asked.is_insured(place.provider_id, offer.starts_on),
    )


def _covered(referral: Referral, offer: Offer) -> bool:
    limit = sharing.terms_of(referral.commissioner_id).approve_above_pence
    return approval.covers(limit, referral.approved_pence, offer.total_pence)


def _ask_holder(referral: Referral, offer: Offer, by: User, at: dt.datetime) -> Approval:
    waiting = approvals.open_of(referral)
    if waiting and waiting.pence >= offer.total_pence:
        raise Refused(
            "The budget holder was asked about this cost and has not answered yet. Accept the offer once they have"
        )
    return approving.ask(referral=referral, pence=offer.total_pence, why="The cost of an offer", by=by, at=at)


def _settle(referral: Referral, chosen: Enquiry, rows: list[Enquiry], by: User, at: dt.datetime) -> None:
    """The chosen one, then all others that are open: they are told kindly, without name or price of who was chosen."""
    steps.move(enquiry=chosen, to=EnquiryState.CHOSEN, verb="chosen", by=by, at=at)
    others = [one for one in rows if one.pk != chosen.pk]
    for one in others:
        steps.move(enquiry=one, to=EnquiryState.NOT_CHOSEN, verb="not_chosen", by=by, at=at, ended_at=at)
    referring.move(referral=referral, to=ReferralState.CHOSEN, at=at)
    letters.to_providers(letters.CHOSEN, [chosen], at=at)
    letters.to_providers(letters.NOT_CHOSEN, others, at=at)


def _disclose(referral: Referral, enquiry: Enquiry, agreement, by: User, at: dt.datetime) -> None:
    given = Disclosure.objects.create(
        referral=referral, provider=enquiry.provider, agreement=agreement, given_at=at, given_by=by
    )
    audit.record(
        "referrals.disclosure.given",
        by=by,
        about=given,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk, "provider": enquiry.provider_id, "agreement": agreement.pk},
        at=at,
    )


def _frozen(ranked, standing: list[Offer]) -> list[dict]:
    """The order as it stood when somebody chose, for whoever asks later why."""
    offers = {one.pk: one for one in standing}
    return [
        {
            "position": one.position,
            "offer": one.offer,
            "enquiry": offers[one.offer].enquiry_id,
            "provider": offers[one.offer].enquiry.provider_id,
            "total_pence": offers[one.offer].total_pence,
            "short_of": list(one.short_of),
            "late": one.late,
        }
        for one in ranked
    ]
