"""URLs of the directory and shortlists."""

from __future__ import annotations

from referrals.models import Shortlisted
from tests.house.matrix import Row
from tests.lots import places


def _elm_grove(world):
    return [world.elm_grove.pk]


def _place(world):
    """Ash House is active on Larkshire's framework, which its schools may use."""
    from tests.referrals.made import made_place

    return [world.elm_grove.pk, made_place(world).pk]


def _shortlisted(world):
    organisation, place = _place(world)
    made = Shortlisted.objects.create(
        organisation_id=organisation, place_id=place, reason="Near the station", added_at=places.LATER
    )
    return [made.pk]


def _found(world):
    _place(world)
    return [world.ash_house.pk]


# The operator sees every organisation, and searches for none of them.
OWN = {"sana": 200, "olu": 403}

ROWS: dict[str, Row] = {
    "directory": Row(others=404, roles=OWN, args=_elm_grove),
    "provision": Row(others=404, roles=OWN, args=_place),
    "add_to_shortlist": Row(others=404, roles=OWN, args=_place),
    "shortlist": Row(others=404, roles=OWN, args=_elm_grove),
    "shortlist_csv": Row(others=404, roles=OWN, args=_elm_grove),
    "take_off_shortlist": Row(others=404, roles={"sana": 200}, args=_shortlisted),
    "find_provision": Row(others=200, nobody=200),
    "find_provision_provider": Row(others=200, nobody=200, args=_found),
}
