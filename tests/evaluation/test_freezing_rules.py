"""What themes and bids come to, what stands in the way of a freeze, and what is said no to: tables over pure rules."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluation.rules import appeals, freezing, moderation
from evaluation.rules.freezing import Judged, Open, Result, Row
from lots.rules.refusals import Refused

NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def said(check, **words) -> str:
    """What a rule says no with; nothing where it says yes."""
    try:
        check(**words)
    except Refused as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    ("outcomes", "passes"),
    [
        (["pass", "pass"], True),
        (["pass", "na"], True),
        (["na"], True),
        ([], True),
        (["pass", "fail"], False),
        (["fail", None], False),
        (["pass", None], None),
        ([None], None),
    ],
)
def test_a_theme(outcomes, passes):
    assert freezing.theme_passes(outcomes) is passes


@pytest.mark.parametrize(
    ("themes", "passes"),
    [([True, True], True), ([True, False], False), ([None, False], False), ([True, None], None), ([], True)],
)
def test_a_bid(themes, passes):
    assert freezing.bid_passes(themes) is passes


STANDARDS = {11: 1, 12: 1, 21: 2}  # two themes


def test_judged_for_the_provider_a_failed_theme_ends_every_lot():
    outcomes = {(11, None): "pass", (12, None): "na", (21, None): "fail"}

    found = freezing.result(standards=STANDARDS, outcomes=outcomes, lots=[5, 6], for_each_lot=False)

    assert found == Result({(1, None): True, (2, None): False}, {5: False, 6: False})
    assert found.is_assessed


def test_judged_for_each_lot_a_failed_theme_ends_that_lot():
    outcomes = {(one, lot): "pass" for one in STANDARDS for lot in (5, 6)} | {(21, 6): "fail"}

    found = freezing.result(standards=STANDARDS, outcomes=outcomes, lots=[6, 5], for_each_lot=True)

    assert found.lots == {5: True, 6: False}
    assert found.themes == {(1, 5): True, (2, 5): True, (1, 6): True, (2, 6): False}


def test_what_was_not_judged_is_not_assessed():
    found = freezing.result(standards=STANDARDS, outcomes={(11, None): "pass"}, lots=[5], for_each_lot=False)

    assert (found.themes, found.lots) == ({(1, None): None, (2, None): None}, {5: None})
    assert not found.is_assessed


CLEAR = {"unsettled": 0, "differ": 0, "waiting": 0, "without": 0, "clashes": 0}


@pytest.mark.parametrize(
    ("open_", "bids", "words"),
    [
        ({}, 3, ""),
        ({}, 0, "There is no bid left in this evaluation to freeze"),
        ({"unsettled": 1, "differ": 1}, 3, "Quality cannot be frozen yet: 1 outcome is missing"),
        (
            {"unsettled": 1200, "waiting": 1, "clashes": 2},
            3,
            "Quality cannot be frozen yet: 1,200 outcomes are missing, 1 question to a bidder is open, 2 outcomes rest "
            "on somebody with an interest in the bidder",
        ),
        ({"waiting": 2}, 3, "Quality cannot be frozen yet: 2 questions to bidders are open"),
    ],
)
def test_what_stands_in_the_way_of_a_freeze(open_, bids, words):
    there = Open(**(CLEAR | open_))

    assert said(freezing.check_clear, there=there, bids=bids) == words
    assert there.is_clear == (not words or bids == 0)


def bid(number: int, *rows: Row) -> freezing.FrozenBid:
    return freezing.FrozenBid(
        10 + number,
        number,
        100 + number,
        f"{number:064}",
        rows,
        Result({(2, None): True, (1, None): False}, {6: False}),
    )


def test_the_document_is_sorted_however_the_rows_came():
    first = Row(12, "1.2", 1, None, "fail", "moderated", 72, 4, NOON)
    second = Row(11, "1.1", 1, None, "pass", "agreed", 71, None, NOON, (Judged(9, 3, NOON), Judged(8, 2, NOON)))
    header = {"evaluation": 1, "framework": 2, "number": 1, "at": NOON, "by": 4, "quality": "provider"}

    one = freezing.document(**header, bids=[bid(2, first, second), bid(1, second)])
    other = freezing.document(**header, bids=[bid(1, second), bid(2, second, first)])

    assert one == other
    assert [held["number"] for held in one["bids"]] == [1, 2]
    assert one["bids"][1]["standards"] == [
        {
            "standard": 11,
            "number": "1.1",
            "theme": 1,
            "lot": None,
            "outcome": "pass",
            "how": "agreed",
            "settled": 71,
            "by": None,
            "at": "2026-05-04T12:00:00.000000Z",
            "judgements": [
                {"judgement": 8, "by": 2, "at": "2026-05-04T12:00:00.000000Z"},
                {"judgement": 9, "by": 3, "at": "2026-05-04T12:00:00.000000Z"},
            ],
        },
        {
            "standard": 12,
            "number": "1.2",
            "theme": 1,
            "lot": None,
            "outcome": "fail",
            "how": "moderated",
            "settled": 72,
            "by": 4,
            "at": "2026-05-04T12:00:00.000000Z",
            "judgements": [],
        },
    ]
    assert one["bids"][0]["themes"] == [
        {"theme": 1, "lot": None, "passed": False},
        {"theme": 2, "lot": None, "passed": True},
    ]


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ({}, ""),
        ({"reason": ""}, "Say why"),
        ({"proposed_by": 3}, "A colleague has proposed this already"),
    ],
)
def test_proposing_to_undo(words, begins):
    found = said(freezing.check_unfreeze, **({"reason": "A late appeal", "proposed_by": None} | words))

    assert found.startswith(begins)
    assert bool(found) == bool(begins)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ({}, ""),
        ({"proposed_by": None}, "Nobody proposes to undo"),
        ({"by": 3}, "You proposed this yourself"),
        ({"seen": "frozen"}, "The evaluation has gone on"),
    ],
)
def test_confirming_it(words, begins):
    given = {"proposed_by": 3, "by": 4, "seen": "prices", "stage": "prices"}

    found = said(freezing.check_confirm, **(given | words))

    assert found.startswith(begins)
    assert bool(found) == bool(begins)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ({}, ""),
        ({"how": "moderated"}, ""),
        ({"how": "agreed", "clashes": True, "outcomes": ["pass", "pass"]}, ""),
        ({"outcomes": ["pass", "pass"], "clashes": True}, ""),
        ({"is_in": False}, "This bid is no longer in the evaluation"),
        ({"has_judged": True}, "You judged this standard of this bid yourself"),
        ({"how": "appeal"}, "This outcome was decided on an appeal"),
        ({"how": "not_asked"}, "This provider was not asked"),
        ({"outcomes": []}, "Decisions are compared once"),
        ({"outcomes": ["pass", "pass"]}, "Everybody who judged this standard agrees"),
        ({"how": "agreed"}, "Everybody who judged this standard agrees"),
    ],
)
def test_what_is_moderated(words, begins):
    given = {"is_in": True, "has_judged": False, "outcomes": ["pass", "fail"], "how": None, "clashes": False}

    found = said(moderation.check_case, **(given | words))

    assert found.startswith(begins)
    assert bool(found) == bool(begins)


def test_nobody_writes_over_what_they_have_not_read():
    assert said(moderation.check_seen, seen=None, stands=None) == ""
    assert said(moderation.check_seen, seen=7, stands=7) == ""
    assert said(moderation.check_seen, seen=None, stands=7).startswith("A colleague decided this standard")


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ({}, ""),
        ({"outcome": "na"}, ""),
        ({"outcome": "clarify"}, "Choose the outcome"),
        ({"outcome": ""}, "Choose the outcome"),
        ({"reason": ""}, "Say why"),
        ({"met_on": TODAY + DAY}, "The meeting cannot be in the future"),
        ({"met_on": TODAY - 9 * DAY}, "The meeting cannot be before"),
        ({"took_part": [1, 9]}, "Choose people who are on the panel"),
        ({"took_part": [1]}, "Choose everybody who took part"),
        ({"took_part": [1, 1]}, "Choose everybody who took part"),
    ],
)
def test_what_a_meeting_writes_down(words, begins):
    given = {
        "outcome": "pass",
        "reason": "Page 3",
        "met_on": TODAY,
        "took_part": [1, 2],
        "panel": [1, 2, 3],
        "opened_on": TODAY - 7 * DAY,
        "today": TODAY,
    }

    found = said(moderation.check_meeting, **(given | words))

    assert found.startswith(begins)
    assert bool(found) == bool(begins)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ({}, ""),
        ({"stands": None}, "Choose a standard"),
        ({"text": ""}, "Write down what the bidder says"),
        ({"received_on": TODAY + DAY}, "The day it was received cannot be in the future"),
        ({"received_on": TODAY - 8 * DAY}, "The day it was received cannot be before"),
    ],
)
def test_an_appeal_is_noted(words, begins):
    given = {"stands": "fail", "text": "Annex B", "received_on": TODAY, "opened_on": TODAY - 7 * DAY, "today": TODAY}

    found = said(appeals.check_note, **(given | words))

    assert found.startswith(begins)
    assert bool(found) == bool(begins)


@pytest.mark.parametrize(
    ("has_judged", "has_settled", "begins"),
    [(False, False, ""), (True, False, "You judged this"), (False, True, "You decided this outcome")],
)
def test_who_decides_an_appeal(has_judged, has_settled, begins):
    found = said(appeals.check_decider, state="received", has_judged=has_judged, has_settled=has_settled)

    assert found.startswith(begins)
    assert bool(found) == bool(begins)


@pytest.mark.parametrize("state", ["dismissed", "upheld"])
def test_an_appeal_is_decided_once(state):
    found = said(appeals.check_decider, state=state, has_judged=True, has_settled=True)

    assert found == "This appeal has been decided already"


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ({}, ""),
        ({"to": "dismissed", "outcome": ""}, ""),
        ({"reason": ""}, "Say why"),
        ({"outcome": "clarify"}, "Choose the outcome"),
        ({"outcome": "fail"}, "This outcome stands already"),
    ],
)
def test_an_appeal_is_decided(words, begins):
    given = {"to": "upheld", "outcome": "pass", "reason": "Annex B", "stands": "fail"}

    found = said(appeals.check_decision, **(given | words))

    assert found.startswith(begins)
    assert bool(found) == bool(begins)
