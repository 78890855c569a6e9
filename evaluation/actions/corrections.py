"""Correcting an obvious error in a price: proposed with the bidder's consent, approved by a second person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import Bid, Correction, LowEnquiry
from evaluation.permissions import prices as permissions
from evaluation.queries import prices as queries
from evaluation.rules import corrections as rules
from evaluation.rules.stages import check_stage
from evaluation.states import BidState, Stage
from evaluation.steps import gate, rows
from providers.models import BidPrice

OPEN = {Stage.PRICES, Stage.CHECKED}


@transaction.atomic(durable=True)
def propose_correction(
    *, bid: Bid, price: BidPrice, becomes_pence: int, reason: str, consent: str, by: User, at: dt.datetime
) -> Correction:
    """Propose to correct a price of a bid, of a line that is compared or not: what it should say, why that is an
    obvious error, and how the bidder agreed. It changes nothing yet. Raises `Refused`."""
    evaluation = rows.locked(bid.evaluation_id, by=by)
    bid = Bid.objects.locked(bid.pk)
    bid.evaluation = evaluation
    access.require(permissions.can_handle, by, bid)
    check_stage(evaluation.stage, OPEN, "A price can be corrected")
    price = queries.with_current(BidPrice.objects.filter(submission=bid.submission_id)).get(pk=price.pk)
    waiting = Correction.objects.filter(price=price, approved_at=None, dropped_at=None)
    rules.check_propose(
        was=price.now_pence, becomes=becomes_pence, waits=waiting.exists(), is_in=bid.state == BidState.IN
    )
    made = Correction.objects.create(
        price=price,
        was_pence=price.now_pence,
        becomes_pence=becomes_pence,
        reason=reason,
        consent=consent,
        proposed_at=at,
        proposed_by=by,
    )
    audit.record("evaluation.correction.proposed", by=by, at=at, **_of(made, bid))
    return made


@transaction.atomic(durable=True)
def approve_correction(*, correction: Correction, by: User, at: dt.datetime) -> Correction:
    """Approve it as the second person. From now on the price is the corrected one. Runs before it count no longer and
    stay to be read; a question about the price as it was ends. Raises `Refused`."""
    correction, bid = _locked(correction, by)
    access.require(permissions.can_approve_correction, by, correction)
    check_stage(bid.evaluation.stage, OPEN, "A price can be corrected")
    price = queries.with_current(BidPrice.objects.filter(pk=correction.price_id)).get()
    rules.check_approve(
        over=_is_over(correction),
        proposed_by=correction.proposed_by_id,
        by=by.pk,
        was=correction.was_pence,
        now=price.now_pence,
    )
    Correction.objects.filter(price=price, approved_at__isnull=False, replaced_at=None).update(replaced_at=at)
    LowEnquiry.objects.filter(price=price, replaced_at=None).update(replaced_at=at)
    correction.approved_at, correction.approved_by = at, by
    correction.save(update_fields=["approved_at", "approved_by"])
    gate.set_aside(evaluation=bid.evaluation, reason=rules.WHY_VOID, by=by, at=at)
    audit.record("evaluation.correction.approved", by=by, at=at, **_of(correction, bid))
    return correction


@transaction.atomic(durable=True)
def drop_correction(*, correction: Correction, by: User, at: dt.datetime) -> Correction:
    """Drop a correction that waits; it stays to be read. Raises `Refused`."""
    correction, bid = _locked(correction, by)
    access.require(permissions.can_drop_correction, by, correction)
    rules.check_waits(over=_is_over(correction))
    correction.dropped_at = at
    correction.save(update_fields=["dropped_at"])
    audit.record("evaluation.correction.dropped", by=by, at=at, **_of(correction, bid))
    return correction


def _locked(correction: Correction, by: User) -> tuple[Correction, Bid]:
    """The correction with its bid, the evaluation and the bid held."""
    key = Bid.objects.values_list("evaluation_id", "pk").get(submission__prices__corrections=correction.pk)
    evaluation = rows.locked(key[0], by=by)
    bid = Bid.objects.locked(key[1])
    bid.evaluation = evaluation
    correction = Correction.objects.select_related("price__submission").get(pk=correction.pk)
    correction.price.submission.bid = bid
    return correction, bid


def _is_over(correction: Correction) -> bool:
    return correction.approved_at is not None or correction.dropped_at is not None


def _of(correction: Correction, bid: Bid) -> dict:
    """What every event of a correction says of it: never an amount, nor whose price it is, because moderators who
    administer read the record too."""
    evaluation = bid.evaluation
    return {
        "about": correction,
        "organisation": evaluation.framework.buyer_id,
        "data": {"evaluation": evaluation.pk},
    }
