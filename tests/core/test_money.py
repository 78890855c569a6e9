"""Money: what a form accepts, and sums that come out to the penny."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.fields import MoneyField
from core.money import Money, NotMoney, split


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("45", 4500),
        (" 45 ", 4500),
        ("£45", 4500),
        ("£ 45.5", 4550),
        ("£1,234.50", 123450),
        ("1234.5", 123450),
        ("1,234,567.89", 123456789),
        ("0", 0),
        ("0.00", 0),
        ("0.01", 1),
        ("007", 700),
        ("0" * 9_000 + "1234.50", 123450),
        ("0" * 9_000, 0),
        ("99999999999.99", 9999999999999),
    ],
)
def test_an_amount_as_people_type_it(typed, pence):
    assert Money.parse(typed) == Money(pence)


@pytest.mark.parametrize(
    "typed",
    [
        *["", " ", "£", ".", ".50", "45.", "forty", "1e3", "1_000", "٣٣", "４５", "-0", "-1", "+1", "NaN", "inf"],
        *["1.234", "1.2.3", "1,23", "12,34,567", "1,2345", ",123", "1 000", "$5", "€5", "5p", "££5", "0x10", "½"],
        *["1000000000000", "100000000000.01", "9" * 10_000, "1\u200b2", "1\n2"],
    ],
)
def test_what_could_mean_two_things_is_refused_with_what_to_type(typed):
    with pytest.raises(NotMoney, match="Enter an amount"):
        Money.parse(typed)


@pytest.mark.parametrize(
    ("pence", "shown"),
    [(0, "£0.00"), (5, "£0.05"), (123450, "£1,234.50"), (-250, "−£2.50"), (10**11, "£1,000,000,000.00")],
)
def test_money_as_it_is_shown(pence, shown):
    assert str(Money(pence)) == shown


@pytest.mark.parametrize(
    ("pence", "shown"),
    [(0, "£0"), (5, "£0.05"), (123450, "£1,234.50"), (-200, "−£2"), (2_420_000_000, "£24,200,000"), (10000, "£100")],
)
def test_a_value_as_it_is_shown(pence, shown):
    assert Money(pence).in_short == shown


@pytest.mark.parametrize("pence", [1.0, "1", True, None])
def test_money_is_whole_pence_or_nothing(pence):
    with pytest.raises(TypeError):
        Money(pence)


def test_money_adds_and_takes_away():
    assert Money(150) + Money(50) == Money(200)
    assert Money(150) - Money(50) == Money(100)


@given(st.integers(min_value=0, max_value=10**13))
def test_what_is_shown_can_be_typed(pence):
    assert Money.parse(str(Money(pence))) == Money(pence)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [50, 50], [50, 50]),
        (1, [1, 1], [1, 0]),
        (0, [1, 2], [0, 0]),
        (1000, [333, 667], [333, 667]),
        (101, [0, 1, 1], [0, 51, 50]),
    ],
)
def test_shares_by_the_largest_remainder(total, weights, parts):
    assert split(Money(total), weights) == [Money(part) for part in parts]


@pytest.mark.parametrize("weights", [[], [0], [-1, 2]])
def test_nothing_is_shared_by_nothing(weights):
    with pytest.raises(ValueError, match="positive"):
        split(Money(100), weights or [0])


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(lambda w: sum(w) > 0))
def test_shares_always_add_up(total, weights):
    assert sum(part.pence for part in split(Money(total), weights)) == total


def test_the_field_gives_pence_and_says_what_to_type():
    assert MoneyField().clean("£1,234.50") == 123450
    assert MoneyField(required=False).clean("") is None
    with pytest.raises(ValidationError, match="Enter an amount in pounds and pence"):
        MoneyField().clean("1e3")
