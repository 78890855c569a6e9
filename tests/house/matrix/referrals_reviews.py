"""URLs of reviews, outcomes, census and counts. Sana commissions at Elm Grove."""

from __future__ import annotations

import datetime as dt

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


def _school_file(world):
    return (world.elm_grove.pk, "csv")


def _counted(world):
    made_placement(world, starts_on=dt.date(2020, 9, 1), ends_on=dt.date(2099, 7, 1))
    return (world.elm_grove.pk,)


ROWS: dict[str, Row] = {
    "reviews": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "placement_reviews": Row(others=404, roles={"sana": 200, "bob": 403}, args=_live),
    "review": Row(others=404, roles={"sana": 200}, args=_review),
    "threshold_warnings": Row(
        others=404, roles={"ada": 200, "eve": 200, "max": 403, "fay": 403, "olu": 403}, args=_council
    ),
    "census": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "census_file": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school_file),
    "counts": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "counts_file": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school_file),
    "counts_chart": Row(others=404, roles={"sana": 200, "olu": 403}, args=_counted),
}
