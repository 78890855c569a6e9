"""A provider answers an enquiry: it offers, offers anew, or declines."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from core import access
from core.clock import database_now
from core.money import Money
from lots.rules.refusals import Refused
from lots.states import PlaceState
from referrals.models import Enquiry, Offer, OfferSession
from referrals.permissions import enquiries as permissions
from referrals.queries import enquiries as queries
from referrals.queries.worked import Proposal, Worked, worked_out
from referrals.rules import answering
from referrals.states import Decline, EnquiryState
from referrals.steps import enquiries as steps
from referrals.steps import enquiry_letters as letters


@transaction.atomic(durable=True)
def make_offer(
    *, enquiry: Enquiry, proposal: Proposal, shown_pence: int, by: User, at: dt.datetime, today: dt.date
) -> Offer:
    """Offer, or put another offer in the place of the last one while nobody is chosen, until the last moment to answer
    by the database's clock. `shown_pence` is the total that the person saw and agreed to. Raises `Refused`."""
    enquiry = Enquiry.objects.locked(enquiry.pk)
    forget_roles(by)
    access.require(permissions.can_answer, by, enquiry)
    answering.check_answerable(enquiry.state, now=database_now(), lapses_at=enquiry.lapses_at)
    if enquiry.place.state != PlaceState.ACTIVE or queries.is_suspended(enquiry.place):
        raise Refused("Your place on the framework is not active now, so you cannot offer on it")
    if enquiry.place.held_at is not None:
        raise Refused(
            "A document of yours has run out, so you take no new pupils under this framework until it is renewed. Add "
            "the new one to your library, or ask the framework’s buyer"
        )
    open_sites = {site.pk for site in queries.sites_of(enquiry.provider_id)}
    if any(site.pk not in open_sites for _, site in proposal.sessions):
        raise Refused("One of the sites is closed. Select another one")
    worked = worked_out(enquiry=enquiry, proposal=proposal, today=today)
    if worked.total.pence != shown_pence:
        raise Refused(
            f"The total is now {Money(worked.total.pence)}, because dates or prices changed meanwhile. "
            "Check it again before you send the offer"
        )
    offer = _write(enquiry, proposal, worked, by, at)
    steps.move(
        enquiry=enquiry,
        to=EnquiryState.OFFERED,
        verb="offered",
        by=by,
        at=at,
        organisation=enquiry.provider_id,
        answered_at=at,
        answered_by=by,
    )
    letters.to_commissioners(letters.OFFERED, [enquiry], at=at)
    return offer


@transaction.atomic(durable=True)
def decline(*, enquiry: Enquiry, reason: Decline, note: str, by: User, at: dt.datetime) -> Enquiry:
    """Say no, with the reason; an offer that was made is taken back with it, also after the last moment to answer.
    Raises `Refused`."""
    enquiry = Enquiry.objects.locked(enquiry.pk)
    forget_roles(by)
    access.require(permissions.can_answer, by, enquiry)
    answering.check_declinable(enquiry.state, now=database_now(), lapses_at=enquiry.lapses_at)
    enquiry.offers.filter(replaced_at=None).update(replaced_at=at)
    steps.move(
        enquiry=enquiry,
        to=EnquiryState.DECLINED,
        verb="declined",
        by=by,
        at=at,
        organisation=enquiry.provider_id,
        answered_at=at,
        answered_by=by,
        decline_reason=reason,
        decline_note=note,
        ended_at=at,
    )
    letters.to_commissioners(letters.DECLINED, [enquiry], at=at)
    return enquiry


def _write(enquiry: Enquiry, proposal: Proposal, worked: Worked, by: User, at: dt.datetime) -> Offer:
    number = enquiry.offers.count() + 1
    enquiry.offers.filter(replaced_at=None).update(replaced_at=at)
    offer = Offer.objects.create(
        enquiry=enquiry,
        number=number,
        line=proposal.line,
        pence=worked.pence,
        awarded_pence=worked.awarded_pence,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        units=worked.total.units,
        total_pence=worked.total.pence,
        note=proposal.note,
        made_at=at,
        made_by=by,
    )
    OfferSession.objects.bulk_create(
        OfferSession(offer=offer, weekday=one.weekday, starts=one.starts, ends=one.ends, site=site)
        for one, site in proposal.sessions
    )
    return offer
