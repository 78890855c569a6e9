"""URLs of what a provider’s changes ask of commissioners. Ash House, which Alice leads and where Bob teaches, is
suspended by Larkshire; Sana has a pupil there."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.referrals.suspended import asked


def _provider(world):
    return (world.ash_house.pk,)


def _school(world):
    asked(world)
    return (world.elm_grove.pk,)


def _decision(world):
    return (asked(world).pk,)


THEIRS = {"alice": 200, "bob": 200, "olu": 403}
OURS = {"sana": 200, "olu": 403}

ROWS: dict[str, Row] = {
    "provider_changes": Row(others=404, roles=THEIRS, args=_provider),
    "add_change": Row(others=404, roles=THEIRS, args=_provider),
    "changes_told": Row(others=404, roles=OURS, args=_school),
    "decisions": Row(others=404, roles=OURS, args=_school),
    "decide": Row(others=404, roles={"sana": 200}, args=_decision),
}
