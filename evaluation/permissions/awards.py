"""Who proposes an award, who approves it, who takes one back, and who reads it."""

from __future__ import annotations

from evaluation.models import AwardSet
from evaluation.permissions import duties
from evaluation.permissions.duties import can_oversee, can_run, can_see_prices, has_duty
from evaluation.states import Duty, SetState


def can_see_awards(user, evaluation) -> bool:
    """The list of awards: whoever may see prices; and everybody on the panel once one was approved, whatever happens to
    the evaluation afterwards. What is not approved is shown to the former alone."""
    if can_see_prices(user, evaluation):
        return True
    approved = AwardSet.objects.filter(evaluation=evaluation, state=SetState.APPROVED)
    return _belongs(user, evaluation) and approved.exists()


def can_see_award(user, award_set) -> bool:
    """One award, likewise."""
    if award_set.state == SetState.APPROVED and _belongs(user, award_set):
        return True
    return can_see_prices(user, award_set)


def _belongs(user, thing) -> bool:
    return has_duty(user, thing, *Duty) or can_oversee(user, thing)


def can_propose(user, evaluation) -> bool:
    """Draw an award up: whoever runs the evaluation and does not judge or moderate in it. What would be awarded tells
    whose prices passed, and whoever may judge quality again does not learn that before the award."""
    return can_run(user, evaluation) and not _judges(user, evaluation)


def can_approve(user, award_set) -> bool:
    """Approve one: approvers, but who moderates here, for the same reason."""
    return duties.can_approve(user, award_set) and not _judges(user, award_set)


def _judges(user, thing) -> bool:
    return has_duty(user, thing, Duty.EVALUATOR, Duty.MODERATOR)


def can_send_back(user, award_set) -> bool:
    """Whoever may approve it; and whoever runs the evaluation, who may take a proposal back."""
    return can_approve(user, award_set) or can_propose(user, award_set)


def can_publish(user, award_set) -> bool:
    """Write down that the award notice was published: whoever runs the evaluation."""
    return can_run(user, award_set)


def can_take_back(user, line) -> bool:
    """Ask that an award to one bidder is taken back: whoever runs the evaluation and may read that award."""
    return can_run(user, line.award_set) and can_see_award(user, line.award_set)


def can_confirm_taking_back(user, reversal) -> bool:
    """Confirm it: approvers. That it is another person is the rule's question."""
    return duties.can_approve(user, reversal.line.award_set)


def can_see_taking_back(user, reversal) -> bool:
    """Look at it, and drop it: whoever may ask or confirm."""
    return can_take_back(user, reversal.line) or can_confirm_taking_back(user, reversal)
