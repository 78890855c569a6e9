"""The price check's arithmetic: the notice's rule as a table."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.rules import prices


def pool(*pounds: float) -> dict[int, int]:
    return {number: round(100 * pound) for number, pound in enumerate(pounds)}


@pytest.mark.parametrize(
    ("given_prices", "margin", "upper", "fail"),
    [
        ((40, 42, 45, 60), 20, 5610, [3]),
        ((40, 42, 45, 60, 150), 20, 8088, [4]),
        ((30, 30, 40), 20, 4000, []),
        ((30, 30, 40.01), 20, 4000, [2]),
        ((10, 45, 46, 48), 20, 4470, [1, 2, 3]),
        ((45,), 20, 5400, []),
        ((45,), 0, 4500, []),
        ((45, 45.01), 0, 4500, [1]),
        ((40, 42, 45, 60), 100, 9350, []),
        ((0, 0), 20, 0, []),
        ((0.01, 0.01, 0.02), 20, 1, [2]),
        ((100, 150), 20, 15000, []),
        ((100, 150.01), 20, 15000, [1]),
    ],
)
def test_a_price_passes_up_to_and_at_the_limit(given_prices, margin, upper, fail):
    offered = pool(*given_prices)

    assert prices.limits(offered, margin=margin).upper == upper
    assert prices.failing(offered, margin=margin) == fail


@pytest.mark.parametrize(
    ("given_prices", "lower", "fail"),
    [
        ((40, 42, 45, 60), 3740, [3]),
        ((10, 45, 46, 48), 2980, [0, 1, 2, 3]),
        ((8, 10, 12), 800, []),
        ((7.99, 10, 12.01), 800, [0, 2]),
        ((0.01, 0.01, 0.01), 1, []),
    ],
)
def test_with_both_sides_a_low_price_fails_too(given_prices, lower, fail):
    offered = pool(*given_prices)

    assert prices.limits(offered, margin=20, both_sides=True).lower == lower
    assert prices.failing(offered, margin=20, both_sides=True) == fail


def test_on_the_upper_side_only_there_is_no_lower_limit():
    assert prices.limits(pool(10, 45), margin=20).lower == 0
    assert prices.limits(pool(10, 45), margin=100, both_sides=True).lower == 0


def test_the_average_is_exact():
    assert prices.limits(pool(40, 42, 45), margin=20).average == Fraction(12700, 3)


def test_an_empty_pool_has_no_average():
    with pytest.raises(ValueError, match="empty pool"):
        prices.limits({}, margin=20)


@given(
    st.lists(st.integers(0, 10**13), min_size=1, max_size=40),
    st.integers(0, 100),
    st.booleans(),
)
def test_the_limits_shown_to_the_penny_are_the_rule_itself(pence, margin, both_sides):
    offered = dict(enumerate(pence))

    found = prices.limits(offered, margin=margin, both_sides=both_sides)

    by_limit = [who for who, price in offered.items() if not found.lower <= price <= found.upper]
    assert prices.failing(offered, margin=margin, both_sides=both_sides) == by_limit
    exact = Fraction(100 + margin, 100) * found.average
    assert [who for who, price in offered.items() if price > exact] == [
        who for who in by_limit if offered[who] > found.upper
    ]


@pytest.mark.parametrize(
    ("given_prices", "percent", "low"),
    [
        ((10, 45, 46, 48), 50, [0]),
        ((10, 10, 10, 46), 50, [0, 1, 2]),
        ((40, 42, 45, 60), 50, []),
        ((20, 40), 50, []),
        ((19.99, 40), 50, [0]),
        ((10,), 50, []),
        ((10, 45, 46, 48), 0, []),
        ((0, 45), 50, [0]),
    ],
)
def test_an_unusually_low_price_is_less_than_the_share_of_the_average_of_the_others(given_prices, percent, low):
    assert prices.unusually_low(pool(*given_prices), percent=percent) == low


@pytest.mark.parametrize(("pence", "percent", "due"), [(4500, 100, 4500), (4555, 50, 2277), (4500, 0, 0), (1, 99, 0)])
def test_a_share_is_rounded_down_to_the_penny(pence, percent, due):
    assert prices.share(pence, percent) == due


@pytest.mark.parametrize(
    ("index", "cap", "new"), [(52, 3, 4635), (21, 3, 4594), (0, 3, 4500), (-10, 3, 4500), (52, 0, 4500)]
)
def test_a_review_follows_the_index_up_to_its_cap_and_never_down(index, cap, new):
    assert prices.reviewed(4500, index_permille=index, cap_percent=cap) == new
