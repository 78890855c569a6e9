"""The agreement for a pupil is sent to be signed, signed by the provider, then by the contracting party. With that the
placement is agreed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.models import Framework, Place
from lots.queries.call_off import may_call_off
from lots.rules.refusals import Refused
from referrals.models import Placement, PlacementPaper, Pupil, Referral
from referrals.permissions import placements as permissions
from referrals.queries import placements as queries
from referrals.queries import sharing
from referrals.queries.enquiries import is_insured, is_suspended
from referrals.queries.outside import is_suspended as is_wholly_suspended
from referrals.rules import offers, outside, placing
from referrals.states import Route
from referrals.steps import papers
from referrals.steps import placement_letters as letters
from referrals.steps import placements as steps


@transaction.atomic(durable=True)
def send_for_signature(*, placement: Placement, seen: int, by: User, at: dt.datetime, today: dt.date) -> PlacementPaper:
    """Write the agreement and ask the provider to sign it. What would stop it from being agreed now is said now; free
    places and value are taken only when both have signed. Raises `Refused`."""
    place, referral = _held(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_commission, by, placement)
    placing.check_draft(placement.state)
    placing.check_seen(seen, placement.revision)
    _check(placement, place, referral, by, today)
    made = papers.make(placement=placement, by=by, at=at)
    letters.to_provider(made, at=at)
    audit.record("referrals.placement.sent", by=by, about=placement, organisation=placement.commissioner_id, at=at)
    return made


@transaction.atomic(durable=True)
def sign_for_provider(*, placement: Placement, sha256: str, name: str, by: User, at: dt.datetime) -> PlacementPaper:
    """The provider signs the agreement that the person read (`sha256`). Raises `Refused`."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_sign_for_provider, by, placement)
    placing.check_draft(placement.state)
    paper = _read(placement, sha256, side="provider")
    papers.sign(paper=paper, side="provider", name=name, by=by, at=at)
    letters.to_party(paper, at=at)
    audit.record("referrals.placement.signed", by=by, about=placement, organisation=placement.provider_id, at=at)
    return paper


@transaction.atomic(durable=True)
def sign_for_party(
    *, placement: Placement, sha256: str, name: str, over_reason: str, by: User, at: dt.datetime, today: dt.date
) -> PlacementPaper:
    """The contracting party signs, and the placement is agreed: everything is asked again under the locks (framework,
    place, pupil, referral, placement, free places). `over_reason` is why more is spent than a value allows. Raises
    `Refused`."""
    place, referral = _held(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_sign_for_party, by, placement)
    placing.check_draft(placement.state)
    paper = _read(placement, sha256, side="party")
    placing.check_two_people(paper.provider_signed_by_id, by.pk)
    _check(placement, place, referral, by, today)
    papers.sign(paper=paper, side="party", name=name, by=by, at=at)
    steps.agree(placement=placement, over_reason=over_reason, by=by, at=at)
    letters.agreed(placement, at=at)
    audit.record("referrals.placement.signed", by=by, about=placement, organisation=placement.commissioner_id, at=at)
    return paper


def _held(placement: Placement) -> tuple[Place | None, Referral | None]:
    """What a placement hangs on, locked in order before the placement itself."""
    place = None
    if placement.place_id:
        Framework.objects.locked(placement.framework_id)
        place = Place.objects.locked(placement.place_id)
    Pupil.objects.locked(placement.pupil_id)
    referral = Referral.objects.locked(placement.referral_id) if placement.referral_id else None
    return place, referral


def _read(placement: Placement, sha256: str, *, side: str) -> PlacementPaper:
    """The agreement that stands, if it is the one that was read and this side signs next. Raises `Refused`."""
    paper = queries.paper_of(placement)
    placing.check_to_sign(
        sent=paper is not None,
        same=paper is not None and paper.sha256 == sha256,
        signed=paper is not None and getattr(paper, f"{side}_signed_at") is not None,
        first=side == "provider" or (paper is not None and paper.provider_signed_at is not None),
    )
    return paper


def _check(placement: Placement, place: Place | None, referral: Referral | None, by, today: dt.date) -> None:
    """The place takes new pupils, the commissioner may call off, the choice stands with the price that was offered, the
    provider may know the pupil, and the pupil is nowhere else. Raises `Refused`."""
    if placement.starts_on < today:
        raise Refused("The first day has passed. Change the days of the placement first")
    if place is not None:
        offers.check_place(
            state=place.state,
            framework=place.framework.state,
            usable=may_call_off(placement.commissioner, placement.framework_id),
            suspended=is_suspended(place),
            held=place.held_at is not None,
            insured=is_insured(place.provider_id, max(today, placement.starts_on)),
        )
        _check_source(placement, referral)
    else:
        outside.check_provider(shares=True, suspended=is_wholly_suspended(placement.provider_id))
    if sharing.in_force(placement.commissioner_id, placement.provider_id, today, locked=True) is None:
        raise Refused(
            "There is no agreement to share pupil data with this provider in force today. Write it down under “Data "
            "sharing”, then try again"
        )
    steps.check_week(placement=placement, sessions=queries.week_of(placement), by=by)


def _check_source(placement: Placement, referral: Referral | None) -> None:
    source = queries.source_of(placement, referral)
    if source is None or not queries.is_known_to(referral, placement.provider_id):
        raise Refused("The choice of this provider was taken back, so the placement cannot be agreed. Cancel it")
    same_line = placement.route == Route.QUOTE or source.line_id == placement.line_id
    if source.pence != placement.pence or not same_line:
        raise Refused("The price is no longer the one that was offered. Change the placement, and send it again")
