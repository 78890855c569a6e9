"""URLs of agreements: the buyer's people and the provider's leads read them; its lead signs, whoever looks after places
signs for the buyer. The provider's staff and operators see that there is one, and read none."""

from __future__ import annotations

from tests.contracts.made import offered
from tests.house.matrix import Row


def _buyer(world):
    return (world.larkshire.pk,)


def _contract(world):
    return (offered(world).pk,)


READ = dict.fromkeys(["max", "ada", "eve", "fay", "alice"], 200) | {"bob": 403, "olu": 403}
NOT_SIGN = dict.fromkeys(["ada", "eve", "fay", "bob", "olu"], 403)

ROWS: dict[str, Row] = {
    "agreements": Row(others=404, roles=dict.fromkeys(["max", "ada", "eve", "fay"], 200) | {"olu": 403}, args=_buyer),
    "contract": Row(others=404, roles=READ, args=_contract),
    "contract_file": Row(others=404, roles=READ, args=_contract),
    "sign_contract": Row(others=404, roles=NOT_SIGN | {"alice": 200, "max": 403}, args=_contract),
    "countersign_contract": Row(others=404, roles=NOT_SIGN | {"max": 200, "alice": 403}, args=_contract),
}
