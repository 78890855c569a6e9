"""URLs of placements outside a framework, and bringing in what already runs. Sana commissions at Elm Grove."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.referrals.made import made_pupil
from tests.referrals.outside import made_spot


def _school(world):
    return (world.elm_grove.pk,)


def _larkshire(world):
    return (world.larkshire.pk,)


def _pupil(world):
    return (made_pupil(world).pk,)


def _spot(world):
    return (made_spot(world).pk,)


OFFICERS = dict.fromkeys(("max", "ada", "eve", "fay"), 200) | {"olu": 403}

ROWS: dict[str, Row] = {
    "import_placements": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "place_outside": Row(others=404, roles={"sana": 200}, args=_pupil),
    "edit_outside": Row(others=404, roles={"sana": 200, "bob": 403}, args=_spot),
    "outside_spend": Row(others=404, roles=OFFICERS, args=_larkshire),
    "outside_spend_chart": Row(others=404, roles=OFFICERS, args=_larkshire),
}
