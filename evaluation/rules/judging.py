"""Giving a verdict: when it may be given, and what it must hold before it is locked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evaluation.rules.stages import check_stage
from evaluation.states import FINAL, BidState, Outcome, Slot, Stage
from lots.rules.refusals import Refused

LONGEST_REASON = 10_000
LONGEST_PAGES = 100


@dataclass(frozen=True)
class Verdict:
    """What somebody says of one bid and one standard: the outcome, why, and where it is seen: a document by its
    version, and its pages in words."""

    outcome: str = ""
    reason: str = ""
    version: int | None = None
    pages: str = ""


class Stale(Refused):
    """The judgement was changed after the page was opened. `standing` is what stands, `revision` its number; locked it
    cannot be changed any more."""

    def __init__(self, standing: Verdict, revision: int, *, locked: bool):
        super().__init__("This was changed in another window or on another device after you opened this page")
        self.standing, self.revision, self.locked = standing, revision, locked


def check_open(*, stage: str, bid_state: str) -> None:
    """Verdicts are given while quality is judged, of bids that are in the evaluation. Raises `Refused`."""
    check_stage(stage, {Stage.JUDGING}, "A judgement can be given")
    if bid_state != BidState.IN:
        raise Refused(f"This bid is not judged any more: {BidState(bid_state).label.lower()}")


def check_revision(verdict: Verdict, seen: int, *, standing: Verdict, revision: int, locked: bool) -> bool:
    """Whether there is anything to write: the same words sent twice are one. Raises `Stale` where what stands was
    written after the page was opened, and where it is locked and says something else."""
    if verdict == standing:
        return False
    if locked or seen != revision:
        raise Stale(standing, revision, locked=locked)
    return True


def check_words(verdict: Verdict) -> None:
    """Texts have an end. Raises `Refused`."""
    if len(verdict.reason) > LONGEST_REASON:
        raise Refused(
            f"Your reason has {len(verdict.reason):,} characters and may have {LONGEST_REASON:,}: shorten it",
            field="reason",
        )
    if len(verdict.pages) > LONGEST_PAGES:
        raise Refused(f"Name the pages in {LONGEST_PAGES} characters or fewer", field="pages")


def check_lock(verdict: Verdict, *, due_at: dt.datetime | None, at: dt.datetime) -> None:
    """A verdict is locked with an outcome and its reason, and not while the bidder may still answer (`due_at`, UTC).
    Raises `Refused`."""
    if due_at is not None and at <= due_at:
        raise Refused(
            "You have asked the bidder about this standard. Wait for the answer, or until the time to answer is over"
        )
    if verdict.outcome not in FINAL:
        raise Refused("Choose pass, fail or does not apply before you lock your judgement", field="outcome")
    if not verdict.reason.strip():
        raise Refused("Give your reason before you lock your judgement", field="reason")


def how(slot: str, *, number: int, sampled: bool) -> str:
    """What a person is told of how they judge. It says nothing that would tell what the other one decided: whoever is
    first reads the same in the sample and outside it, and so does whoever comes second without seeing the first."""
    if slot == Slot.READER:
        return "You are the second reader. You see the first decision, and agree with it or not."
    if number == 1 and (slot == Slot.FIRST or sampled):
        return "You decide first. Somebody else decides after you: either as a reader of yours, or without seeing it."
    return "Two people decide. Neither sees the other’s decision."


def labels(*, reader: bool) -> list[tuple[str, str]]:
    """The outcomes to choose from, for a form."""
    agree = {Outcome.PASS: "Pass: I agree with the first decision"} if reader else {}
    return [(one.value, agree.get(one, one.label)) for one in Outcome]
