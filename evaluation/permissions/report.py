"""Who reads the report of an evaluation, and who may check a list of prices."""

from __future__ import annotations

from accounts.queries import has_role
from evaluation.permissions.duties import can_oversee, can_see_prices
from evaluation.queries.report import left_out_of
from evaluation.states import Stage
from lots.permissions import BUYS

MAKER = "evaluation.reports"


def can_check_prices(user) -> bool:
    """Check a list of prices: whoever buys, anywhere. Nothing of it is kept."""
    return has_role(user, *BUYS)


def can_read_report(user, evaluation) -> bool:
    """The report: whoever oversees the evaluation. What it shows depends on what they may know."""
    return can_oversee(user, evaluation)


def can_have_copy(user, copy) -> bool:
    """A copy that was made earlier: only while its reader may still know everything that is in it. Quality that is
    judged again, a duty that hides prices, or a new interest in a bidder ends that."""
    if not can_read_report(user, copy.evaluation):
        return False
    if copy.full and copy.evaluation.stage in {Stage.PREPARING, Stage.JUDGING}:
        return False
    if copy.with_prices and not can_see_prices(user, copy.evaluation):
        return False
    return left_out_of(copy.evaluation, user=user) <= set(map(int, copy.left_out.split()))
