"""The demo world of referrals: pupils of a school and a council, free places, agreements to share data, and referrals
in every state, with offers side by side. All made up; everything goes through the real actions."""

from __future__ import annotations

import datetime as dt

from referrals.demo import around, story


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Load everything, once, beside the people of accounts, the places of notices and the profiles of providers."""
    around.load(at=at)
    story.load(at=at, today=today)
