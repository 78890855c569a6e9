"""Correcting an obvious error in a price: with the reason, the bidder's consent, and a second person. What was bid is
kept; what was worked out from it counts no longer and stays to be read."""

from __future__ import annotations

from lots.rules.refusals import Refused

LONGEST = 4000
WHY_VOID = "A price was corrected"


def check_propose(*, was: int, becomes: int, waits: bool, is_in: bool) -> None:
    """Raises `Refused`."""
    if not is_in:
        raise Refused("This bid is no longer in the evaluation, so its prices stay as they are")
    if waits:
        raise Refused("A correction of this price waits for approval already. Drop it first, or have it approved")
    if not becomes:
        raise Refused("Enter an amount above £0.00", field="becomes")
    if becomes == was:
        raise Refused("That is the price as it stands", field="becomes")


def check_approve(*, over: bool, proposed_by: int, by: int, was: int, now: int) -> None:
    """Approved once, by somebody else, and of the price that the proposal speaks of. Raises `Refused`."""
    check_waits(over=over)
    if proposed_by == by:
        raise Refused("You proposed this correction, so somebody else approves it")
    if was != now:
        raise Refused("The price was corrected otherwise meanwhile. Drop this correction and propose it anew")


def check_waits(*, over: bool) -> None:
    """Raises `Refused`."""
    if over:
        raise Refused("This correction was approved or dropped meanwhile")
