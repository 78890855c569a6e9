"""Whether a bid may be submitted as it is."""

from __future__ import annotations

from providers.rules.bid import Bid
from providers.rules.refusals import Refused

ACCEPT = "accept_incomplete"  # the box by which the bidder says that it knows


def check(bid: Bid, *, accept_incomplete: bool) -> None:
    """Raise `Refused` where something stops everything (no lot was chosen, the declarations were not made), or where
    something is missing and the bidder has not said that it knows. What is missing in a lot never stops another."""
    if bid.stops:
        what = "; ".join(f"{found.title}: {found.text}" for found in bid.stops)
        raise Refused(f"This cannot be submitted yet. {what}")
    if not bid.complete and not accept_incomplete:
        raise Refused("Something is missing. Tick the box to submit it as it is, or add what is missing", field=ACCEPT)
