"""URLs of notices. Larkshire's people see its notices, its procurement officer brings them in."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.notices.made import award, brought_in, confirmed, framework, package

MEMBERS = {"max": 200, "ada": 200, "eve": 200, "fay": 200, "olu": 200}
BUYERS = {"max": 200, "ada": 403, "eve": 403, "fay": 403, "olu": 403}


def _larkshire(world):
    return (world.larkshire.pk,)


def _file(world):
    return (brought_in(world, package(framework(), award())).pk,)


def _release(world):
    return (brought_in(world, framework()).releases.get().pk,)


def _later_release(world):
    """A release whose framework is here, from an earlier one."""
    confirmed(world, brought_in(world, framework()).releases.get())
    return (brought_in(world, framework(id="000009-2026", title="New title")).releases.get().pk,)


ROWS: dict[str, Row] = {
    "notice_files": Row(others=404, roles=MEMBERS, args=_larkshire),
    "import_notice": Row(others=404, roles=BUYERS, args=_larkshire),
    "notice_file": Row(others=404, roles=MEMBERS, args=_file),
    "release": Row(others=404, roles=MEMBERS, args=_release),
    "confirm_release": Row(others=404, roles=BUYERS, args=_release),
    "compare_release": Row(others=404, roles=BUYERS, args=_later_release),
    "export_release": Row(others=404, roles=MEMBERS, args=_release),
    "export_file": Row(others=404, roles=MEMBERS, args=_file),
}
