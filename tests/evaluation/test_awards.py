"""Who is awarded what, and why not, as pure rules."""

from __future__ import annotations

import pytest

from evaluation.rules import awards as rules
from evaluation.rules.awards import Known, Limits, Line, Part
from evaluation.states import BidState, Cause, SetState
from lots.rules.awards import OverLimit
from lots.rules.refusals import Refused
from lots.states import LotLimit

B, L, P = 7, 1, 11
KEY = (B, L, P)


def one(part: Part | None = None, state=BidState.IN, **known) -> tuple[str, str]:
    """Cause and reason of one part of one bid."""
    given = {"states": {B: state}, "quality": {(B, L): True}} | known
    [line] = rules.lines([part or Part(*KEY)], Known(**given))
    assert line.awarded == (line.cause == "")
    return str(line.cause), line.reason


@pytest.mark.parametrize(
    ("words", "cause", "reason"),
    [
        ({}, "", ""),
        ({"state": BidState.WITHDRAWN}, "withdrawn", "The application was withdrawn."),
        ({"state": BidState.EXCLUDED}, "excluded", "The provider was excluded from this procurement."),
        ({"state": BidState.UNREADABLE}, "unreadable", "The application could not be read."),
        ({"excluded": {B}}, "excluded", "The provider is suspended on a ground for exclusion."),
        ({"taken_back": {KEY}}, "taken_back", "An award of this was made and taken back."),
        (
            {"part": Part(*KEY, complete=False, missing="no price")},
            "incomplete",
            "The application for this lot was not complete: no price.",
        ),
        ({"part": Part(*KEY, complete=False)}, "incomplete", "The application for this lot was not complete."),
        ({"unpriced": {KEY: ("Hour",)}}, "incomplete", "A price that is required is missing: Hour."),
        (
            {"quality": {(B, L): False}, "failed": {(B, L): ("1 Safety", "3 Staff")}},
            "quality",
            "Failed on quality: 1 Safety; 3 Staff.",
        ),
        ({"low": {(B, L)}}, "low_price", "The price was asked about and disregarded as abnormally low."),
        ({"dear": {KEY: ("Hour",)}}, "price", "Outside the limit of the price check: Hour."),
        ({"lost": {(B, L, P)}}, "price", "Another price of this bid was outside its limit. By the published rules this "
         "is lost too."),
        ({"lost": {(B, L, None)}}, "price", None),
        ({"lost": {(B, None, None)}}, "price", None),
        ({"lost": {(B, L, 12), (B, 2, None), (8, None, None)}}, "", ""),
        ({"lapsed": {B: ("Public liability, until 1 May 2026",)}}, "lapsed", None),
        ({"left_out": {(B, None): "Ranked 101st."}}, "limit", "Ranked 101st."),
        ({"left_out": {(B, L): "The seventh lot."}}, "limit", "The seventh lot."),
        ({"left_out": {(B, 2): "The seventh lot."}}, "", ""),
        # The first cause that stands in the way is told.
        ({"state": BidState.WITHDRAWN, "quality": {}}, "withdrawn", None),
        ({"quality": {(B, L): False}, "lost": {(B, L, P)}, "lapsed": {B: ("x",)}}, "quality", None),
        ({"lost": {(B, L, P)}, "lapsed": {B: ("x",)}, "left_out": {(B, None): "y"}}, "price", None),
        ({"lapsed": {B: ("x",)}, "left_out": {(B, None): "y"}}, "lapsed", "Insurance that has run out: x."),
    ],
)  # fmt: skip
def test_awarded_or_not_with_cause_and_reason(words, cause, reason):
    found = one(**words)

    assert found[0] == cause
    assert reason is None or found[1] == reason


def test_an_awarded_line_bears_its_prices_and_lines_are_in_order():
    parts = [Part(2, 1, 12), Part(1, 2), Part(2, 1, 11), Part(1, 1)]
    known = Known(
        states={1: "in", 2: "in"},
        quality={(1, 1): True, (1, 2): False, (2, 1): True},
        prices={(1, 1, None): {5: 4500}, (1, 2, None): {6: 1}},
    )

    lines = rules.lines(parts, known)

    assert [line.key for line in lines] == [(1, 1, None), (1, 2, None), (2, 1, 11), (2, 1, 12)]
    assert [dict(line.prices) for line in lines] == [{5: 4500}, {}, {}, {}]


def test_which_bids_are_not_assessed():
    parts = [Part(1, 1), Part(1, 2), Part(2, 1), Part(3, 1)]
    states = {1: BidState.IN, 2: BidState.IN, 3: BidState.EXCLUDED}

    assert rules.unassessed(parts, states, {(1, 1): True, (2, 1): False}) == [1]


def test_the_hash_is_over_every_line_and_what_is_behind_it():
    words = {"run": "2", "standstill": True, "rule_applied": ""}
    lines = [Line(1, 1, None, prices={5: 4500, 4: 1}), Line(2, 1, None, Cause.PRICE, "Dear.")]
    first = rules.digest(lines, **words)

    assert rules.digest([Line(1, 1, None, prices={4: 1, 5: 4500}), lines[1]], **words) == first
    others = [
        rules.digest([Line(1, 1, None, prices={5: 4501, 4: 1}), lines[1]], **words),
        rules.digest([lines[0], Line(2, 1, None, Cause.PRICE, "Too dear.")], **words),
        rules.digest(lines[:1], **words),
        *[rules.digest(lines, **words | more) for more in ({"run": "3"}, {"standstill": False}, {"rule_applied": "x"})],
    ]
    assert len({first, *others}) == 7


# --- limits

NAMES = {101: "Ash House", 102: "Birch Farm", 103: "Cedar"}
PROVIDERS = {1: 101, 2: 102, 3: 103}


def limits(lines, *, most=None, lots=None, counts=LotLimit.LOTS, rule="By price", applied="", standing=()):
    rules.check_limits(
        lines,
        Limits(most, lots, counts, rule),
        providers=PROVIDERS,
        standing=standing,
        names=NAMES,
        rule_applied=applied,
    )


def on(bid, lot=1, sub_lot=None) -> Line:
    return Line(bid, lot, sub_lot)


def out(bid, lot=1, sub_lot=None) -> Line:
    return Line(bid, lot, sub_lot, Cause.LIMIT, "Left out.")


@pytest.mark.parametrize(
    ("lines", "words", "refusal"),
    [
        ([on(1), on(2)], {}, None),
        ([on(1), on(2)], {"most": 2}, None),
        ([on(1), on(2), on(3)], {"most": 2}, "Apply the published selection rule to the whole set$"),
        ([on(1), on(2), on(3)], {"most": 2, "rule": ""}, "No such rule was published"),
        ([on(1), on(2), out(3)], {"most": 2, "applied": "Ranked."}, None),
        ([on(1), on(2), out(3)], {"most": 2}, "Say how the published rule was applied"),
        ([on(1), on(2), out(3)], {"most": 2, "rule": "", "applied": "x"}, "No rule was published"),
        ([on(1), out(2), out(3)], {"most": 2, "applied": "Ranked."}, "Birch Farm is left out of a lot that fits"),
        ([on(1), on(2)], {"most": 2, "applied": "Ranked."}, "Everybody who passed fits"),
        # Who stands counts, and is not left out of more of the framework.
        ([on(1)], {"most": 2, "standing": [(102, 1, None), (103, 1, None)]}, "3 providers would be on"),
        ([out(1)], {"most": 2, "standing": [(102, 1, None), (103, 1, None)], "applied": "x"}, None),
        ([out(2, 2)], {"most": 2, "standing": [(102, 1, None), (103, 1, None)], "applied": "x"}, "that fits"),
        # The limit on lots of one provider.
        ([on(1, 1), on(1, 2), on(1, 3)], {"lots": 2}, r"Over that limit: Ash House \(3\)"),
        ([on(1, 1), on(1, 2), out(1, 3)], {"lots": 2, "applied": "First two."}, None),
        ([on(1, 1), out(1, 2), out(1, 3)], {"lots": 2, "applied": "x"}, "Ash House is left out of a lot that fits"),
        ([on(1, 1, 11), on(1, 1, 12), out(1, 1, 13)], {"lots": 1, "applied": "x"}, "that fits"),
        (
            [on(1, 1, 11), on(1, 1, 12), out(1, 1, 13)],
            {"lots": 2, "applied": "x", "counts": LotLimit.SUB_LOTS},
            None,
        ),
    ],
)
def test_over_a_limit_the_published_rule_is_applied_to_all_or_nobody_is_awarded(lines, words, refusal):
    if refusal is None:
        limits(lines, **words)
    else:
        with pytest.raises(Refused, match=refusal):
            limits(lines, **words)


def test_whoever_is_over_is_named_to_the_caller():
    with pytest.raises(OverLimit) as refused:
        limits([on(1), on(2), on(3)], most=2, rule="")

    assert refused.value.over == (101, 102, 103)


# --- who approves, and what has changed


def test_an_award_is_decided_once_by_somebody_else_who_meets_every_bid():
    rules.check_set_move(SetState.PROPOSED, SetState.APPROVED)
    with pytest.raises(Refused, match="“Approved”, so this is no longer possible"):
        rules.check_set_move(SetState.APPROVED, SetState.SENT_BACK)
    rules.check_other(1, 2)
    with pytest.raises(Refused, match="somebody else must approve"):
        rules.check_other(1, 1)
    rules.check_unbiased(0)
    with pytest.raises(Refused, match="Somebody else decides"):
        rules.check_unbiased(1)


def test_only_a_light_touch_contract_goes_without_a_standstill():
    for light_touch, standstill in ((True, True), (True, False), (False, True)):
        rules.check_standstill(light_touch=light_touch, standstill=standstill)
    with pytest.raises(Refused, match="not light touch"):
        rules.check_standstill(light_touch=False, standstill=False)


def test_what_has_changed_since_is_named_once_for_each_bid():
    names = dict.fromkeys([1, 2, 3, 4, 5], "")
    names |= {1: "Ash House", 2: "Birch Farm", 3: "Cedar", 4: "Dale", 5: "Elm"}
    before = [on(1), on(1, 2), on(2), on(3), on(4), on(5), Line(5, 2, None, Cause.PRICE, "x")]
    after = [
        Line(1, 1, None, Cause.WITHDRAWN, "x"),
        Line(1, 2, None, Cause.WITHDRAWN, "x"),
        Line(2, 1, None, Cause.EXCLUDED, "x"),
        Line(3, 1, None, Cause.LAPSED, "x"),
        Line(5, 1, None, Cause.PRICE, "x"),
        Line(5, 2, None, Cause.PRICE, "another reason"),
    ]

    assert rules.changes(before, after, names) == [
        "Ash House has withdrawn since",
        "Birch Farm has been excluded since",
        "Cedar has an insurance that has run out since",
        "Dale bid for other parts than the proposal says",
        "Elm would have another result now",
    ]
    assert rules.changes(before, before, names) == []


def test_everything_that_stands_in_the_way_is_told_at_once():
    rules.check_ready([])
    with pytest.raises(Refused, match=r"approved\. One\. Two\. Send it back"):
        rules.check_ready(["One", "Two", "One"])
