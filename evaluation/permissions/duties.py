"""Who does what in an evaluation. Duties are appointments to one evaluation, not roles; whoever buys for the buyer runs
it, and its administrators see that it goes on. Which bids somebody meets is their querysets' answer, not asked here."""

from __future__ import annotations

from accounts.queries import roles_of
from evaluation.models import Evaluation
from evaluation.models.evaluations import RUNS
from evaluation.queries.duties import duties_of
from evaluation.states import Duty, Stage
from lots.permissions import can_manage_framework


def _evaluation(thing) -> Evaluation:
    """The evaluation of whatever hangs on one."""
    for name in ("evaluation", "bid", "award_set", "run"):
        if hasattr(thing, name):
            return _evaluation(getattr(thing, name))
    return thing


def has_duty(user, thing, *duties: Duty) -> bool:
    """Is appointed to one of these at this moment, in the evaluation of this bid, run or set."""
    return bool(duties_of(user, _evaluation(thing)) & set(duties))


def can_run(user, thing) -> bool:
    """Appoint, fix the rules before the opening, propose: whoever buys for the buyer."""
    return can_manage_framework(user, _evaluation(thing).framework)


def can_see(user, thing) -> bool:
    """The evaluation's own pages: whoever its queryset shows it to."""
    return True


def can_oversee(user, thing) -> bool:
    """Who is appointed, interests and how they were dealt with, how far the work is: whoever buys for the buyer, and
    its administrators."""
    buyer = _evaluation(thing).framework.buyer_id
    return any(held.organisation_id == buyer and held.role in RUNS for held in roles_of(user))


def can_judge(user, thing) -> bool:
    """Give verdicts: evaluators."""
    return has_duty(user, thing, Duty.EVALUATOR)


def can_moderate(user, thing) -> bool:
    """Settle differences, freeze quality: moderators."""
    return has_duty(user, thing, Duty.MODERATOR)


def can_open(user, thing) -> bool:
    """Open submissions, and later prices: openers."""
    return has_duty(user, thing, Duty.OPENER)


def can_approve(user, thing) -> bool:
    """Approve an award, a correction: approvers who never evaluated here. That they are not who proposed it is the
    rule's question."""
    return has_duty(user, thing, Duty.APPROVER) and not has_evaluated(user, thing)


def has_evaluated(user, thing) -> bool:
    """Is or was an evaluator here."""
    return Duty.EVALUATOR in duties_of(user, _evaluation(thing), ever=True)


def can_see_prices(user, thing) -> bool:
    """Prices, once they were opened: openers, approvers and whoever runs the evaluation. Evaluators and moderators do
    not see them before the award is approved: quality could be judged again."""
    evaluation = _evaluation(thing)
    if evaluation.stage in {Stage.PREPARING, Stage.JUDGING, Stage.FROZEN}:
        return False
    if has_duty(user, thing, Duty.EVALUATOR, Duty.MODERATOR) and evaluation.stage != Stage.AWARDED:
        return False
    return has_duty(user, thing, *Duty) or can_oversee(user, thing)
