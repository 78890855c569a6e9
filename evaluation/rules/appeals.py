"""Appeals: what a bidder can challenge, who decides, and that an upheld one changes that outcome and nothing else."""

from __future__ import annotations

import datetime as dt

from evaluation.rules.moderation import check_day
from evaluation.states import APPEAL_MOVES, FINAL, AppealState
from lots.rules.refusals import Refused


def check_note(*, stands: str | None, text: str, received_on: dt.date, opened_on: dt.date, today: dt.date) -> None:
    """An appeal is about an outcome that stands. Raises `Refused`."""
    if stands is None:
        raise Refused("Choose a standard that has an outcome for this bid", field="about")
    if not text:
        raise Refused("Write down what the bidder says", field="text")
    check_day(received_on, opened_on=opened_on, today=today, what="The day it was received", field="received_on")


def check_decider(*, state: str, has_judged: bool, has_settled: bool) -> None:
    """It waits for a decision, and whoever had a hand in an outcome does not decide the appeal against it. Raises
    `Refused`."""
    if not APPEAL_MOVES[AppealState(state)]:
        raise Refused("This appeal has been decided already")
    if has_judged:
        raise Refused("You judged this standard of this bid, so somebody else decides the appeal")
    if has_settled:
        raise Refused(
            "You decided this outcome, or took part in the meeting about it, so somebody else decides the appeal"
        )


def check_decision(*, to: str, outcome: str, reason: str, stands: str | None) -> None:
    """Decided with a reason: dismissed, or upheld with another outcome than the one that stands. Raises
    `Refused`."""
    if not reason:
        raise Refused("Say why: the bidder reads it", field="reason")
    if to == AppealState.DISMISSED:
        return
    if outcome not in FINAL:
        raise Refused("Choose the outcome that stands from now on", field="outcome")
    if outcome == stands:
        raise Refused("This outcome stands already: choose another one, or dismiss the appeal", field="outcome")
