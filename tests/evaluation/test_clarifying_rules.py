"""Until when a bidder can answer, when it is reminded, what may be asked and sent."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluation.rules import clarifying as rules
from evaluation.rules.panel import CURES
from evaluation.states import BidState, Cure, Stage
from lots.rules.refusals import Refused
from lots.states import EvidenceKind

TICK = dt.timedelta(microseconds=1)


def utc(*parts) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


MONDAY, THURSDAY = utc(2026, 11, 23, 10), utc(2026, 11, 26, 17)


@pytest.mark.parametrize(
    ("asked_at", "days", "due_at", "reminder_at"),
    [
        (MONDAY, 3, THURSDAY, utc(2026, 11, 25, 9)),
        (utc(2026, 11, 23, 23, 59), 3, THURSDAY, utc(2026, 11, 25, 9)),
        (utc(2026, 11, 20, 18), 3, utc(2026, 11, 25, 17), utc(2026, 11, 24, 9)),
        (utc(2026, 11, 21, 9), 3, utc(2026, 11, 25, 17), utc(2026, 11, 24, 9)),
        (MONDAY, 1, utc(2026, 11, 24, 17), None),
        (MONDAY, 2, utc(2026, 11, 25, 17), utc(2026, 11, 24, 9)),
        (utc(2026, 11, 21, 9), 1, utc(2026, 11, 23, 17), None),
        (utc(2026, 12, 21, 12), 3, utc(2026, 12, 24, 17), utc(2026, 12, 23, 9)),
        (utc(2026, 12, 23, 12), 3, utc(2026, 12, 30, 17), utc(2026, 12, 29, 9)),
        (utc(2026, 12, 23, 12), 2, utc(2026, 12, 29, 17), utc(2026, 12, 24, 9)),
        (utc(2026, 12, 30, 12), 3, utc(2027, 1, 5, 17), utc(2027, 1, 4, 9)),
        (utc(2026, 4, 1, 12), 3, utc(2026, 4, 8, 16), utc(2026, 4, 7, 8)),
        (utc(2026, 4, 2, 12), 1, utc(2026, 4, 7, 16), None),
        (utc(2026, 3, 27, 12), 2, utc(2026, 3, 31, 16), utc(2026, 3, 30, 8)),
        (utc(2026, 10, 22, 12), 2, utc(2026, 10, 26, 17), utc(2026, 10, 23, 8)),
        (utc(2026, 6, 1, 23, 30), 3, utc(2026, 6, 5, 16), utc(2026, 6, 4, 8)),
    ],
    ids=[
        "three days",
        "late in the evening",
        "over a weekend",
        "on a Saturday",
        "one day: no time to remind",
        "two days",
        "on a Saturday for one day",
        "up to Christmas Eve",
        "over Christmas and the day in its place",
        "reminded before Christmas",
        "over New Year",
        "over Easter, in summer time",
        "over Easter for one day",
        "the clocks go forward",
        "the clocks go back",
        "after midnight in England",
    ],
)
def test_working_days_to_5pm_in_england(asked_at, days, due_at, reminder_at):
    found = rules.due_at(asked_at, days)

    assert (found, rules.reminder_at(asked_at, found)) == (due_at, reminder_at)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, ""),
        ({"stage": Stage.FROZEN}, "only while the evaluation is at “Quality being judged”"),
        ({"bid_state": BidState.WITHDRAWN}, "not asked any more: withdrawn"),
        ({"bid_state": BidState.EXCLUDED}, "not asked any more: excluded"),
        ({"locked": True}, "You have locked"),
        ({"asked": MONDAY}, "can still answer"),
        ({"asked": MONDAY - TICK}, "Nobody is asked twice"),
        ({"cure": Cure.NOTHING}, "Nothing may be sent"),
    ],
)
def test_when_a_bidder_can_be_asked(changed, refused):
    facts = {
        "stage": Stage.JUDGING,
        "bid_state": BidState.IN,
        "cure": Cure.EXPLAIN,
        "locked": False,
        "asked": None,
        "at": MONDAY,
    } | changed
    if not refused:
        return rules.check_ask(**facts)
    with pytest.raises(Refused, match=refused):
        rules.check_ask(**facts)
    return None


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, ""),
        ({"at": THURSDAY}, ""),
        ({"at": THURSDAY + TICK}, "The time to answer this question has passed, so"),
        ({"answered": True}, "An answer is final"),
        ({"answered": True, "at": THURSDAY + TICK}, "An answer is final"),
        ({"bid_state": BidState.WITHDRAWN, "at": THURSDAY + TICK}, "no longer in this evaluation"),
        ({"cure": Cure.EXPLAIN}, ""),
        ({"cure": Cure.EXPLAIN, "has_document": True}, "No document can be sent"),
        ({"cure": Cure.REPLACE, "has_document": True}, ""),
    ],
)
def test_when_an_answer_is_taken(changed, refused):
    facts = {
        "bid_state": BidState.IN,
        "answered": False,
        "due_at": THURSDAY,
        "at": MONDAY,
        "cure": Cure.REPLACE,
        "has_document": False,
    } | changed
    if not refused:
        return rules.check_answer(**facts)
    with pytest.raises(Refused, match=refused):
        rules.check_answer(**facts)
    return None


def test_the_page_says_the_same_as_the_rule():
    facts = {"bid_state": BidState.IN, "answered": False, "due_at": THURSDAY}

    assert [bool(rules.why_shut(**facts, at=at)) for at in (MONDAY, THURSDAY, THURSDAY + TICK)] == [False, False, True]


@pytest.mark.parametrize(
    ("kind", "cure"),
    [(EvidenceKind.CERTIFICATE, Cure.REPLACE), (EvidenceKind.FILE, Cure.EXPLAIN), (None, Cure.EXPLAIN)],
)
def test_what_may_be_sent_follows_the_kind_of_evidence_and_of_the_whole_what_was_written(kind, cure):
    assert rules.cure_of(kind, CURES) == cure
    assert rules.cure_of(None, CURES | {EvidenceKind.TEXT: Cure.NOTHING}) == Cure.NOTHING


@pytest.mark.parametrize(("text", "refused"), [(" \n", "Write something"), ("x" * 11, "has 11 characters")])
def test_a_text_says_something_and_has_an_end(text, refused):
    rules.check_text("Page 4", longest=10)
    with pytest.raises(Refused, match=refused):
        rules.check_text(text, longest=10)
