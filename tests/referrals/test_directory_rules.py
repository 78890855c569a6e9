"""The order drawn by lot, and distances in words."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from referrals.rules.directory import METRES_A_MILE, Point, Spot, drawn, metres, miles_in_words, nearest

SESSIONS = 3000


@pytest.mark.parametrize("keys", [(1, 2), (7, 8, 9, 10, 11), tuple(range(100, 120)), (3, 5_000_000_000, 17)])
def test_everybody_stands_first_as_often_as_anybody_else(keys):
    orders = [sorted(keys, key=drawn(f"session {number}").rank) for number in range(SESSIONS)]

    fair = SESSIONS / len(keys)
    firsts = Counter(order[0] for order in orders)
    assert set(firsts) == set(keys)
    # Chi-squared: beyond 2.5 times what chance gives on average, a die would be thrown away.
    assert sum((count - fair) ** 2 / fair for count in firsts.values()) < 2.5 * len(keys)
    for one, other in list(combinations(keys, 2))[:30]:
        before = sum(order.index(one) < order.index(other) for order in orders)
        assert abs(before / SESSIONS - 0.5) < 0.05


def test_the_order_is_the_same_for_the_same_session_and_another_for_the_next():
    keys = range(1, 40)

    first, again, next_one = (sorted(keys, key=drawn(seed).rank) for seed in ("a", "a", "b"))

    assert first == again
    assert first != next_one


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (0, "Under 1 mile"),
        (METRES_A_MILE - 1, "Under 1 mile"),
        (METRES_A_MILE, "1 mile"),
        (METRES_A_MILE * 1.4, "1 mile"),
        (METRES_A_MILE * 12.6, "13 miles"),
    ],
)
def test_a_distance_is_told_in_miles(distance, words):
    assert miles_in_words(distance) == words


def test_a_largest_distance_leaves_nobody_out_by_a_metre():
    assert metres(2) == 3219


HERE = Point(400_000, 300_000)
WORKSHOP = Spot("Larkford", "premises", 400_000, 310_000)
NEAR = Spot("Elmton", "premises", 400_000, 303_000)


@pytest.mark.parametrize(
    ("spots", "point", "told"),
    [
        ([WORKSHOP, NEAR], HERE, ("Elmton", "2 miles")),
        ([WORKSHOP, NEAR], None, ("Larkford", "")),
        ([Spot("", "online"), WORKSHOP], HERE, ("Larkford", "6 miles")),
        ([Spot("", "online"), Spot("Larkford", "premises")], HERE, ("Larkford", "")),
        ([Spot("", "online")], HERE, ("Online", "")),
        ([Spot("", "home")], None, ("At the pupil’s home", "")),
        ([Spot("", "community")], None, ("In the community", "")),
        ([Spot("", "premises")], None, ("Town not given", "")),
        ([Spot("", "premises", 400_000, 300_000)], HERE, ("Town not given", "Under 1 mile")),
        ([], HERE, ("Not given", "")),
    ],
)
def test_where_a_provider_is_met(spots, point, told):
    assert nearest(spots, point) == told
