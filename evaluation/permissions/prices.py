"""Who opens prices, asks about them, corrects them, checks and signs. Never somebody who evaluates or moderates here,
or did: quality could be judged again."""

from __future__ import annotations

from evaluation.models import Bid, Correction, Evaluation, LowEnquiry
from evaluation.permissions.duties import can_approve, can_run, can_see_prices, has_duty
from evaluation.queries.duties import duties_of
from evaluation.queries.gate import meets_all_in
from evaluation.states import Duty
from providers.models.applications import leads_of

__all__ = ["can_see_prices"]
_JUDGE = {Duty.EVALUATOR, Duty.MODERATOR}


def _never_judged(user, evaluation: Evaluation) -> bool:
    return not duties_of(user, evaluation, ever=True) & _JUDGE


def can_open_prices(user, evaluation) -> bool:
    """Open the prices: openers who neither evaluated nor moderated. That they did not freeze is the rule's question."""
    return has_duty(user, evaluation, Duty.OPENER) and _never_judged(user, evaluation)


def can_check_prices(user, evaluation) -> bool:
    """Ask for a run: openers and whoever runs the evaluation, once prices were opened."""
    if not (can_see_prices(user, evaluation) and _never_judged(user, evaluation)):
        return False
    return has_duty(user, evaluation, Duty.OPENER) or can_run(user, evaluation)


def can_sign(user, run) -> bool:
    """Sign a run: openers and approvers. That they did not ask for it is the rule's question."""
    if not can_see_prices(user, run):
        return False
    return has_duty(user, run, Duty.OPENER, Duty.APPROVER) and _never_judged(user, run.evaluation)


def can_see_found(user, run) -> bool:
    """What a run found, and each of its averages: whoever sees prices and meets every bidder in it. One price that is
    hidden follows from the others, from the average and from the limit."""
    return can_see_prices(user, run) and meets_all_in(run, user)


def can_see_pool(user, pool) -> bool:
    """One average: as what its run found."""
    return can_see_found(user, pool.run)


def can_see_bid_prices(user, bid) -> bool:
    """The prices of one bid: whoever sees prices and meets this bid, asked anew."""
    return can_see_prices(user, bid.evaluation) and _meets(user, bid.pk)


def can_handle(user, bid) -> bool:
    """Ask a bidder about a price, propose to correct one: whoever checks prices and meets this bid."""
    return can_check_prices(user, bid.evaluation) and _meets(user, bid.pk)


def can_see_low(user, enquiry: LowEnquiry) -> bool:
    """Read the question as the buyer: whoever sees the prices of its bid."""
    return can_see_bid_prices(user, enquiry.bid)


def can_decide_low(user, enquiry: LowEnquiry) -> bool:
    """Decide whether an unusually low price counts: approvers who meet the bid and never judged here."""
    return _can_approve(user, enquiry.bid)


def can_see_correction(user, correction: Correction) -> bool:
    """Whoever sees the prices of its bid."""
    return can_see_bid_prices(user, correction.price.submission.bid)


def can_approve_correction(user, correction: Correction) -> bool:
    """Approvers who meet the bid and never judged here."""
    return _can_approve(user, correction.price.submission.bid)


def can_drop_correction(user, correction: Correction) -> bool:
    """Whoever could have proposed it, and whoever could approve it."""
    return can_handle(user, correction.price.submission.bid) or can_approve_correction(user, correction)


def can_answer_low(user, enquiry: LowEnquiry) -> bool:
    """Answer for the bidder: whoever leads it."""
    return enquiry.bid.provider_id in leads_of(user)


def _can_approve(user, bid: Bid) -> bool:
    evaluation = bid.evaluation
    if not (can_see_prices(user, evaluation) and can_approve(user, evaluation)):
        return False
    return _never_judged(user, evaluation) and _meets(user, bid.pk)


def _meets(user, bid: int) -> bool:
    return Bid.objects.visible_to(user).filter(pk=bid).exists()
