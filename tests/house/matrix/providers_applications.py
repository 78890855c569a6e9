"""URLs of applications: what Ash House bids is Alice's alone, who leads it; what it takes to apply is for anybody."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.providers.bids import applied, open_framework


def _framework(world):
    return (open_framework(world).pk,)


def _application(world):
    return (applied(world).pk,)


ROWS: dict[str, Row] = {
    "apply": Row(others=200, nobody=200, args=_framework),
    "application_clock": Row(others=200, nobody=200, args=_framework),
    "applications": Row(
        others=404, roles={"alice": 200, "bob": 403, "olu": 403}, args=lambda world: (world.ash_house.pk,)
    ),
    "application": Row(others=404, roles={"alice": 200}, args=_application),
    "upload_supplier_information": Row(others=404, roles={"alice": 200}, args=_application),
    "edit_part": Row(others=404, roles={"alice": 200}, args=lambda world: (applied(world).pk, "organisation")),
}
