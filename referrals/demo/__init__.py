"""The demo world of referrals: pupils of a school and a council, free places, agreements to share data, referrals in
every state, offers side by side, and the placements that some of them led to. All made up; everything goes through the
real actions."""

from __future__ import annotations

import datetime as dt

from referrals.demo import around, placed, story


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Load everything, once, beside the people of accounts, the places of notices and the profiles of providers."""
    around.load(at=at)
    placed.load(story.load(at=at, today=today), at=at, today=today)
