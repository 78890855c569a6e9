"""URLs of what happens to a placement once it is agreed. Sana commissions at Elm Grove, Bob teaches at Ash House."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.referrals.placed import made_placement


def _live(world):
    return (made_placement(world).pk,)


BOTH = {"sana": 200, "bob": 200}
OURS = {"sana": 200, "bob": 403}

ROWS: dict[str, Row] = {
    "placement_history": Row(others=404, roles=BOTH, args=_live),
    "amend_placement": Row(others=404, roles=OURS, args=_live),
    "extend_placement": Row(others=404, roles=OURS, args=_live),
    "lower_price": Row(others=404, roles=OURS, args=_live),
    "pause_placement": Row(others=404, roles=OURS, args=_live),
    "resume_placement": Row(others=404, roles=OURS, args=_live),
    "end_placement": Row(others=404, roles=OURS, args=_live),
    "change_funders": Row(others=404, roles=BOTH, args=_live),
}
