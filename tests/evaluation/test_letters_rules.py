"""Which letters there are, and which figures of the price check may stand in one, as tables."""

from __future__ import annotations

from collections import Counter

import pytest

from evaluation.rules import letters as rules
from evaluation.states import BidState, LetterKind

SUMMARY, AWARD, NOT_AWARDED = LetterKind.SUMMARY, LetterKind.AWARD, LetterKind.NOT_AWARDED
POUND = 100_00  # in hundredths of a penny


@pytest.mark.parametrize(
    ("state", "awarded", "kinds"),
    [
        (BidState.IN, True, (SUMMARY, AWARD)),
        (BidState.IN, False, (SUMMARY, NOT_AWARDED)),
        (BidState.WITHDRAWN, False, (NOT_AWARDED,)),
        (BidState.EXCLUDED, False, (NOT_AWARDED,)),
        (BidState.UNREADABLE, False, (NOT_AWARDED,)),
    ],
)
def test_who_is_sent_which_letters(state, awarded, kinds):
    assert rules.kinds_of(state, awarded=awarded) == kinds


def told(*pools, me="me", tied=(), before=frozenset(), margin=20) -> set[int]:
    """The pools, by number from 1, whose average `me` may be told. Each is prices in pounds by bidder."""
    known = {me, *tied}
    read, where = [], {}
    for key, prices in enumerate(pools, start=1):
        total = POUND * sum(prices.values())
        own = {one: pounds for one, pounds in prices.items() if one in known}
        upper = (100 + margin) * total // (100 * len(prices))
        if me in prices:
            read.append(rules.Pool(key, len(prices), total, upper, POUND * sum(own.values()), len(own)))
        for one in prices:
            where.setdefault(one, set()).add(key)
    groups = Counter(frozenset(keys) for one, keys in where.items() if one not in known)
    return rules.tellable(read, groups, told=before)


@pytest.mark.parametrize(
    ("pool", "why"),
    [
        ({"me": 40}, "alone: it would tell that nobody else bid"),
        ({"me": 40, "a": 45}, "two: the average is the other's price"),
        ({"me": 40, "a": 45, "b": 42}, "three: each of the others takes its own from the sum and has the third"),
        ({"me": 30, "a": 60, "b": 60, "c": 60}, "the sum leaves the others no room below the limit"),
    ],
)
def test_a_pool_whose_average_would_tell_of_others_is_not_told(pool, why):
    assert told(pool) == set()


def test_a_narrow_margin_fixes_the_others_prices_too():
    pool = {"me": 50, "a": 50, "b": 50, "c": 50}

    assert told(pool, margin=20) == {1}
    assert told(pool, margin=5) == set()


def test_four_prices_hide_each_other():
    assert told({"me": 40, "a": 45, "b": 42, "c": 48}) == {1}


def test_a_firm_that_is_connected_with_the_bidder_hides_nobody():
    pool = {"me": 40, "mine": 41, "a": 45, "b": 42}

    assert told(pool) == {1}
    assert told(pool, tied=["mine"]) == set()
    assert told(pool | {"c": 48}, tied=["mine"]) == {1}


def test_of_two_pools_that_differ_by_one_bidder_the_larger_is_told_alone():
    small = {"me": 40, "a": 45, "b": 42, "c": 48}

    assert told(small, small | {"d": 44}) == {2}


def test_of_two_pools_that_differ_by_two_who_are_always_together_the_larger_is_told_alone():
    small = {"me": 40, "a": 45, "b": 42, "c": 48}

    assert told(small, small | {"d": 44, "e": 47}) == {2}
    assert told(small, small | {"d": 44, "e": 47, "f": 46}) == {1, 2}


def test_pools_with_the_same_bidders_are_both_told():
    pool = {"me": 40, "a": 45, "b": 42, "c": 48}

    assert told(pool, dict(pool)) == {1, 2}


def test_three_pools_of_which_no_two_tell_anything_are_not_all_told():
    """Of a and b, b and c, c and a: half of all less the third is one of them."""
    first = {"me": 40, "a": 45, "b": 42, "x": 41, "y": 43, "z": 44}
    second = {"me": 40, "b": 42, "c": 48, "x": 41, "y": 43, "z": 44}
    third = {"me": 40, "c": 48, "a": 45, "x": 41, "y": 43, "z": 44}
    fourth = {"me": 40, "x": 41, "y": 43, "z": 44}

    assert told(first, second, third) == {1, 2, 3}
    assert told(first, second, third, fourth) == {1, 2, 3}


def test_in_which_other_pools_a_rival_is_changes_nothing_for_the_bidder():
    """The two of d and e are apart in a pool that the bidder is not in, and together in both of its own."""
    small = {"me": 40, "a": 45, "b": 42, "c": 48}

    assert told(small, small | {"d": 44, "e": 47}, {"d": 44, "z": 50}) == {2}


def test_what_an_earlier_letter_told_counts_and_stays():
    small = {"me": 40, "a": 45, "b": 42, "c": 48}

    assert told(small | {"d": 44}, small, before={1}) == {1}
    assert told(small | {"d": 44}, small, before={2}) == {2}


@pytest.mark.parametrize(
    ("total", "count", "pence"), [(100_00, 1, 100), (100_49, 1, 100), (100_50, 1, 101), (2_00, 3, 1)]
)
def test_an_average_is_rounded_to_the_nearest_penny(total, count, pence):
    assert rules.average(total, count) == pence


@pytest.mark.parametrize(
    ("hundredths", "text"), [(56_10_00, "£56.10"), (56_10_42, "£56.1042"), (5, "£0.0005"), (0, "£0.00")]
)
def test_hundredths_of_a_penny_as_pounds(hundredths, text):
    assert rules.in_pounds(hundredths) == text


def test_a_limit_is_the_last_penny_that_passes():
    assert rules.to_the_penny(44_70_99) == 44_70_00
    assert rules.to_the_penny(44_70_01, up=True) == 44_71_00
    assert rules.to_the_penny(44_70_00, up=True) == 44_70_00


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Weaker than Birch Farm, whose policy is dated.", "Weaker than [another bidder], whose policy is dated."),
        ("Birch   Farm's policy was better.", "[another bidder]'s policy was better."),
        ("birch farms are nice", "birch farms are nice"),
        ("As good as Progress.", "As good as [another bidder]."),
        ("Progress is shown. Progress is recorded.", "Progress is shown. Progress is recorded."),
        ("The Birch Farmers", "The Birch Farmers"),
    ],
)
def test_names_of_other_bidders_are_taken_out_of_reasons(text, shown):
    assert rules.without_names(text, ["Birch Farm", "Progress", ""]) == shown


def test_the_longer_of_two_names_is_taken_out_first():
    assert rules.without_names("Like Birch Farm North.", ["Birch Farm", "Birch Farm North"]) == "Like [another bidder]."


@pytest.mark.parametrize(("count", "size"), [(1, 10), (40, 10), (80, 10), (200, 25), (1001, 126)])
def test_letters_are_divided_among_a_few_jobs(count, size):
    assert rules.size_of_share(count) == size


def test_the_words_of_a_policy_inside_a_sentence():
    assert [rules.uncapped(words) for words in ("Excluding VAT", "VAT", "A", "")] == ["excluding VAT", "VAT", "a", ""]
