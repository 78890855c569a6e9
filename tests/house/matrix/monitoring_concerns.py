"""URLs of concerns. Bob has raised one about the canary; Sana leads safeguarding at her school."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.monitoring.made import made_concern
from tests.referrals.placed import made_placement


def _school(world):
    return (world.elm_grove.pk,)


def _council(world):
    return (world.larkshire.pk,)


def _raised(world, **fields):
    return (made_concern(world, made_placement(world), **fields).key,)


def _received(world):
    return _raised(world, state="received")


def _handed(world):
    return _raised(world, state="handed")


ROWS: dict[str, Row] = {
    "concerns": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "raise_concern": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "front_door": Row(others=404, roles={"ada": 200, "eve": 403, "max": 403, "fay": 403, "olu": 403}, args=_council),
    "concern": Row(others=404, roles={"sana": 200, "bob": 200}, args=_raised),
    "receive_concern": Row(others=404, roles={"sana": 302, "bob": 403}, args=_raised, method="post"),
    "hand_over_concern": Row(others=404, roles={"sana": 200, "bob": 403}, args=_received),
    "close_concern": Row(others=404, roles={"sana": 200, "bob": 403}, args=_handed),
    "concern_paper": Row(others=404, roles={"sana": 200, "bob": 403}, args=_received),
}
