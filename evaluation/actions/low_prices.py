"""The question about an unusually low price: asked, answered by the bidder, decided (Procurement Act 2023, s.19)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access, clock
from evaluation.models import Bid, LowEnquiry
from evaluation.permissions import prices as permissions
from evaluation.queries.low_prices import enquiry_about
from evaluation.rules import low_prices as rules
from evaluation.rules.clarifying import due_at
from evaluation.rules.stages import check_stage
from evaluation.states import BidState, Stage
from evaluation.steps import gate, price_letters, rows
from providers.models import BidPrice
from providers.models.applications import drawn


@transaction.atomic(durable=True)
def ask_low_price(*, bid: Bid, price: BidPrice, text: str, by: User, at: dt.datetime) -> LowEnquiry:
    """Ask a bidder how it can do the work for this price. Its leads get a letter that does not say what is asked.
    Raises `Refused`."""
    evaluation = rows.locked(bid.evaluation_id, by=by)
    bid = Bid.objects.locked(bid.pk)
    bid.evaluation = evaluation
    access.require(permissions.can_handle, by, bid)
    check_stage(evaluation.stage, {Stage.PRICES}, "A bidder can be asked about a price")
    price = BidPrice.objects.get(pk=price.pk, submission=bid.submission_id)
    stands = enquiry_about(price)
    rules.check_ask(
        asked_already=stands is not None,
        decided=bool(stands and stands.decision),
        is_in=bid.state == BidState.IN,
    )
    made = LowEnquiry.objects.create(
        bid=bid,
        price=price,
        text=text,
        asked_at=at,
        asked_by=by,
        due_at=due_at(at, evaluation.clarify_days),
    )
    price_letters.tell_asked(enquiry=made, at=at)
    audit.record("evaluation.low_price.asked", by=by, at=at, **_of(made))
    return made


@transaction.atomic(durable=True)
def answer_low_price(*, enquiry: LowEnquiry, text: str, by: User) -> LowEnquiry:
    """Answer for the bidder, in time by the database's clock, once. Raises `Refused`."""
    at = clock.database_now()
    evaluation = rows.locked(enquiry.bid.evaluation_id, by=by)
    enquiry = _locked(enquiry, evaluation)
    access.require(permissions.can_answer_low, by, enquiry)
    rules.check_answer(
        at=at,
        due_at=enquiry.due_at,
        answered=enquiry.answered_at is not None,
        ended=enquiry.replaced_at is not None or bool(enquiry.decision),
    )
    enquiry.answer, enquiry.answered_at, enquiry.answered_by = text, at, by
    enquiry.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("evaluation.low_price.answered", by=by, at=at, **_of(enquiry))
    return enquiry


@transaction.atomic(durable=True)
def decide_low_price(*, enquiry: LowEnquiry, decision: str, reason: str, by: User, at: dt.datetime) -> LowEnquiry:
    """Decide whether the price counts: an approver who did not ask, with the reason, once the bidder has answered or
    its time is over. Decided anew it is a row of its own, and the earlier one stays to be read. What was worked out
    before counts no longer. Raises `Refused`."""
    evaluation = rows.locked(enquiry.bid.evaluation_id, by=by)
    enquiry = _locked(enquiry, evaluation)
    access.require(permissions.can_decide_low, by, enquiry)
    check_stage(evaluation.stage, {Stage.PRICES}, "An unusually low price can be decided")
    rules.check_decide(
        decision=decision,
        asked_by=enquiry.asked_by_id,
        by=by.pk,
        at=at,
        due_at=enquiry.due_at,
        answered=enquiry.answered_at is not None,
        ended=enquiry.replaced_at is not None,
    )
    if enquiry.decision:
        LowEnquiry.objects.filter(pk=enquiry.pk).update(replaced_at=at)
        enquiry.pk, enquiry._state.adding = drawn(), True
    enquiry.decision, enquiry.reason, enquiry.decided_at, enquiry.decided_by = decision, reason, at, by
    enquiry.save()
    gate.set_aside(evaluation=evaluation, reason=rules.WHY_VOID, by=by, at=at)
    audit.record("evaluation.low_price.decided", by=by, at=at, **_of(enquiry))
    return enquiry


def _locked(enquiry: LowEnquiry, evaluation) -> LowEnquiry:
    enquiry = LowEnquiry.objects.select_related("bid__provider").get(pk=enquiry.pk)
    enquiry.bid.evaluation = evaluation
    return enquiry


def _of(enquiry: LowEnquiry) -> dict:
    """What every event of a question says of it: never whose price it is, the answer or what was decided, because
    moderators who administer read the record too."""
    evaluation = enquiry.bid.evaluation
    return {
        "about": enquiry,
        "organisation": evaluation.framework.buyer_id,
        "data": {"evaluation": evaluation.pk},
    }
