"""Questions to one bidder while quality is judged: what may be asked and sent, until when, when somebody is reminded.
Every bidder has the same number of working days, and what may be put right was set before anybody read a bid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from core.calendars import ONE_DAY, is_working_day, working_day_after
from evaluation.rules.stages import check_stage
from evaluation.states import BidState, Cure, Stage
from lots.rules.refusals import Refused
from lots.states import EvidenceKind

ENGLAND = ZoneInfo("Europe/London")
CLOSES = dt.time(17)  # in England, on the last day
REMINDS = dt.time(9)  # in England, on the working day before it
TOLD_FOR = 7 * ONE_DAY  # how long after its end somebody is still told that a question was not answered
LONGEST_QUESTION = 4_000
LONGEST_ANSWER = 10_000

# What a bidder may send, as both sides read it.
MAY_SEND = {
    Cure.NOTHING: "Nothing. It counts as it was submitted.",
    Cure.EXPLAIN: "An explanation in words. No document can be sent, and what was submitted stays as it is.",
    Cure.REPLACE: "An explanation in words, and the document again or a newer one. What was submitted stays as it is, "
    "and what is sent is judged beside it.",
}


class TooLate(Refused):
    """The time to answer had passed by the database's clock. `at` is the moment that was judged, `due_at` the last one
    at which an answer is taken; both UTC."""

    def __init__(self, *, due_at: dt.datetime, at: dt.datetime):
        super().__init__("The time to answer this question has passed, so your answer was not taken")
        self.due_at, self.at = due_at, at


def due_at(asked_at: dt.datetime, days: int) -> dt.datetime:
    """The last moment at which an answer is taken (UTC): 5pm in England on the last of `days` working days after the
    day on which it was asked, which is not counted itself."""
    last = working_day_after(asked_at.astimezone(ENGLAND).date(), days)
    return _moment(last, CLOSES)


def reminder_at(asked_at: dt.datetime, due_at: dt.datetime) -> dt.datetime | None:
    """When the bidder is reminded (UTC): 9am on the working day before the last one. None where that is the day on
    which it was asked or before it: they were just told."""
    day = due_at.astimezone(ENGLAND).date() - ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return _moment(day, REMINDS) if day > asked_at.astimezone(ENGLAND).date() else None


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, ENGLAND).astimezone(dt.UTC)


def cure_of(kind: str | None, cures: Mapping[str, str]) -> Cure:
    """What may be sent when this kind of evidence is asked about; without a kind the question is about what the bidder
    wrote to the standard."""
    return Cure(cures[kind or EvidenceKind.TEXT])


def check_ask(
    *, stage: str, bid_state: str, cure: str, locked: bool, asked: dt.datetime | None, at: dt.datetime
) -> None:
    """A bidder is asked while quality is judged, about a bid that is in the evaluation, before the judgement is locked,
    and about evidence of which something may be sent. `asked` is until when the question can be answered that was asked
    before from the same place and has no answer. Raises `Refused`."""
    check_stage(stage, {Stage.JUDGING}, "A bidder can be asked")
    if bid_state != BidState.IN:
        raise Refused(f"This bidder is not asked any more: {BidState(bid_state).label.lower()}")
    if locked:
        raise Refused("You have locked your judgement, so the bidder cannot be asked any more")
    if asked is not None and at <= asked:
        raise Refused("You have asked already, and the bidder can still answer")
    if asked is not None:
        raise Refused(
            "You have asked, and the bidder did not answer in time. Nobody is asked twice: judge what was submitted"
        )
    if cure == Cure.NOTHING:
        raise Refused(
            "Nothing may be sent for this kind of evidence: that was set before the opening. Judge what was submitted",
            field="evidence",
        )


def check_text(text: str, *, longest: int, field: str = "text") -> None:
    """A question and an answer say something, and have an end. Raises `Refused`."""
    if not text.strip():
        raise Refused("Write something first", field=field)
    if len(text) > longest:
        raise Refused(f"This has {len(text):,} characters and may have {longest:,}: shorten it", field=field)


def why_shut(*, bid_state: str, answered: bool, due_at: dt.datetime, at: dt.datetime) -> str:
    """Why a question can not be answered at this moment, in words for its bidder; empty while it can. For pages: an
    action judges by itself, by the database's clock."""
    if answered:
        return "Your organisation has answered this question. An answer is final"
    if bid_state != BidState.IN:
        return "Your application is no longer in this evaluation, so this question need not be answered"
    return "The time to answer this question has passed" if at > due_at else ""


def check_answer(
    *, bid_state: str, answered: bool, due_at: dt.datetime, at: dt.datetime, cure: str, has_document: bool
) -> None:
    """One answer is taken, up to the last moment and at it, with a document only where one may be sent. Raises
    `TooLate`, `Refused`."""
    if not answered and bid_state == BidState.IN and at > due_at:
        raise TooLate(due_at=due_at, at=at)
    shut = why_shut(bid_state=bid_state, answered=answered, due_at=due_at, at=at)
    if shut:
        raise Refused(shut)
    if has_document and cure != Cure.REPLACE:
        raise Refused("No document can be sent with this answer. Explain it in words", field="document")
