"""Who comes to an evaluation, who declares, who reports and decides about interests, who takes a bid out."""

from __future__ import annotations

from evaluation.models import Bid, Evaluation
from evaluation.permissions.duties import can_open, can_oversee, can_run, can_see, has_duty
from evaluation.states import Duty
from lots.permissions import can_manage_framework, can_see_round

__all__ = ["can_open", "can_oversee", "can_run", "can_see", "has_duty"]


def can_begin(user, framework) -> bool:
    """Begin the evaluation of a framework: whoever buys for its buyer."""
    return can_manage_framework(user, framework)


def can_come(user, framework) -> bool:
    """Come to a framework's evaluation, or read that it has not begun: whoever sees the round, and whoever is
    appointed."""
    return can_see_round(user, framework) or Evaluation.objects.visible_to(user).filter(framework=framework).exists()


def can_declare(user, evaluation) -> bool:
    """Declare interests: whoever is appointed, and whoever oversees."""
    return has_duty(user, evaluation, *Duty) or can_oversee(user, evaluation)


def can_decide_interest(user, conflict) -> bool:
    """Decide that an interest does no harm: whoever oversees. That it is not their own is the rule's question."""
    return can_oversee(user, conflict.evaluation)


def can_run_of(user, appointment) -> bool:
    """End it, or say which standards are judged under it: whoever runs the evaluation."""
    return can_run(user, appointment.evaluation)


def can_run_bid(user, bid) -> bool:
    """Write down that a bid leaves or comes back: whoever runs the evaluation and may see this bid, asked anew."""
    return can_run(user, bid.evaluation) and Bid.objects.visible_to(user).filter(pk=bid.pk).exists()
