"""Unusually low prices: ask the bidder, wait for the answer or the end of its time, then decide, with a reason and as
somebody else than who asked. Only then is an average taken (Procurement Act 2023, s.19).

A tender is disregarded as abnormally low only after its bidder was told and had a fair chance to show that it can do
the work for the price; so no decision is taken before the answer is there or its time is over.
"""

from __future__ import annotations

import datetime as dt

from evaluation.states import LowDecision
from lots.rules.refusals import Refused

LONGEST = 4000
WHY_VOID = "An unusually low price was decided"


def check_ask(*, asked_already: bool, decided: bool, is_in: bool) -> None:
    """One question about a price at a time. Raises `Refused`."""
    if not is_in:
        raise Refused("This bid is no longer in the evaluation, so there is nothing to ask about its prices")
    if decided:
        raise Refused("This price was asked about and decided. To decide it anew, open the question")
    if asked_already:
        raise Refused("The bidder was asked about this price already")


def check_answer(*, at: dt.datetime, due_at: dt.datetime, answered: bool, ended: bool) -> None:
    """In time, the last moment included, and once. Raises `Refused`."""
    if answered:
        raise Refused("This question was answered already. Open it again to read the answer")
    if ended:
        raise Refused("The buyer no longer needs an answer to this question")
    if at > due_at:
        raise Refused(
            "The time to answer this question is over, so nothing was sent. What you wrote is still on this page: copy "
            "it if you want to keep it, and write to the buyer"
        )


def check_decide(
    *, decision: str, asked_by: int, by: int, at: dt.datetime, due_at: dt.datetime, answered: bool, ended: bool
) -> None:
    """Raises `Refused`."""
    if ended:
        raise Refused("This question was replaced: the price was corrected, or somebody decided it anew")
    if decision not in LowDecision.values:
        raise Refused("Choose whether the price counts", field="decision")
    if asked_by == by:
        raise Refused("You asked the bidder, so somebody else decides: two people stand behind it")
    if not answered and at <= due_at:
        raise Refused("The bidder can still answer. Decide once the answer is there or its time is over")


def check_decided(undecided: int) -> None:
    """No average while an unusually low price waits: one of them can fail ordinary bids. Raises `Refused`."""
    if undecided:
        what = "1 unusually low price has" if undecided == 1 else f"{undecided:,} unusually low prices have"
        raise Refused(
            f"{what} no decision yet. Ask the bidder, then decide whether the price counts: one very low price pulls "
            "the average down and fails ordinary bids"
        )
