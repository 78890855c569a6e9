"""A difference is decided in a meeting: the consensus with its reason stands, and what the two had decided stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import Bid, Meeting, Settled
from evaluation.permissions import moderation as permissions
from evaluation.queries import differences as queries
from evaluation.rules import moderation as rules
from evaluation.rules.stages import check_stage
from evaluation.states import BidState, Outcome, Settlement, Stage
from evaluation.steps import rows, settling
from lots.models import Lot, Standard


@transaction.atomic(durable=True)
def moderate(
    *,
    bid: Bid,
    standard: Standard,
    lot: Lot | None = None,
    outcome: Outcome,
    reason: str,
    met_on: dt.date,
    took_part: Collection[User],
    seen: int | None,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Settled:
    """Write down what a meeting agreed about one standard of one bid. Until the freeze it can be decided anew; every
    outcome that stood stays. `seen` is the key of the outcome that stood on the page. Raises `Refused`."""
    evaluation = rows.locked(bid.evaluation_id, by=by)
    bid = Bid.objects.locked(bid.pk)
    bid.evaluation = evaluation
    access.require(permissions.can_moderate_bid, by, bid)
    check_stage(evaluation.stage, {Stage.JUDGING}, "A difference is decided")
    case = queries.case_of(bid, standard, lot, user=by)
    stands = case.stands
    rules.check_case(
        is_in=bid.state == BidState.IN,
        has_judged=case.has_judged,
        outcomes=[one.outcome for one in case.sides],
        how=stands.how if stands else None,
        clashes=case.clashes,
    )
    rules.check_seen(seen=seen, stands=stands.pk if stands else None)
    panel = queries.panel_of(bid, [one.person_id for one in case.sides])
    rules.check_meeting(
        outcome=outcome,
        reason=reason,
        met_on=met_on,
        took_part=[one.pk for one in took_part],
        panel=[one.pk for one in panel],
        opened_on=queries.opened_on(evaluation),
        today=today,
    )
    made = settling.settle(
        bid=bid,
        standard_id=standard.pk,
        lot_id=lot.pk if lot else None,
        outcome=outcome,
        how=Settlement.MODERATED,
        reason=reason,
        by=by,
        at=at,
    )
    meeting = Meeting.objects.create(settled=made, met_on=met_on)
    meeting.took_part.set(took_part)
    audit.record(
        "evaluation.difference.moderated",
        by=by,
        about=made,
        organisation=evaluation.framework.buyer_id,
        data={
            "bid": bid.pk,
            "standard": standard.pk,
            "lot": made.lot_id,
            "met_on": met_on.isoformat(),
            "took_part": sorted(one.pk for one in took_part),
        },
        at=at,
    )
    return made
