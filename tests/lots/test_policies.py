"""Policies: the rules of deciding them."""

from __future__ import annotations

import datetime as dt

import pytest

from lots import states
from lots.models import Policies
from lots.rules import policies
from lots.rules.policy_list import DEFAULTS, POLICY, TOPIC_OF, TOPICS
from lots.rules.refusals import Refused

D = dt.date


def test_every_policy_of_the_framework_stands_in_the_list_with_the_default_of_its_column():
    columns = {field.name: field for field in Policies._meta.get_fields() if field.concrete}
    for name in ("id", "framework", "locked_at"):
        del columns[name]

    assert set(POLICY) == set(columns)
    assert {code: columns[code].get_default() or None for code in columns} == {
        code: default or None for code, default in DEFAULTS.items()
    }


def test_what_decides_who_wins_are_policies_and_where_prices_or_quality_are_judged():
    assert set(POLICY) >= policies.WHO_WINS
    assert {TOPIC_OF[code].heading for code in policies.WHO_WINS} == {"Who passes on price", "Who passes on quality"}


def test_slugs_are_unique_and_every_topic_explains_itself():
    assert len({topic.slug for topic in TOPICS}) == len(TOPICS)
    assert all(topic.title and topic.decides and topic.clause and topic.why and topic.policies for topic in TOPICS)


@pytest.mark.parametrize("code", list(POLICY))
def test_a_value_survives_being_written_and_read(code):
    assert policies.read(POLICY[code], policies.written(DEFAULTS[code])) == DEFAULTS[code]


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("sides", "both", "both"),
        ("margin_percent", "0", 0),
        ("margin_percent", "100", 100),
        ("notice_hours", "720", 720),
        ("auto_places", "no", False),
        ("auto_places", "yes", True),
        ("review_on", "2028-03-01", D(2028, 3, 1)),
        ("review_on", "", None),
        ("review_cap_percent", "", None),
        ("over_limit_rule", "x" * 5000, "x" * 4000),
    ],
)
def test_a_text_is_read_as_the_value_that_it_stands_for(code, text, value):
    assert policies.read(POLICY[code], text) == value


@pytest.mark.parametrize(
    ("code", "text", "message"),
    [
        ("sides", "left", "Which side: choose one of the options"),
        ("sides", "", "choose one of the options"),
        ("margin_percent", "101", "Margin: enter a whole number from 0 to 100"),
        ("margin_percent", "", "whole number"),
        ("margin_percent", "-1", "whole number"),
        ("margin_percent", "1e1", "whole number"),
        ("margin_percent", "٣", "whole number"),
        ("margin_percent", "²", "whole number"),
        ("margin_percent", "9" * 5000, "whole number"),
        ("payment_days", "31", "from 0 to 30"),
        ("auto_places", "maybe", "choose yes or no"),
        ("review_on", "2028-02-30", "enter a real date"),
    ],
)
def test_what_a_policy_does_not_take_is_refused_with_its_name(code, text, message):
    with pytest.raises(Refused, match=message) as refusal:
        policies.read(POLICY[code], text)

    assert refusal.value.field == code


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("sides", "upper", states.Sides.UPPER.label),
        ("sides", "gone", "gone"),
        ("auto_places", True, "Yes"),
        ("auto_places", False, "No"),
        ("margin_percent", 0, "0%"),
        ("notice_hours", 24, "24 hours"),
        ("review_on", D(2028, 3, 1), "1 March 2028"),
        ("review_on", None, "None"),
        ("over_limit_rule", "", "None"),
        ("over_limit_rule", "Lowest first", "Lowest first"),
    ],
)
def test_a_value_is_said_in_words(code, value, words):
    assert policies.said(POLICY[code], value) == words


def test_policies_are_locked_by_publication():
    policies.check_open(None, "draft")
    with pytest.raises(Refused, match="locked when the framework was published"):
        policies.check_open(dt.datetime(2026, 3, 18, tzinfo=dt.UTC), "published")
    with pytest.raises(Refused, match="no longer being set up"):
        policies.check_open(None, "withdrawn")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"price_review": "none"}, None),
        ({"margin_percent": 20}, None),
        ({"price_review": "cpi", "review_cap_percent": 0, "review_on": D(2028, 3, 1)}, None),
        ({"price_review": "cpi", "review_cap_percent": None, "review_on": D(2028, 3, 1)}, "review_cap_percent"),
        ({"price_review": "cpi", "review_cap_percent": 3, "review_on": None}, "review_on"),
    ],
)
def test_a_review_by_the_index_needs_its_cap_and_its_date(values, field):
    if field is None:
        policies.check_together(values)
        return
    with pytest.raises(Refused) as refusal:
        policies.check_together(values)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("code", "value", "from_notice", "owed"),
    [
        ("sides", "upper", False, False),
        ("sides", "upper", True, True),
        ("sides", "both", False, True),
        ("low_percent", 50, True, False),
        ("low_percent", 40, True, True),
        ("auto_places", False, False, True),
        ("over_limit_rule", "Lowest price first", True, False),
        ("review_on", D(2028, 3, 1), True, False),
        ("departures", "", False, True),
        ("charge_closed", 10, False, True),
        ("charge_closed", 0, False, False),
    ],
)
def test_a_reason_is_owed_for_departures_and_where_the_notice_leaves_open_who_wins(code, value, from_notice, owed):
    policy = POLICY[code]
    assert policies.reason_owed(policy, value, from_notice=from_notice) is owed

    policies.check_reason([policy], {code: value}, "Because", from_notice=from_notice)
    if owed:
        with pytest.raises(Refused, match="Enter a reason") as refusal:
            policies.check_reason([policy], {code: value}, "", from_notice=from_notice)
        assert refusal.value.field == "reason"
    else:
        policies.check_reason([policy], {code: value}, "", from_notice=from_notice)


@pytest.mark.parametrize(
    ("code", "clarification", "from_notice", "refused"),
    [
        ("sides", "", True, True),
        ("sides", "To all bidders: upper side only", True, False),
        ("sides", "", False, False),
        ("low_percent", "", True, False),
    ],
)
def test_a_choice_of_who_wins_owes_the_text_to_all_bidders(code, clarification, from_notice, refused):
    if not refused:
        policies.check_clarification([POLICY[code]], clarification, from_notice=from_notice)
        return
    with pytest.raises(Refused, match="goes to all bidders"):
        policies.check_clarification([POLICY[code]], clarification, from_notice=from_notice)


@pytest.mark.parametrize(
    ("decided", "from_notice", "left"),
    [
        ((), False, frozenset()),
        ((), True, policies.WHO_WINS),
        (policies.WHO_WINS - {"sides"}, True, {"sides"}),
        (policies.WHO_WINS | {"term_over_eight_years"}, True, frozenset()),
    ],
)
def test_with_a_notice_behind_it_whoever_wins_is_decided_before_publication(decided, from_notice, left):
    assert policies.undecided(decided, from_notice=from_notice) == left
