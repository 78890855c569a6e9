"""Who gives a judgement, and who sees how far judging is."""

from __future__ import annotations

from evaluation.models import Judgement
from evaluation.permissions.duties import can_judge, can_oversee


def can_give(user, judgement: Judgement) -> bool:
    """Whose it is, while they are an evaluator here, no interest keeps them from the bid, and nobody took it over."""
    return can_judge(user, judgement) and Judgement.objects.visible_to(user).filter(pk=judgement.pk).exists()


def can_follow(user, evaluation) -> bool:
    """How far judging is: whoever sees that the evaluation goes on; an evaluator their own part of it."""
    return can_oversee(user, evaluation) or can_judge(user, evaluation)
