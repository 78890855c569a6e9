"""The demo world of evaluations: one that is finished, from twelve applications to the published award, and one that is
being judged, to try. All made up; everything goes through the real actions, at the time at which it would have been."""

from __future__ import annotations

import datetime as dt

from evaluation.demo import finished, told_round, unfinished


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Load everything, once, beside the people of accounts and the rounds of providers."""
    finished.load(told_round.load(at=at, today=today))
    unfinished.load()
