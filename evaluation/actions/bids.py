"""A bid leaves the evaluation after the opening, or comes back: a recorded decision that changes nothing else."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import Bid
from evaluation.permissions import panel as permissions
from evaluation.queries.awards import holds_award
from evaluation.rules import opening as rules
from evaluation.rules.reversals import check_leaves
from evaluation.states import BidState
from evaluation.steps import rows
from lots.rules.refusals import Refused

EVENTS = {BidState.WITHDRAWN: "withdrawn", BidState.EXCLUDED: "excluded", BidState.IN: "brought_back"}


@transaction.atomic(durable=True)
def move_bid(*, bid: Bid, to: BidState, reason: str, by: User, at: dt.datetime) -> Bid:
    """Write down that the bidder withdrew, that it is excluded (Procurement Act 2023, section 26), or that an exclusion
    does not stand. Freeze, price checks and awards stay as they are: `rules.follows` says what somebody decides next.
    Raises `Refused`, also while its bidder holds a place that an award gave."""
    evaluation = rows.locked(bid.evaluation_id, by=by)
    bid = Bid.objects.locked(bid.pk)
    bid.evaluation = evaluation
    access.require(permissions.can_run_bid, by, bid)
    rules.check_bid_move(bid.state, to)
    check_leaves(to, holds=holds_award(bid))
    if not reason:
        raise Refused("Say why", field="reason")
    bid.state, bid.state_reason, bid.state_at, bid.state_by = to, reason, at, by
    bid.save(update_fields=["state", "state_reason", "state_at", "state_by"])
    audit.record(
        f"evaluation.bid.{EVENTS[to]}",
        by=by,
        about=bid,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk},
        at=at,
    )
    return bid
