"""URLs of registers and what a school sees of them. Bob teaches at Ash House; Alice leads it and meets no pupil. Sana
leads Elm Grove, whose pupil it is."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.monitoring.made import absent, watched


def _provider(world):
    return (world.ash_house.pk,)


def _school(world):
    return (world.elm_grove.pk,)


def _file(world):
    return (world.elm_grove.pk, "csv")


def _session(world):
    return (absent(watched(world)).pk,)


TAKES = {"bob": 200, "alice": 403, "olu": 403}
WATCHES = {"sana": 200, "olu": 403}

ROWS: dict[str, Row] = {
    "registers": Row(others=404, roles=TAKES, args=_provider),
    "mark_rest": Row(others=404, roles=TAKES | {"bob": 302}, args=_provider, method="post"),
    "mark_session": Row(others=404, roles={"bob": 200, "sana": 403}, args=_session),
    "session_entries": Row(others=404, roles={"bob": 200, "sana": 200}, args=_session),
    "live_registers": Row(others=404, roles=WATCHES, args=_school),
    "attendance_codes": Row(others=404, roles=WATCHES, args=_school),
    "export_attendance": Row(others=404, roles=WATCHES, args=_file),
}
