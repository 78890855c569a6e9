"""URLs of incidents, first aid and fire drills. Bob has written one down about the canary."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.monitoring.made import made_incident
from tests.referrals.placed import made_placement


def _provider(world):
    return (world.ash_house.pk,)


def _school(world):
    return (world.elm_grove.pk,)


def _of_pupil(world):
    return (made_incident(world, made_placement(world)).pk,)


ROWS: dict[str, Row] = {
    "incidents": Row(others=404, roles={"bob": 200, "alice": 403, "olu": 403}, args=_provider),
    "add_incident": Row(others=404, roles={"bob": 200, "alice": 403, "olu": 403}, args=_provider),
    "pupil_incidents": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "incident": Row(others=404, roles={"sana": 200, "bob": 200}, args=_of_pupil),
    "correct_incident": Row(others=404, roles={"bob": 200, "sana": 403}, args=_of_pupil),
    "drills": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_provider),
    "add_drill": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_provider),
}
