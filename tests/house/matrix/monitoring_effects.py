"""URLs of what documents that ran out propose. Eve commissions for Larkshire, whose framework it is."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.monitoring.effects import made_proposal


def _council(world):
    return (world.larkshire.pk,)


def _proposal(world):
    return (made_proposal(world).pk,)


ROWS: dict[str, Row] = {
    "proposals": Row(others=404, roles={"eve": 200, "max": 403, "ada": 403, "fay": 403, "olu": 403}, args=_council),
    "answer_proposal": Row(others=404, roles={"eve": 200}, args=_proposal),
}
