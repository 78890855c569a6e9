"""What differs between two tellings of a framework, which of it can be taken, and how it is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given

from lots.rules import telling
from lots.rules.differences import (
    LABELS,
    LOT_LABELS,
    Difference,
    differences,
    merged,
    print_of,
    value_of,
    why_kept,
)
from lots.rules.facts import DocumentFacts, FrameworkFacts, KeyDateFacts, LotFacts, SubLotFacts, TextFacts
from tests.notices.test_facts_in_rows import FACTS, SMALL

NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(days=7)


def test_every_fact_has_a_label():
    assert {field.name for field in fields(FrameworkFacts)} - {"lots"} == set(LABELS)
    assert {field.name for field in fields(LotFacts)} - {"number"} == set(LOT_LABELS)


@given(FACTS)
def test_a_framework_does_not_differ_from_itself(facts):
    assert differences(facts, facts) == ()
    assert merged(facts, facts, []) == facts


@given(FACTS, FACTS)
def test_what_differs_taken_whole_leaves_nothing_that_differs(before, after):
    keys = {difference.key for difference in differences(before, after)}

    assert differences(merged(before, after, keys), after) == ()
    assert merged(before, after, []) == before


def test_differences_come_in_reading_order_with_both_sides():
    after = replace(
        SMALL,
        title="New",
        lots=(replace(SMALL.lots[1], net_pence=7), SMALL.lots[2], LotFacts("8", "Eighth")),
    )

    found = differences(SMALL, after)

    assert found == (
        Difference("title", "Title", "Alternative provision", "New", "title"),
        Difference("lots.1", "Lot 1", SMALL.lots[0], None, "", "1"),
        Difference("lots.2.net_pence", "Lot 2: value without VAT", None, 7, "net_pence", "2"),
        Difference("lots.8", "Lot 8", None, LotFacts("8", "Eighth"), "", "8"),
    )
    assert [value_of(SMALL, difference) for difference in found] == [SMALL.title, SMALL.lots[0], None, None]
    assert value_of(replace(SMALL, lots=()), found[2]) is None
    assert merged(SMALL, after, ["lots.1", "lots.8"]).lots == (*SMALL.lots[1:], LotFacts("8", "Eighth"))


@given(FACTS, FACTS)
def test_a_print_tells_facts_apart(one, other):
    assert (print_of(one) == print_of(other)) == (one == other)


@pytest.mark.parametrize(
    ("key", "before", "after", "published", "words"),
    [
        ("title", "A", "B", False, ""),
        ("ocid", "", "ocds-1", False, ""),
        ("ocid", "ocds-1", "ocds-2", False, "keeps the identifier"),
        ("closes_at", NOON, LATER, False, ""),
        ("closes_at", NOON, LATER, True, "More time is given to everybody"),
        ("closes_at", LATER, NOON, True, "never made shorter"),
        ("closes_at", NOON, None, True, "never made shorter"),
        ("enquiries_until", None, NOON, True, "never made shorter"),
        ("max_participants", 100, 120, True, "was fixed"),
        ("lots.1.net_pence", 1, 2, True, "was fixed"),
        ("documents", (), ("x",), True, ""),
        ("key_dates", (), ("x",), True, ""),
    ],
)
def test_what_can_be_taken_from_a_new_notice(key, before, after, published, words):
    reason = why_kept(Difference(key, "", before, after), published=published)

    assert bool(reason) == bool(words)
    assert words in reason


@pytest.mark.parametrize(
    ("value", "field", "words"),
    [
        (None, "closes_at", "not said"),
        ("", "risks", "not said"),
        ((), "documents", "not said"),
        (None, "max_lots", "No limit"),
        (100, "max_participants", "100"),
        (True, "is_open", "Yes"),
        (False, "is_open", "No"),
        (2_420_000_000, "net_pence", "£24,200,000"),
        (NOON, "closes_at", "20 April 2026 at midday (UK time)"),
        (dt.date(2036, 8, 31), "ends_on", "31 August 2036"),
        ("Words", "risks", "Words"),
        (("UKH21", "UKH22"), "regions", "UKH21\nUKH22"),
        ((SubLotFacts("B", "secondary"), SubLotFacts("C", "post_16")), "sub_lots", "B: Secondary\nC: 16+"),
        ((TextFacts("award", "Quality", "As Lot 1", "Pass", "1"),), "texts", "Quality (as for lot 1): Pass"),
        ((TextFacts("weighting", "", "Pass", "Pass"),), "texts", "How bids are compared: Pass"),
        ((KeyDateFacts("reopening", NOON),), "key_dates", "Planned re-opening, 20 April 2026 at midday (UK time)"),
        ((DocumentFacts("Tender notice", "000001-2026"), DocumentFacts("Terms")), "documents",
         "Tender notice 000001-2026\nTerms"),
        (SMALL.lots[0], "", "Vocational, not said without VAT, parts B C"),
        (replace(SMALL.lots[2], net_pence=100), "", "Miscellaneous, £1 without VAT"),
    ],
)  # fmt: skip
def test_how_facts_are_told(value, field, words):
    assert telling.told(value, field=field) == words
