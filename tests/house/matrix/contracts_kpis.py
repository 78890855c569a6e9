"""URLs of KPIs. The buyer's people and the provider's read them, the provider's staff too: it is they who report.
Max and Eve say for the buyer what is reported on; Alice answers the provider's questions."""

from __future__ import annotations

from contracts.models import Contract, KpiLine
from tests.house.matrix import Row
from tests.monitoring.made import watched


def _contract(world):
    return (Contract.objects.get(framework=watched(world).framework_id).pk,)


def _kpi(world):
    [pk] = _contract(world)
    return (Contract.objects.get(pk=pk).kpis.first().pk,)


def _question(side: str):
    def made(world):
        return (KpiLine.objects.get(kpi__contract=_contract(world)[0], side=side).pk,)

    return made


def _framework(world):
    return (watched(world).framework_id,)


BUYER, SUPPLIER = ["max", "ada", "eve", "fay"], ["alice", "bob"]
SETS = dict.fromkeys([*BUYER, *SUPPLIER, "olu"], 403) | {"max": 200, "eve": 200}

ROWS: dict[str, Row] = {
    "contract_kpis": Row(others=404, roles=dict.fromkeys([*BUYER, *SUPPLIER], 200) | {"olu": 403}, args=_contract),
    "add_five_kpis": Row(others=404, roles=SETS, args=_contract),
    "add_kpi": Row(others=404, roles=SETS, args=_contract),
    "change_kpi": Row(others=404, roles=SETS, args=_kpi),
    "end_kpi": Row(others=404, roles=SETS, args=_kpi),
    "answer_kpi_question": Row(others=404, roles=SETS, args=_question("buyer")),
    "framework_kpis": Row(others=403, roles={"max": 200, "eve": 200}, args=_framework),
}
