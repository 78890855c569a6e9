"""A bidder challenges an outcome: it is noted, and decided by somebody who had no hand in it. An upheld appeal changes
that outcome and nothing else: the freeze, the price check and the award stand until people decide otherwise."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import Appeal, Bid
from evaluation.permissions import moderation as permissions
from evaluation.queries import appeals as queries
from evaluation.queries import differences
from evaluation.rules import appeals as rules
from evaluation.rules.stages import check_stage
from evaluation.states import AppealState, Outcome, Settlement, Stage
from evaluation.steps import rows, settling
from lots.models import Lot, Standard

AFTER_A_FREEZE = {Stage.FROZEN, Stage.PRICES, Stage.CHECKED, Stage.AWARDED}


@transaction.atomic(durable=True)
def note_appeal(
    *,
    bid: Bid,
    standard: Standard,
    lot: Lot | None = None,
    text: str,
    received_on: dt.date,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Appeal:
    """Write down that a bidder challenges the outcome of one standard, in their words. Raises `Refused`."""
    evaluation = rows.locked(bid.evaluation_id, by=by)
    bid = Bid.objects.locked(bid.pk)
    bid.evaluation = evaluation
    access.require(permissions.can_note_appeal, by, bid)
    check_stage(evaluation.stage, AFTER_A_FREEZE, "An appeal is noted")
    stands = queries.standing_outcome(bid.pk, standard.pk, lot.pk if lot else None)
    rules.check_note(
        stands=stands.outcome if stands else None,
        text=text,
        received_on=received_on,
        opened_on=differences.opened_on(evaluation),
        today=today,
    )
    made = Appeal.objects.create(
        bid=bid, standard=standard, lot=lot, text=text, received_on=received_on, noted_at=at, noted_by=by
    )
    audit.record(
        "evaluation.appeal.noted",
        by=by,
        about=made,
        organisation=evaluation.framework.buyer_id,
        data={"bid": bid.pk, "standard": standard.pk, "lot": made.lot_id},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def decide_appeal(
    *, appeal: Appeal, decision: AppealState, outcome: Outcome | str = "", reason: str, by: User, at: dt.datetime
) -> Appeal:
    """Dismiss it, or uphold it with another `outcome`, which then stands for that standard. Raises `Refused`."""
    evaluation = rows.locked(appeal.bid.evaluation_id, by=by)
    bid = Bid.objects.locked(appeal.bid_id)
    appeal = Appeal.objects.locked(appeal.pk)
    bid.evaluation, appeal.bid = evaluation, bid
    access.require(permissions.can_decide_appeal, by, appeal)
    check_stage(evaluation.stage, {*AFTER_A_FREEZE, Stage.JUDGING}, "An appeal is decided")
    unit = (bid.pk, appeal.standard_id, appeal.lot_id)
    case = differences.case_of(bid, appeal.standard, appeal.lot, user=by)
    rules.check_decider(state=appeal.state, has_judged=case.has_judged, has_settled=differences.has_settled(by, *unit))
    stands = queries.standing_outcome(*unit)
    rules.check_decision(to=decision, outcome=outcome, reason=reason, stands=stands.outcome if stands else None)
    if decision == AppealState.UPHELD:
        appeal.settled = settling.settle(
            bid=bid,
            standard_id=appeal.standard_id,
            lot_id=appeal.lot_id,
            outcome=outcome,
            how=Settlement.APPEAL,
            reason=reason,
            by=by,
            at=at,
        )
    appeal.state, appeal.reason, appeal.decided_at, appeal.decided_by = decision, reason, at, by
    appeal.save(update_fields=["state", "reason", "settled", "decided_at", "decided_by"])
    audit.record(
        "evaluation.appeal.decided",
        by=by,
        about=appeal,
        organisation=evaluation.framework.buyer_id,
        data={"bid": bid.pk, "standard": appeal.standard_id, "lot": appeal.lot_id},
        at=at,
    )
    return appeal
