"""Who changes a placement that is agreed, and who reads what was changed."""

from __future__ import annotations

from referrals.models import Placement
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, SEES_PUPILS, holds
from referrals.permissions import placements

KEEP_UP = "referrals.keep_up_placements"


def can_change(user, placement: Placement) -> bool:
    """Change its week, price, days and payers, pause it and end it: whoever commissions for the pupil."""
    return holds(user, placement.commissioner_id, COMMISSIONS)


def can_agree_cost(user, placement: Placement) -> bool:
    """Make it dearer than what may be spent without asking: whoever holds the commissioner's budget."""
    return holds(user, placement.commissioner_id, HOLDS_BUDGET)


def can_see(user, placement: Placement) -> bool:
    """What was changed, without what it costs: all whom the placement is shown to."""
    return True


def can_see_cost(user, placement: Placement) -> bool:
    """Prices, totals and who pays: the sides of the agreement."""
    return placements.can_read_paper(user, placement)


def can_read_outcome(user, placement: Placement) -> bool:
    """What was written about the end: whoever works with the commissioner's pupils."""
    return holds(user, placement.commissioner_id, SEES_PUPILS)
