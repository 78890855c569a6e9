"""URLs of policies and of quality standards. Max manages Larkshire's framework; Ada, Eve and Fay belong to Larkshire."""

from __future__ import annotations

from tests.frameworks import make_framework
from tests.house.matrix import Row

INSIDE = {"max": 200, "ada": 200, "eve": 200, "fay": 200, "olu": 200}


def _draft(world):
    return (make_framework(world).pk,)


def _topic(world):
    return (make_framework(world).pk, "margin")


ROWS: dict[str, Row] = {
    "framework_policies": Row(others=404, roles=INSIDE, args=_draft),
    "framework_policy": Row(others=404, roles=INSIDE, args=_topic),
}
