"""Who opens prices, when a run may be asked for, and what must hold before one is signed."""

from __future__ import annotations

from collections.abc import Collection

from evaluation.states import RunState
from lots.rules.refusals import Refused

LONGEST = 2000
# So many prices are worked out while the person waits; more is a task with its own page.
SMALL = 5_000


def check_opener(*, frozen_by: int, by: int) -> None:
    """Whoever froze quality does not open prices: with them in sight a freeze could be taken back. Raises `Refused`."""
    if frozen_by == by:
        raise Refused("You froze quality, so somebody else opens the prices")


def check_ask(*, running: bool, replaces: bool, why: str) -> None:
    """One run at a time; a run that was signed is replaced only with a reason. Raises `Refused`."""
    if running:
        raise Refused("The prices are being checked at this moment. Wait until that is done")
    if replaces and not why:
        raise Refused(
            "Say why the prices are checked again: the price check that was signed counts no longer", field="why"
        )


def check_sign(
    *,
    state: str,
    asked_by: int,
    by: int,
    meets_all: bool,
    same_inputs: bool,
    flagged: Collection[str],
    seen: Collection[str],
) -> None:
    """Signed once, by somebody else than who asked for the run, who has no interest in any of its bidders, after they
    have seen everything that was pointed out (`flagged`, `seen`: kinds), and only while prices and decisions are as
    they were. Raises `Refused`."""
    if state != RunState.DONE:
        raise Refused(f"This run is at “{RunState(state).label}”, so it cannot be signed. Look at it again")
    if asked_by == by:
        raise Refused("You asked for this run, so somebody else signs it")
    if not meets_all:
        raise Refused(
            "You have not declared your interests since the names were known, or you have an interest in one of the "
            "bidders. Somebody else signs, or the interest is dealt with first"
        )
    if not same_inputs:
        raise Refused(
            "Prices, decisions or bidders have changed since this run was worked out. Check the prices again, then sign"
        )
    if set(flagged) - set(seen):
        raise Refused("Confirm that you have seen each point that the portal points out", field="seen")
