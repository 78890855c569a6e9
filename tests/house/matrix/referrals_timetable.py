"""URLs of where everybody is today, and calendar feeds. Sana's school has placed a pupil at Ash House, where Bob
teaches."""

from __future__ import annotations

from accounts.rules.people import token_hash
from referrals.models import Feed
from tests.house.matrix import Row
from tests.referrals.made import AT
from tests.referrals.placed import placed_story

TOKEN = "a-secret-that-stands-in-a-calendar-program"


def _elm_grove(world):
    placed_story(world)
    return (world.elm_grove.pk,)


def _pupil(world):
    return (placed_story(world).pupil_id,)


def _feed(world):
    return Feed.objects.create(user=world.sana, organisation=world.elm_grove, token_hash=token_hash(TOKEN), made_at=AT)


def _own(world):
    return (_feed(world).pk,)


def _token(world):
    placed_story(world)
    _feed(world)
    return (TOKEN,)


ROWS: dict[str, Row] = {
    "today": Row(others=404, roles={"sana": 200, "olu": 403}, args=_elm_grove),
    "pupil_week": Row(others=404, roles={"sana": 200}, args=_pupil),
    "feeds": Row(others=404, roles={"sana": 200, "olu": 403}, args=_elm_grove),
    "make_feed": Row(others=404, roles={"sana": 200, "olu": 403}, args=_elm_grove, method="post"),
    "revoke_feed": Row(others=404, roles={"sana": 200}, args=_own),
    "feed": Row(others=200, nobody=200, args=_token),
}
