"""What is told of a provider, whom a suspension reaches, until when somebody decides, and what can be decided."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules.refusals import Refused
from lots.states import Cause
from referrals.rules import events as rules
from referrals.states import Decided, PlacementState

TODAY = dt.date(2026, 9, 14)  # a Monday
WIDE = rules.Reach(buyer=1, provider=7, place=None)
NARROW = rules.Reach(buyer=1, provider=7, place=3)


def placed(**fields) -> rules.Placed:
    return rules.Placed(**({"provider": 7, "place": 3, "buyer": 1, "parties": frozenset({5})} | fields))


@pytest.mark.parametrize(
    ("suspension", "placement", "reached"),
    [
        (WIDE, placed(), True),
        (WIDE, placed(provider=8), False),
        (WIDE, placed(buyer=2), False),
        (WIDE, placed(buyer=2, parties=frozenset({1})), False),
        (WIDE, placed(place=None, buyer=None), False),
        (WIDE, placed(place=None, buyer=None, parties=frozenset({1, 5})), True),
        (NARROW, placed(), True),
        (NARROW, placed(place=4), False),
        (NARROW, placed(place=None, buyer=None, parties=frozenset({1})), False),
    ],
)
def test_whom_a_suspension_reaches(suspension, placement, reached):
    assert rules.reaches(suspension, placement) is reached


@pytest.mark.parametrize(
    ("cause", "today", "last"),
    [
        (Cause.SAFEGUARDING, TODAY, dt.date(2026, 9, 15)),
        (Cause.SAFEGUARDING, dt.date(2026, 9, 18), dt.date(2026, 9, 21)),
        (Cause.SAFEGUARDING, dt.date(2026, 12, 24), dt.date(2026, 12, 29)),
        (Cause.COMMERCIAL, TODAY, dt.date(2026, 9, 21)),
        (Cause.INSURANCE, dt.date(2026, 9, 19), dt.date(2026, 9, 25)),
    ],
)
def test_a_decision_is_due_after_working_days(cause, today, last):
    assert rules.decide_by(cause, today) == last


@pytest.mark.parametrize(("days", "good"), [(-91, False), (-90, True), (0, True), (90, True), (91, False)])
def test_a_change_is_about_now(days, good):
    day = TODAY + dt.timedelta(days=days)
    if good:
        rules.check_change(day, TODAY)
    else:
        with pytest.raises(Refused, match="from 16 June 2026 to 13 December 2026") as refused:
            rules.check_change(day, TODAY)
        assert refused.value.field == "happened_on"


def test_the_same_words_about_the_same_day_are_the_same_change():
    key = rules.key_of_change(7, "staff", TODAY, "The lead  teacher\nchanged")

    assert key == rules.key_of_change(7, "staff", TODAY, "The lead teacher changed")
    assert len(key) <= 80
    others = [(8, "staff", TODAY, "x"), (7, "site", TODAY, "x"), (7, "staff", dt.date(2026, 9, 13), "x")]
    assert len({rules.key_of_change(*one) for one in [*others, (7, "staff", TODAY, "x")]}) == 4


@pytest.mark.parametrize(
    ("state", "choices"),
    [
        (PlacementState.LIVE, [Decided.GO_ON, Decided.PAUSE, Decided.MOVE]),
        (PlacementState.PAUSED, [Decided.GO_ON, Decided.MOVE]),
        (PlacementState.ASSURANCE, [Decided.GO_ON, Decided.MOVE]),
    ],
)
def test_what_can_be_decided(state, choices):
    assert list(rules.choices_for(state)) == choices


@pytest.mark.parametrize(
    ("what", "given", "says"),
    [
        ("go_on", {"decided": "pause"}, "decided this already: Pause"),
        ("go_on", {"lapsed": True}, "nothing has to be decided"),
        ("pause", {"state": "paused"}, "The placement is paused, so it cannot be paused"),
        ("pause", {"state": "assurance"}, "awaiting assurance, so it cannot"),
    ],
)
def test_what_is_not_decided(what, given, says):
    given = {"state": "live", "decided": "", "lapsed": False} | given
    with pytest.raises(Refused, match=says):
        rules.check_decision(what, **given)


def test_what_is_decided():
    for what in Decided:
        rules.check_decision(what, state="live", decided="", lapsed=False)


@pytest.mark.parametrize(("today", "late"), [(TODAY, 0), (TODAY - dt.timedelta(days=1), 0), (dt.date(2026, 9, 16), 2)])
def test_how_late_a_decision_is(today, late):
    assert rules.days_late(TODAY, today) == late


@pytest.mark.parametrize(
    ("decided", "state", "waits"),
    [("move", "live", True), ("move", "ended", False), ("pause", "paused", False), ("move", "assurance", True)],
)
def test_what_is_still_to_move(decided, state, waits):
    assert rules.is_still_to_move(decided, state) is waits


def test_the_facts_hold_no_street_and_no_reason():
    assert rules.site_fact("Workshop", "Larkford", closed=True) == "A site is no longer used: Workshop, Larkford."
    assert rules.site_fact("Online", "", closed=False) == "A site was added: Online."
    assert "20 September 2026" in rules.insurance_fact(dt.date(2026, 9, 20))
    assert rules.insurance_fact(None).startswith("No public liability insurance")
    assert rules.suspension_fact("safeguarding") == "The provider is suspended. Kind of cause: safeguarding."
    assert "still in force" in rules.lifted_fact(others=True)
    assert "does not go on by itself" in rules.lifted_fact(others=False)
