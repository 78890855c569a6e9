"""Who settles differences, freezes quality, undoes a freeze, and notes and decides appeals."""

from __future__ import annotations

from evaluation.models import Bid
from evaluation.permissions.duties import can_approve, can_moderate, can_oversee, can_run, has_duty
from evaluation.states import Duty, Stage


def _meets(user, bid: Bid) -> bool:
    """May see this bid at this moment: asked again under the lock, for an interest may have been noted meanwhile."""
    return Bid.objects.visible_to(user).filter(pk=bid.pk).exists()


def can_moderate_bid(user, bid: Bid) -> bool:
    """Decide a difference about this bid: moderators who may see it."""
    return can_moderate(user, bid) and _meets(user, bid)


def can_see_freeze(user, thing) -> bool:
    """What quality came to, once it is frozen, and appeals: moderators, openers, approvers, whoever runs the evaluation
    and its administrators. Evaluators do not, whatever else they do at the buyer: what is still open would tell what
    colleagues decided, and after an unfreezing they may judge again."""
    if has_duty(user, thing, Duty.EVALUATOR):
        return False
    return has_duty(user, thing, Duty.MODERATOR, Duty.OPENER, Duty.APPROVER) or can_oversee(user, thing)


def can_propose_unfreeze(user, thing) -> bool:
    """Ask that a freeze is undone: moderators, and whoever runs the evaluation; evaluators do not."""
    return (can_moderate(user, thing) or can_run(user, thing)) and not has_duty(user, thing, Duty.EVALUATOR)


def can_confirm_unfreeze(user, thing) -> bool:
    """Confirm it as the second person: whoever runs or oversees the evaluation and does not judge in it. That it is
    another person is the rule's question."""
    return can_oversee(user, thing) and not has_duty(user, thing, Duty.EVALUATOR)


def can_drop_unfreeze(user, thing) -> bool:
    """Drop a proposal: whoever could make or confirm one."""
    return can_propose_unfreeze(user, thing) or can_confirm_unfreeze(user, thing)


def can_note_appeal(user, bid: Bid) -> bool:
    """Write down that a bidder challenges an outcome: moderators, and whoever runs the evaluation, who may see the
    bid."""
    return (can_moderate(user, bid) or can_run(user, bid)) and _meets(user, bid)


def can_decide_appeal(user, appeal) -> bool:
    """Decide one: moderators; once an award is approved also approvers. Before that an approver may have seen prices,
    and quality is not decided by somebody who has. That they had no hand in the outcome is the rule's question."""
    bid = appeal.bid
    approves = bid.evaluation.stage == Stage.AWARDED and can_approve(user, appeal)
    return (can_moderate(user, appeal) or approves) and _meets(user, bid)
