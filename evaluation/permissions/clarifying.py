"""Who asks a bidder, who answers, and who reads it."""

from __future__ import annotations

from evaluation.models import Bid, Clarification
from evaluation.permissions.duties import can_see
from evaluation.permissions.judging import can_give
from evaluation.permissions.moderation import can_moderate_bid
from providers.models.applications import leads_of

__all__ = ["can_answer", "can_ask", "can_ask_in_moderation", "can_read", "can_see", "nobody"]

TELL = "evaluation.tell_of_questions"
DRAW = "evaluation.want_pages"


def can_ask(user, judgement) -> bool:
    """Ask from a judgement: whose it is."""
    return can_give(user, judgement)


def can_ask_in_moderation(user, bid: Bid) -> bool:
    """Ask without a judgement: moderators who may see the bid."""
    return can_moderate_bid(user, bid)


def can_answer(user, clarification: Clarification) -> bool:
    """Answer: whoever leads the bidder."""
    return clarification.bid.provider_id in leads_of(user)


def can_read(user, clarification: Clarification) -> bool:
    """Read it as the panel does: whoever may see the bid, and to whom its queryset shows the question."""
    return Bid.objects.visible_to(user).filter(pk=clarification.bid_id).exists()


def nobody(user, *things) -> bool:
    """The portal alone does this."""
    return False
