"""URLs of a provider's daily report. Alice leads Ash House, Bob teaches there; Eve and Max watch for Larkshire."""

from __future__ import annotations

from contracts.models import Contract
from tests.house.matrix import Row
from tests.monitoring.made import made_dues, made_report, watched


def _provider(world):
    watched(world)
    return (world.ash_house.pk,)


def _report(world):
    watched(world)
    contract = Contract.objects.get()
    made_dues(contract)
    return (made_report(contract, by=world.alice).pk,)


ROWS: dict[str, Row] = {
    "daily_report": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_provider),
    "daily_reports": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_provider),
    "report": Row(others=404, roles={"alice": 200, "bob": 200, "eve": 200}, args=_report),
}
