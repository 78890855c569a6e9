"""The rules of a panel, of interests, of the opening, and of what comes next: tables over pure functions."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from evaluation.rules import interests, opening, overview, panel
from evaluation.rules.overview import Facts, Me, State
from evaluation.rules.panel import Asked, Record
from evaluation.states import BidState, Duty, SetState, Stage
from lots.rules.refusals import Refused

EVALUATOR, MODERATOR, OPENER, APPROVER = Duty.EVALUATOR, Duty.MODERATOR, Duty.OPENER, Duty.APPROVER
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def refused(call, *args, **words) -> str:
    """What the rule said; empty where it lets it be."""
    try:
        call(*args, **words)
    except Refused as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    ("duty", "record", "words"),
    [
        (EVALUATOR, Record(set(), set()), ""),
        (OPENER, Record({MODERATOR}, {MODERATOR}), ""),
        (APPROVER, Record({OPENER}, {OPENER}), ""),
        (EVALUATOR, Record({EVALUATOR}, {EVALUATOR}), "appointed as an evaluator already"),
        (EVALUATOR, Record({MODERATOR}, {MODERATOR}), "is a moderator, so they cannot evaluate"),
        (EVALUATOR, Record({OPENER}, {OPENER}), "is an opener, so they cannot evaluate"),
        (EVALUATOR, Record({APPROVER}, {APPROVER}), "is an approver, so they cannot evaluate"),
        (MODERATOR, Record({EVALUATOR}, {EVALUATOR}), "cannot be a moderator too"),
        (OPENER, Record({EVALUATOR}, {EVALUATOR}), "cannot be an opener too"),
        (APPROVER, Record(set(), {EVALUATOR}), "cannot approve the award"),
        (MODERATOR, Record(set(), {EVALUATOR}), ""),
        (MODERATOR, Record(set(), {EVALUATOR}, opened=True), "cannot moderate what they decided"),
        (EVALUATOR, Record(set(), {MODERATOR}), ""),
        (EVALUATOR, Record(set(), {MODERATOR}, opened=True), "has seen what others decided"),
        (EVALUATOR, Record(set(), set(), opened=True, sees_prices=True), "cannot judge any more"),
        (MODERATOR, Record(set(), set(), opened=True, sees_prices=True), "cannot judge any more"),
        (APPROVER, Record(set(), set(), opened=True, sees_prices=True), ""),
    ],
)
def test_who_may_do_what_beside_what(duty, record, words):
    said = refused(panel.check_appointment, duty, record)

    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(("days", "ok"), [(0, False), (1, True), (20, True), (21, False)])
def test_days_to_answer(days, ok):
    assert (refused(panel.check_days, days) == "") is ok


class TestCoverage:
    """1.1 is about safeguarding, 1.2 is not; 7 and 8 evaluate."""

    STANDARDS = (Asked(1, "1.1", "Safe", True), Asked(2, "1.2", "Checked", False))

    def found(self, assigned, declared=(7, 8), people=(7, 8), bids=10, standards=STANDARDS):
        return panel.coverage(standards, people, assigned, declared, bids=bids)

    def test_two_for_each_share_the_work_evenly(self):
        found = self.found({1: [7, 8], 2: [7, 8]})

        assert (found.loads, found.thin, found.warnings) == ((20, 20), (), ())
        assert refused(panel.check_coverage, found) == ""

    def test_three_share_what_two_would_judge(self):
        assert self.found({1: [7, 8, 9], 2: [7, 8, 9]}, people=(7, 8, 9), declared=(7, 8, 9)).loads == (14, 14, 14)

    def test_gaps_are_named_safeguarding_first(self):
        found = self.found({1: [7]})

        assert [row.problem for row in found.rows] == [
            "Only one person judges it: safeguarding needs two",
            "Nobody judges it",
        ]
        assert found.few == found.thin == ("1.1", "1.2")
        assert found.warnings == (
            "Safeguarding needs two people who judge: standard 1.1",
            "Fewer than two people judge standard 1.2",
            "1 of 2 evaluators judge nothing",
        )
        assert "standards 1.1 and 1.2" in refused(panel.check_coverage, found)

    def test_who_has_not_declared_does_not_count(self):
        found = self.found({1: [7, 8], 2: [7, 8]}, declared=[7])

        assert found.thin == ("1.1", "1.2")
        assert {row.problem for row in found.rows} == {"Fewer than two have declared their interests"}
        assert found.warnings == ("Interests not declared yet: 1 of 2 evaluators",)

    def test_uneven_work_is_pointed_out(self):
        found = self.found({1: [7, 8], 2: [7]}, standards=(*self.STANDARDS, Asked(3, "1.3", "More", False)))

        assert "The work is uneven" not in " ".join(found.warnings)
        many = tuple(Asked(n, f"1.{n}", "More", False) for n in range(3, 20))
        found = self.found({1: [7, 8]} | {one.pk: [7] for one in many}, standards=(*self.STANDARDS, *many))
        assert "The work is uneven: somebody would judge more than twice as much as somebody else" in found.warnings
        assert "and 11 more" in refused(panel.check_coverage, found)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"has_interest": False, "text": "", "chosen": (), "before": True}, ""),
        ({"has_interest": True, "text": "Shares.", "chosen": (), "before": True}, ""),
        ({"has_interest": True, "text": "", "chosen": (), "before": True}, "Say what your interest is"),
        ({"has_interest": True, "text": "", "chosen": (), "before": False}, "Select the bidders"),
        ({"has_interest": True, "text": "", "chosen": {1}, "before": False}, ""),
        ({"has_interest": False, "text": "", "chosen": {1}, "before": False}, "You said that you have no interest"),
    ],
)
def test_what_is_declared_is_whole(said, words):
    assert words in refused(interests.check_declared, **said)
    assert bool(refused(interests.check_declared, **said)) == bool(words)


@pytest.mark.parametrize(
    ("after", "opened", "before", "words"),
    [
        (False, False, False, ""),
        (True, False, True, "not known yet"),
        (True, True, False, "without the names first"),
        (True, True, True, ""),
    ],
)
def test_interests_are_declared_before_the_names_and_then_with_them(after, opened, before, words):
    said = refused(interests.check_turn, after=after, opened=opened, declared_before=before)

    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("by", "reason", "stands", "words"),
    [
        (2, "Another Ada.", True, ""),
        (1, "Fine.", True, "your own"),
        (2, "", True, "Say what"),
        (2, "x", False, "already"),
    ],
)
def test_an_interest_is_decided_once_by_somebody_else(by, reason, stands, words):
    said = refused(interests.check_decision, person=1, by=by, reason=reason, stands=stands)

    assert words in said
    assert bool(said) == bool(words)


NAMES = {1: "Ash House", 2: "Birch Farm", 3: "Élan", 4: "ABC"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My sister works at ASH HOUSE.", {1}),
        ("Ash\nHouse and elan", {1, 3}),
        ("The ashhouse, and birch farming", set()),
        ("ABC", set()),
        ("", set()),
    ],
)
def test_whole_names_are_found_in_a_text(text, found):
    assert interests.named_in(text, NAMES) == found


def test_what_a_bidder_says_of_people():
    document = {
        "conflicts": {
            "questions": [
                {"answer": "yes", "details": "Ada Moor knows our head", "steps": ""},
                {"answer": "no", "details": "Tom Reed", "steps": ""},
            ]
        },
        "connected": {"persons": [{"name": "Eve  REED"}, {"name": None}]},
    }

    told = [interests.telling(5, document), interests.telling(6, {})]

    assert list(interests.found_of("Ada Moor", told)) == [(5, interests.NAMED_BY_BIDDER)]
    assert list(interests.found_of("Eve Reed", told)) == [(5, interests.CONNECTED)]
    assert list(interests.found_of("Tom Reed", told)) == []
    assert list(interests.found_of("Ada", told)) == []


@pytest.mark.parametrize(
    ("published", "closes_at", "ok"),
    [(True, AT - dt.timedelta(microseconds=1), True), (True, AT, False), (True, None, False), (False, AT, False)],
)
def test_nothing_is_opened_before_the_deadline_has_passed(published, closes_at, ok):
    assert (refused(opening.check_time, published=published, closes_at=closes_at, at=AT) == "") is ok


@pytest.mark.parametrize(
    ("two", "proposed", "opens", "by", "proposal", "second"),
    [
        (False, None, False, 1, "One person is enough", ""),
        (True, None, False, 1, "", "Propose it first"),
        (True, 1, True, 1, "You have proposed", "somebody else must confirm"),
        (True, 2, True, 1, "A colleague has proposed", ""),
        (True, 2, False, 1, "", "Propose it first"),
    ],
)
def test_two_people_at_the_opening(two, proposed, opens, by, proposal, second):
    about = {"needs_two": two, "proposed_by": proposed, "proposer_opens": opens, "by": by}

    said = refused(opening.check_proposal, **about), refused(opening.check_second, **about)

    assert (proposal in said[0], second in said[1]) == (True, True)
    assert (bool(said[0]), bool(said[1])) == (bool(proposal), bool(second))


def test_an_opening_is_done_once():
    assert refused(opening.check_not_opened, None) == ""
    assert "already" in refused(opening.check_not_opened, AT)


def test_the_hash_over_all_is_the_same_in_any_order():
    assert opening.hash_over(["b", "a"]) == opening.hash_over(["a", "b"]) == hashlib.sha256(b"ab").hexdigest()


def test_what_is_missing_for_every_lot_stands_at_each():
    document = {
        "lots": [{"lot": 1, "parts": [{"part": 10}, {"part": 11}]}, {"lot": 2, "parts": []}],
        "read": {
            "missing": [],
            "lots": [
                {"lot": 1, "complete": True, "missing": []},
                {"lot": 2, "complete": False, "missing": ["Prices: enter a price"]},
            ],
        },
    }
    assert list(opening.parts_of(document)) == [
        (1, 10, True, ""),
        (1, 11, True, ""),
        (2, None, False, "Prices: enter a price"),
    ]

    document["read"]["missing"] = ["Declarations: sign"]
    assert {(complete, missing.split("\n")[0]) for _, _, complete, missing in opening.parts_of(document)} == {
        (False, "Declarations: sign")
    }


@pytest.mark.parametrize(
    ("now", "then", "ok"),
    [("in", "withdrawn", True), ("in", "in", False), ("excluded", "in", True), ("withdrawn", "in", False)],
)
def test_how_a_bid_moves(now, then, ok):
    assert (refused(opening.check_bid_move, now, then) == "") is ok


@pytest.mark.parametrize(
    ("to", "stage", "lines"),
    [
        (BidState.EXCLUDED, Stage.JUDGING, 1),
        (BidState.IN, Stage.FROZEN, 2),
        (BidState.WITHDRAWN, Stage.PRICES, 3),
        (BidState.WITHDRAWN, Stage.AWARDED, 4),
    ],
)
def test_what_follows_is_said_and_nothing_later_is_undone(to, stage, lines):
    said = opening.follows(to, stage)

    assert len(said) == lines
    assert ("again" in said[0]) == (to == BidState.IN)


def known(duties, **more) -> Me:
    """Somebody with these duties, who has declared."""
    return Me(duties=duties, declared_before=True, declared_after=True, **more)


ALL = Me(duties=set(), oversees=True, runs=True, declared_before=True, declared_after=True)


@pytest.mark.parametrize(
    ("facts", "following", "yours"),
    [
        (Facts(Stage.PREPARING, missing_duties=[EVALUATOR], few=2, thin=2, me=ALL), "panel", {"panel"}),
        (Facts(Stage.PREPARING, not_declared=1, me=Me({EVALUATOR})), "declare", {"declare"}),
        (Facts(Stage.PREPARING, me=Me({OPENER}, declared_before=True)), None, set()),
        (Facts(Stage.PREPARING, deadline_passed=True, me=Me({OPENER}, declared_before=True)), "opening", {"opening"}),
        (
            Facts(
                Stage.PREPARING,
                deadline_passed=True,
                proposed=True,
                two_open=True,
                me=Me({OPENER}, declared_before=True, proposed_opening=True),
            ),
            "opening",
            set(),
        ),
        (Facts(Stage.PREPARING, deadline_passed=True, two_open=False, thin=1, not_declared=1, me=Me()), "declare",
         set()),
        (Facts(Stage.JUDGING, not_declared_again=2, me=Me({EVALUATOR}, declared_before=True)), "declare_again",
         {"declare_again"}),
        (Facts(Stage.JUDGING, me=ALL), "given", {"given"}),
        (Facts(Stage.JUDGING, given=True, asked=4, me=known({EVALUATOR}, to_judge=3)), "judging",
         {"judging"}),
        (Facts(Stage.JUDGING, given=True, asked=4, settled=2, differ=2, me=known({MODERATOR})),
         "judging", {"moderation"}),
        (Facts(Stage.JUDGING, given=True, asked=4, settled=4, me=known({MODERATOR})), "freeze",
         {"freeze"}),
        (Facts(Stage.FROZEN, not_declared=1, not_declared_again=1, me=known({OPENER})), "prices",
         {"prices"}),
        (Facts(Stage.PRICES, run_waits=True, me=ALL), "check", {"check"}),
        (Facts(Stage.PRICES, me=Me({EVALUATOR}, True, False, True, True)), "check", set()),
        (Facts(Stage.CHECKED, me=ALL), "award", {"award"}),
        (Facts(Stage.CHECKED, award=SetState.PROPOSED, me=known({APPROVER})), "award", {"award"}),
        (Facts(Stage.CHECKED, award=SetState.PROPOSED, me=known({APPROVER}, proposed_award=True)),
         "award", set()),
        (Facts(Stage.AWARDED, letters=2, letters_sent=1, me=ALL), "letters", set()),
        (Facts(Stage.AWARDED, letters=2, letters_sent=2, me=ALL), None, set()),
    ],
)  # fmt: skip
def test_what_comes_next_and_what_waits_for_whom(facts, following, yours):
    steps = overview.steps(facts)

    found = overview.next_of(steps)
    assert (found and found.code) == following
    assert {one.code for one in steps if one.yours} == yours
    assert len({one.code for one in steps}) == len(steps) == 14


def test_an_evaluator_is_not_told_how_far_the_others_are():
    """The overview is given no numbers for them, and then it looks the same however far the others are."""
    me = Me({EVALUATOR}, declared_before=True, declared_after=True)

    steps = overview.steps(Facts(Stage.JUDGING, given=True, asked=1, me=me))

    assert {one.code: one.state for one in steps if one.code in {"judging", "moderation", "freeze"}} == {
        "judging": State.NOW,
        "moderation": State.LATER,
        "freeze": State.LATER,
    }
    assert all("outcome" not in one.said for one in steps)
