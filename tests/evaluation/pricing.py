"""Stories of the price check: opened by Max, who asks for runs; decided, approved and signed by Fay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from evaluation.actions import corrections, gate, low_prices
from evaluation.models import Bid, Correction, Evaluation, GateRun, LowEnquiry
from evaluation.queries.gate import flags_of
from evaluation.rules.clarifying import due_at
from evaluation.work import prices as work
from providers.models import BidPrice
from tests.evaluation.further import priced
from tests.evaluation.made import DAY, bids_of, evaluation

LOW = (1000, 4500, 4600, 4800)  # the first is below half of the others' average
REASON = "They showed how they do it."


def opened(world, *, prices: Collection[int] = (4000, 4200, 4500, 6000), count: int | None = None, **words):
    """Prices open, with one bid for each of them."""
    made = evaluation(world, count=count or len(prices), prices=list(prices), **words)
    priced(made, world)
    return made


def when(made: Evaluation) -> dt.datetime:
    """Two hours after quality was frozen, some hours ago."""
    return made.freezes.get(voided_at=None).at + DAY / 12


def ask_run(made: Evaluation, by, why: str = "") -> GateRun:
    """Asked for and worked out, as its task does it."""
    run = gate.ask_run(evaluation=made, why=why, by=by, at=when(made))
    return gate.work_out(run=run, by=work.WORKER, at=when(made))


def sign(run: GateRun, by, seen: Collection[str] | None = None) -> GateRun:
    """Signed, with everything seen that is pointed out."""
    seen = [flag.kind for flag in flags_of(run)] if seen is None else seen
    return gate.sign_run(run=run, seen=seen, by=by, at=when(run.evaluation) + DAY / 24)


def price_of(made: Evaluation, number: int) -> tuple[Bid, BidPrice]:
    """The first price of the bid of this number."""
    bid = bids_of(made)[number - 1]
    return bid, BidPrice.objects.filter(submission=bid.submission_id).first()


def ask(made: Evaluation, by, number: int = 1, *, at: dt.datetime | None = None) -> LowEnquiry:
    """About the price of the bid of this number; without `at` so long ago that the time to answer is over."""
    bid, price = price_of(made, number)
    at = at or when(made) - 30 * DAY
    return low_prices.ask_low_price(bid=bid, price=price, text="How can you do it for that?", by=by, at=at)


def decide(enquiry: LowEnquiry, by, decision: str = "keep", reason: str = REASON) -> LowEnquiry:
    """Once the time is over."""
    at = due_at(enquiry.asked_at, 9)
    return low_prices.decide_low_price(enquiry=enquiry, decision=decision, reason=reason, by=by, at=at)


def propose(made: Evaluation, by, number: int = 1, becomes: int = 4400) -> Correction:
    """Of the price of the bid of this number."""
    bid, price = price_of(made, number)
    return corrections.propose_correction(
        bid=bid,
        price=price,
        becomes_pence=becomes,
        reason="The point slipped.",
        consent="Alice, by email.",
        by=by,
        at=when(made),
    )


def approve(correction: Correction, by) -> Correction:
    """As the second person."""
    return corrections.approve_correction(correction=correction, by=by, at=correction.proposed_at + DAY / 24)
