"""URLs of a provider's free places: whoever leads Ash House or works there, and nobody else."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.providers import library

WORK_THERE = {"alice": 200, "bob": 200}


def _ash(world):
    return (world.ash_house.pk,)


def _site(world):
    library.on_framework(world, world.ash_house)
    return (library.site(world.alice).pk,)


ROWS: dict[str, Row] = {
    # An operator sees every organisation, and is told that this is not theirs.
    "free_places": Row(others=404, roles=WORK_THERE | {"olu": 403}, args=_ash),
    "free_places_at": Row(others=404, roles=WORK_THERE, args=_site),
}
