"""An award that was made is taken back only by a decision of its own, of two people."""

from __future__ import annotations

from evaluation.rules.awards import check_other
from evaluation.states import BidState
from lots.rules.refusals import Refused


def check_line(state: str, *, awarded: bool, asked: bool) -> None:
    """What can be taken back is an award that was approved, once. Raises `Refused`."""
    if state != "approved" or not awarded:
        raise Refused("Only an award that was approved can be taken back")
    if asked:
        raise Refused("Somebody has asked already that this award is taken back, or it was taken back")


def check_open(*, done: bool) -> None:
    """It was not done yet. Raises `Refused`."""
    if done:
        raise Refused("This award has been taken back already")


def check_confirmation(*, done: bool, proposed_by: int | None, by: int | None) -> None:
    """Once, by another person than the one who asked. Raises `Refused`."""
    check_open(done=done)
    check_other(proposed_by, by)


def check_leaves(then: str, *, holds: bool) -> None:
    """A bid does not leave the evaluation while its bidder holds a place that an award gave: first the place ends, by
    taking the award back or by the bidder who gives it up. So a bid that is out never has an award. Raises `Refused`.
    """
    if then != BidState.IN and holds:
        raise Refused(
            "This bidder holds a place that an award gave. Take the award back first, or ask the bidder to give the "
            "place up. Then this can be written down"
        )


def check_meets(meets: bool) -> None:
    """Who decides about a bidder has declared their interests and has none in it. Raises `Refused`."""
    if not meets:
        raise Refused("You have an interest in this bidder or have not declared your interests: somebody else decides")
