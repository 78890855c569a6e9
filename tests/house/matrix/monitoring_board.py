"""URLs of the contract manager's board, comparison and ratings. Eve commissions for Larkshire; Ash House is rated."""

from __future__ import annotations

from contracts.models import Contract
from tests.house.matrix import Row
from tests.monitoring.made import made_dues, watched

_WATCHES = {"eve": 200, "max": 403, "ada": 403, "fay": 403, "olu": 403}


def _council(world):
    watched(world)
    return (world.larkshire.pk,)


def _file(world):
    return (*_council(world), "csv")


def _provider(world):
    watched(world)
    made_dues(Contract.objects.get())
    return world.larkshire.pk, world.ash_house.pk


def _own(world):
    return (world.ash_house.pk,)


def _kpi(world):
    watched(world)
    return (Contract.objects.get().kpis.first().pk,)


ROWS: dict[str, Row] = {
    "board": Row(others=404, roles=_WATCHES, args=_council),
    "board_file": Row(others=404, roles=_WATCHES, args=_file),
    "board_of": Row(others=404, roles=_WATCHES, args=_provider),
    "ratings": Row(others=404, roles=_WATCHES, args=_council),
    "ratings_of": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_own),
    "rate_kpi": Row(
        others=404,
        roles={"eve": 200, "max": 403, "ada": 403, "fay": 403, "alice": 403, "bob": 403, "olu": 403},
        args=_kpi,
    ),
}
