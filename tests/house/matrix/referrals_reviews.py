"""URLs of reviews, outcomes, census and counts. Sana commissions at Elm Grove."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.referrals.placed import made_placement, made_review


def _school(world):
    return (world.elm_grove.pk,)


def _live(world):
    return (made_placement(world).pk,)


def _review(world):
    return (made_review(world, made_placement(world)).pk,)


def _council(world):
    return (world.larkshire.pk,)


ROWS: dict[str, Row] = {
    "reviews": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "placement_reviews": Row(others=404, roles={"sana": 200, "bob": 403}, args=_live),
    "review": Row(others=404, roles={"sana": 200}, args=_review),
    "threshold_warnings": Row(
        others=404, roles={"ada": 200, "eve": 200, "max": 403, "fay": 403, "olu": 403}, args=_council
    ),
}
