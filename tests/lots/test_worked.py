"""Worked examples: they change with the policy, and their figures are those of the rule."""

from __future__ import annotations

import pytest

from lots.rules.policy_list import DEFAULTS, POLICY, TOPICS
from lots.rules.worked_examples import EXAMPLES, example


def told(slug: str, **values) -> str:
    """Everything that an example says, as one text."""
    found = example(slug, DEFAULTS | values)
    cells = [cell for table in found.tables for row in (table.columns, *table.rows) for cell in row]
    return "\n".join([found.story, *cells, *found.points])


def test_every_topic_has_its_example():
    assert list(EXAMPLES) == [topic.slug for topic in TOPICS]


@pytest.mark.parametrize("slug", list(EXAMPLES))
def test_an_example_is_in_pounds_and_its_tables_are_square(slug):
    found = example(slug, DEFAULTS)

    assert "£" in told(slug)
    assert found.tables
    assert all(len(row) == len(table.columns) for table in found.tables for row in table.rows)


CHANGES = [
    ("pool", "Fir fails", {"pool": "sub_lot"}, "Part B, secondary: The 3 prices add up to £180.00"),
    ("counted", "up to £56.10 pass. Damson fails", {"counted": "submitted"}, "up to £80.88 pass. Elder fails"),
    ("margin", "up to £56.10", {"margin_percent": 30}, "up to £60.77 pass. Nobody fails"),
    ("margin", "Up to £44.70", {"sides": "both"}, "From £29.80 up to £44.70"),
    ("margin", "Up to £40.00", {"margin_percent": 19}, "Up to £39.66"),
    ("low", "Alder is asked about", {"low_percent": 10}, "Nobody is asked about"),
    ("low", "up to £55.60 pass. Nobody fails", {"low_percent": 0}, "All four prices count"),
    ("fail-costs", "1 of 4 prices is left", {"fail_costs": "line"}, "3 of 4 prices are left"),
    ("fail-costs", "1 of 4", {"fail_costs": "sub_lot"}, "2 of 4"),
    ("fail-costs", "1 of 4", {"fail_costs": "framework"}, "0 of 4"),
    ("basis", "up to £52.80 pass. Nobody fails", {"basis": "gross"}, "up to £56.80 pass. Cedar fails"),
    ("quality", "Both prices are out", {"quality": "lot"}, "£42.00 for lot 2 goes on to the price check"),
    ("evaluators", "609 decisions, £3,654.00", {"evaluators": "two"}, "840 decisions, £5,040.00"),
    ("evaluators", "609", {"blind_percent": 0}, "552 decisions"),
    ("lots-that-come", "Quotes £85.00 a day", {"auto_places": False}, "The lot stays empty"),
    ("limits", "counts 3 of 6", {"lot_limit": "sub_lots"}, "counts 8 of 6"),
    ("limits", "No rule is published", {"over_limit_rule": "Lowest price first"}, "The published rule decides"),
    ("who-may-use-it", "–", {"call_off": "named"}, "A school that is named\nYes\n£450.00"),
    ("selection", "Alder is chosen: £41.00 × 120", {"selection": "ranked"}, "Beech is chosen: £42.00 × 120"),
    ("selection", "Continuity; Travel", {"departures": " "}, "No ground to choose somebody else"),
    ("being-made", "Finished under the old terms", {"in_flight": False}, "Begun again under the new framework"),
    ("price-review", "stands until the framework", {"price_review": "on_request"}, "The buyer decides"),
    ("price-review", "stands", {"price_review": "cpi", "review_cap_percent": 3}, "costs £46.35, £1.35 more"),
    ("price-review", "stands", {"price_review": "cpi", "review_cap_percent": 9}, "costs £47.34, £2.34 more"),
    ("price-review", "stands", {"price_review": "cpi"}, "Enter the cap"),
    ("charging", "£405.00 is paid", {"charge_absent_told": 50}, "£360.00 is paid"),
    ("charging", "24 hours", {"notice_hours": 48}, "Cancelled less than 48 hours before"),
    ("payment", "by 30 March 2027", {"payment_days": 14}, "by 14 March 2027"),
    ("payment", "by 30 March 2027", {"payment_days": 0}, "by 1 March 2027"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "before", "change", "after"), CHANGES)
def test_an_example_changes_with_the_policy(slug, before, change, after):
    assert before in told(slug)
    assert after not in told(slug)
    assert after in told(slug, **change)


def test_every_policy_that_is_a_choice_or_a_figure_changes_its_example():
    changed = {code for _, _, change, _ in CHANGES for code in change}
    elsewhere = {"charge_attended", "charge_absent_not_told", "charge_closed", "charge_cancelled", "review_on"}

    assert set(POLICY) - changed == elsewhere


@pytest.mark.parametrize("code", ["charge_attended", "charge_absent_not_told", "charge_closed", "charge_cancelled"])
def test_every_charge_changes_what_the_week_costs(code):
    assert told("charging", **{code: 33}) != told("charging")
