"""A pupil's record is offered to another commissioner, who accepts or declines it. With the acceptance everything that
is known of the pupil goes over, and the giver's people meet it no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Pupil, PupilMove, Referral
from referrals.permissions import pupils as permissions
from referrals.queries import pupils as queries
from referrals.queries import sealed
from referrals.queries.referrals import names_of
from referrals.rules import moves as rules
from referrals.rules.pupils import check_standing
from referrals.states import MoveState, NoUpn, ReferralState
from referrals.steps import pupil_letters as letters
from referrals.steps import pupils as steps
from referrals.steps import referrals as referral_steps


@dataclass(frozen=True)
class Taken:
    """The pupil who came, and the taker's own record of a pupil with the same number, where there is one."""

    pupil: Pupil
    same: int | None


@transaction.atomic(durable=True)
def offer_pupil(*, pupil: Pupil, taker: Organisation, reason: str, by: User, at: dt.datetime) -> PupilMove:
    """Offer a pupil's record to another school, trust or council. Raises `Refused`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_change, by, pupil)
    check_standing(pupil.merged_into_id, pupil.purged_at)
    if PupilMove.objects.waiting().filter(pupil=pupil).exists():
        raise Refused("This record is offered to somebody already. Take that back first")
    rules.check_reason(reason, replace(names_of(pupil), schools=()))
    taker = Organisation.objects.get(pk=taker.pk)
    rules.check_taker(
        giver=pupil.commissioner_id,
        taker=taker.pk,
        may_commission=taker.kind in queries.COMMISSIONERS,
        is_open=taker.is_open,
        people=len(queries.commissioning_people(taker)),
    )
    move = PupilMove.objects.create(
        pupil=pupil, giver_id=pupil.commissioner_id, taker=taker, reason=reason, offered_at=at, offered_by=by
    )
    letters.tell_offered(move=move, at=at)
    audit.record(
        "referrals.pupilmove.offered", by=by, about=move, organisation=move.giver_id, data=_labels(move), at=at
    )
    return move


@transaction.atomic(durable=True)
def withdraw_move(*, move: PupilMove, by: User, at: dt.datetime) -> None:
    """Take an offer back before it is answered. Raises `Refused`."""
    Pupil.objects.locked(move.pupil_id)
    move = PupilMove.objects.locked(move.pk)
    people.forget_roles(by)
    access.require(permissions.can_withdraw_move, by, move)
    _answer(move, MoveState.WITHDRAWN, by, at)
    audit.record(
        "referrals.pupilmove.withdrawn", by=by, about=move, organisation=move.giver_id, data=_labels(move), at=at
    )


@transaction.atomic(durable=True)
def decline_move(*, move: PupilMove, by: User, at: dt.datetime) -> None:
    """Say no to a record. Nothing of it was seen but initials. Raises `Refused`."""
    Pupil.objects.locked(move.pupil_id)
    move = PupilMove.objects.locked(move.pk)
    people.forget_roles(by)
    access.require(permissions.can_answer_move, by, move)
    _answer(move, MoveState.DECLINED, by, at)
    audit.record(
        "referrals.pupilmove.declined", by=by, about=move, organisation=move.taker_id, data=_labels(move), at=at
    )


@transaction.atomic(durable=True)
def accept_move(*, move: PupilMove, by: User, at: dt.datetime) -> Taken:
    """Take a record over. The giver's open referrals of the pupil are closed and stay the giver's: they are its own
    decisions. Where the taker has a record with the same number, the number stays on that one alone until the two are
    put together. Raises `Refused`."""
    pupil = Pupil.objects.locked(move.pupil_id)
    move = PupilMove.objects.locked(move.pk)
    people.forget_roles(by)
    access.require(permissions.can_answer_move, by, move)
    _answer(move, MoveState.ACCEPTED, by, at)
    _close_referrals(pupil, move.giver_id, by, at)
    same = _take(pupil, move.taker_id, at)
    for verb, organisation in (("accepted", move.taker_id), ("given", move.giver_id)):
        audit.record(
            f"referrals.pupilmove.{verb}", by=by, about=move, organisation=organisation, data=_labels(move), at=at
        )
    return Taken(pupil, same)


def _answer(move: PupilMove, to: MoveState, by: User, at: dt.datetime) -> None:
    rules.check_move(move.state, to)
    move.state, move.answered_at, move.answered_by = to, at, by
    move.save(update_fields=["state", "answered_at", "answered_by"])
    letters.tell_answered(move=move, at=at)


def _take(pupil: Pupil, taker: int, at: dt.datetime) -> int | None:
    """The record belongs to the taker from now on, with those that were put together into it."""
    private, fields = sealed.private_of(pupil), {"commissioner_id": taker}
    keys = queries.keys_of(private)
    taken = queries.numbers_taken(taker, list(keys.values()))
    if keys["upn"] in taken:
        private, fields = replace(private, upn=""), fields | {"no_upn_reason": NoUpn.NOT_KNOWN}
    if keys["uln"] in taken:
        private = replace(private, uln="")
    steps.seal(pupil=pupil, private=private, at=at, **fields)
    Pupil.objects.filter(merged_into=pupil).update(commissioner=taker)
    return next(iter(taken.values()), None)


def _close_referrals(pupil: Pupil, giver: int, by: User, at: dt.datetime) -> None:
    rows = Referral.objects.select_for_update(of=("self",)).filter(pupil=pupil, commissioner=giver)
    for referral in rows.exclude(state=ReferralState.CLOSED).order_by("pk"):
        referral_steps.close(referral=referral, reason=rules.CLOSED_BECAUSE, by=by, at=at)


def _labels(move: PupilMove) -> dict:
    return {"pupil": move.pupil_id, "giver": move.giver_id, "taker": move.taker_id}
