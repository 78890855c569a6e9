"""URLs of the record: whoever manages an organisation's people sees it, colleagues do not, strangers learn nothing."""

from tests.house.matrix import Row

_ROLES = {"alice": 200, "bob": 403, "olu": 200}


def _ash_house(world):
    return [world.ash_house.pk]


ROWS = {
    "audit": Row(others=404, roles=_ROLES, args=_ash_house),
    "audit_days": Row(others=404, roles=_ROLES, args=_ash_house),
    "audit_chart": Row(others=404, roles=_ROLES, args=_ash_house),
    "audit_copies": Row(others=404, roles=_ROLES, args=_ash_house),
    "audit_csv": Row(others=404, roles=_ROLES, args=_ash_house),
    "audit_pdf": Row(others=404, roles=_ROLES, args=_ash_house),
    "my_record": Row(others=200),
}
