"""URLs of the recovery file: for everybody who belongs to the buyer, because any of them may keep a passphrase; not for
operators."""

from __future__ import annotations

from tests.frameworks import make_framework
from tests.house.matrix import Row


def _framework(world):
    return (make_framework(world).pk,)


PEOPLE = dict.fromkeys(["max", "ada", "eve", "fay"], 200) | {"olu": 403}

ROWS: dict[str, Row] = {
    "framework_recovery": Row(others=404, roles=PEOPLE, args=_framework),
    "begin_recovery": Row(others=404, roles=PEOPLE, args=_framework),
    "download_recovery": Row(
        others=404,
        roles=dict.fromkeys(["max", "ada", "eve", "fay"], 302) | {"olu": 403},
        args=_framework,
        method="post",
    ),
}
