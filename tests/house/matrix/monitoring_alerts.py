"""URLs of alerts. Sana leads Elm Grove, which placed the pupil; its trust is told when nobody there answers."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.monitoring.made import absent, made_alert, watched


def _school(world):
    return (world.elm_grove.pk,)


def _alert(world):
    return (made_alert(absent(watched(world)), reached_authority=world.oak_trust).pk,)


ROWS: dict[str, Row] = {
    "alerts": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "alert": Row(others=404, roles={"sana": 200, "tariq": 200}, args=_alert),
    "acknowledge_alert": Row(others=404, roles={"sana": 200, "tariq": 200}, args=_alert, method="post"),
}
