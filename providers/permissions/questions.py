"""Who asks, who answers, who moves a deadline. The buyer's officers are those who set its frameworks up."""

from __future__ import annotations

from lots.permissions import can_manage_framework, can_see_round
from providers.permissions.applications import can_apply, can_apply_for, can_bid

__all__ = ["can_apply", "can_apply_for", "can_bid", "can_manage_framework", "can_see_round"]


def can_see_log(user, framework) -> bool:
    """Whoever its queryset shows the framework to."""
    return True


def can_answer(user, question) -> bool:
    """Answer a question, or edit an answer: the buyer's officers. Not those who asked."""
    return can_manage_framework(user, question.framework)


def can_help(user, message) -> bool:
    """Answer a bidder's request for help: the buyer's officers."""
    return can_manage_framework(user, message.application.framework)


def can_confirm_deadline(user, change) -> bool:
    """Be the second person: whoever sees the round. That it is not the first one is the rule's question."""
    return can_see_round(user, change.framework)


def can_drop_deadline(user, change) -> bool:
    """Drop a proposal: likewise, the first person too."""
    return can_see_round(user, change.framework)
