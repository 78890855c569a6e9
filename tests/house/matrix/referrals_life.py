"""URLs of what happens to a placement once it is agreed. Sana commissions at Elm Grove, Bob teaches at Ash House."""

from __future__ import annotations

import datetime as dt

from tests.house.matrix import Row
from tests.referrals.placed import made_placement


def _live(world):
    return (made_placement(world).pk,)


BOTH = {"sana": 200, "bob": 200}
OURS = {"sana": 200, "bob": 403}


def _dated(world):
    """A session on a day of its own, as far ahead as the placement reaches."""
    placement = made_placement(world, ends_on=dt.date(2099, 12, 18))
    day = dt.date(2099, 10, 26)
    row = placement.sessions.create(
        weekday=day.weekday(), starts=dt.time(10), ends=dt.time(12), runs="dates", from_on=day, until_on=day
    )
    return placement.pk, row.pk


ROWS: dict[str, Row] = {
    "placement_history": Row(others=404, roles=BOTH, args=_live),
    "amend_placement": Row(others=404, roles=OURS, args=_live),
    "add_dated_session": Row(others=404, roles=OURS, args=_live),
    "remove_dated_session": Row(others=404, roles=OURS, args=_dated),
    "extend_placement": Row(others=404, roles=OURS, args=_live),
    "lower_price": Row(others=404, roles=OURS, args=_live),
    "pause_placement": Row(others=404, roles=OURS, args=_live),
    "resume_placement": Row(others=404, roles=OURS, args=_live),
    "end_placement": Row(others=404, roles=OURS, args=_live),
    "change_funders": Row(others=404, roles=BOTH, args=_live),
}
