"""URLs of frameworks: what is published is for anybody, what is being set up for its buyer's people."""

from __future__ import annotations

from tests.frameworks import make_framework
from tests.house.matrix import Row


def _published(world):
    return [make_framework(world, published=True).pk]


def _lot(world):
    return [make_framework(world, published=True).lots.first().pk]


def _larkshire(world):
    return [world.larkshire.pk]


ROWS: dict[str, Row] = {
    "frameworks": Row(others=200, nobody=200),
    "framework": Row(others=200, nobody=200, args=_published),
    "framework_timeline": Row(others=200, nobody=200, args=_published),
    "lot": Row(others=200, nobody=200, args=_lot),
    "organisation_frameworks": Row(
        others=404, roles=dict.fromkeys(("max", "ada", "eve", "fay", "olu"), 200), args=_larkshire
    ),
}
