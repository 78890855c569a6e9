"""Quality is frozen by one person, and only two undo it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from audit import steps as audit
from core import access
from evaluation.models import Bid, Evaluation, Freeze
from evaluation.permissions import duties
from evaluation.permissions import moderation as permissions
from evaluation.queries import freezes as queries
from evaluation.rules import freezing as rules
from evaluation.rules.stages import check_stage
from evaluation.states import Stage
from evaluation.steps import freezing, rows
from lots.permissions import BUYS
from lots.rules.refusals import Refused
from providers.steps import news

UNDOABLE = {Stage.FROZEN, Stage.PRICES, Stage.CHECKED, Stage.AWARDED}


@transaction.atomic(durable=True)
def freeze(*, evaluation: Evaluation, by: User, at: dt.datetime) -> Freeze:
    """Freeze quality as it is settled now. From here on no decision changes it but an appeal, beside it, and an
    unfreezing by two people. It waits for decisions that are being locked at this moment. Raises `Refused` with what is
    still open."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(duties.can_moderate, by, evaluation)
    check_stage(evaluation.stage, {Stage.JUDGING}, "Quality can be frozen")
    bids = Bid.objects.filter(evaluation=evaluation).counting().count()
    rules.check_clear(queries.open_things(evaluation, at=at), bids=bids)
    made = freezing.make(evaluation=evaluation, by=by, at=at)
    rows.move(evaluation, Stage.FROZEN)
    audit.record(
        "evaluation.freeze.made",
        by=by,
        about=made,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "number": made.number, "sha256": made.sha256, "bids": bids},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def propose_unfreeze(*, evaluation: Evaluation, reason: str, by: User, at: dt.datetime) -> Freeze:
    """Propose to undo the freeze. Nothing changes until somebody else confirms it. Raises `Refused`."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_propose_unfreeze, by, evaluation)
    check_stage(evaluation.stage, UNDOABLE, "A freeze can be undone")
    stands = _standing(evaluation)
    rules.check_unfreeze(reason=reason, proposed_by=stands.void_proposed_by_id)
    stands.void_reason, stands.void_proposed_at, stands.void_proposed_by = reason, at, by
    stands.save(update_fields=["void_reason", "void_proposed_at", "void_proposed_by"])
    news.tell_officers(
        framework=evaluation.framework,
        key=f"unfreeze-proposed:{stands.pk}:{at.isoformat()}",
        subject="Undoing a quality freeze waits for your confirmation",
        says="A colleague proposes to undo the freeze of quality in an evaluation. Somebody else must confirm it.",
        path=reverse("unfreeze", args=[evaluation.pk]),
        at=at,
        roles=[*BUYS, Role.ADMIN],
        but=by.pk,
    )
    audit.record(
        "evaluation.freeze.undoing_proposed",
        by=by,
        about=stands,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "number": stands.number},
        at=at,
    )
    return stands


@transaction.atomic(durable=True)
def drop_unfreeze(*, evaluation: Evaluation, by: User, at: dt.datetime) -> Freeze:
    """Drop the proposal: the freeze goes on to hold. Raises `Refused` where there is none."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_drop_unfreeze, by, evaluation)
    stands = queries.standing_freeze(evaluation)
    if stands is None or stands.void_proposed_by_id is None:
        raise Refused("Nobody proposes to undo the freeze now: the proposal was dropped or confirmed already")
    proposer = stands.void_proposed_by_id
    stands.void_reason, stands.void_proposed_at, stands.void_proposed_by = "", None, None
    stands.save(update_fields=["void_reason", "void_proposed_at", "void_proposed_by"])
    audit.record(
        "evaluation.freeze.undoing_dropped",
        by=by,
        about=stands,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "number": stands.number, "proposed_by": proposer},
        at=at,
    )
    return stands


@transaction.atomic(durable=True)
def confirm_unfreeze(*, evaluation: Evaluation, seen: str, by: User, at: dt.datetime) -> Freeze:
    """Undo the freeze as the second person: it is void, so are the runs of the price check and the sets that wait, and
    quality is judged again. An approved award stands and everybody in it keeps their place. Who could see prices until
    now is kept in the record. `seen` is the stage that stood on the page. Raises `Refused`."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_confirm_unfreeze, by, evaluation)
    check_stage(evaluation.stage, UNDOABLE, "A freeze can be undone")
    stands = _standing(evaluation)
    rules.check_confirm(proposed_by=stands.void_proposed_by_id, by=by.pk, seen=seen, stage=evaluation.stage)
    void = queries.would_be_void(evaluation, stands)
    freezing.void_later(evaluation=evaluation, reason=stands.void_reason, by=by, at=at)
    stands.voided_at, stands.voided_by = at, by
    stands.save(update_fields=["voided_at", "voided_by"])
    rows.move(evaluation, Stage.JUDGING)
    audit.record(
        "evaluation.freeze.undone",
        by=by,
        about=stands,
        organisation=evaluation.framework.buyer_id,
        data={
            "evaluation": evaluation.pk,
            "number": stands.number,
            "proposed_by": stands.void_proposed_by_id,
            "prices_opened": void.opening is not None,
            "could_see_prices": [person.pk for person in void.could_see],
            "awards_that_stand": [award.pk for award in void.awards],
        },
        at=at,
    )
    return stands


def _standing(evaluation: Evaluation) -> Freeze:
    stands = queries.standing_freeze(evaluation)
    if stands is None:
        raise Refused("There is no freeze that holds now. Look at the evaluation again")
    return stands
