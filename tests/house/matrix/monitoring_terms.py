"""URLs of when reports are due and providers reminded."""

from __future__ import annotations

from tests.house.matrix import Row


def _council(world):
    return (world.larkshire.pk,)


ROWS: dict[str, Row] = {
    "report_terms": Row(others=404, roles={"eve": 200, "max": 403, "ada": 403, "fay": 403, "olu": 403}, args=_council),
}
