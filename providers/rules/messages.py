"""Messages between the buyer and one bidder, and requests for help."""

from __future__ import annotations

import datetime as dt

from lots.states import FrameworkState
from providers.rules.countdown import left_in_words
from providers.rules.refusals import Refused

LONGEST = 10_000  # characters of a message
MOST_A_DAY = 50  # messages of one bidder in 24 hours: each of them writes a letter to the buyer's people
LAST_HOUR = dt.timedelta(hours=1)


def check_message(*, state: str, sent_today: int = 0) -> None:
    """Raise `Refused` unless a message may be sent: while the framework is published or runs, and by a bidder not more
    often than anybody could read."""
    if state not in {FrameworkState.PUBLISHED, FrameworkState.RUNNING}:
        raise Refused("This framework is over, so no more messages can be sent here. What was written stays readable")
    if sent_today >= MOST_A_DAY:
        raise Refused(
            f"You have sent {MOST_A_DAY} messages in the last 24 hours. Wait until the buyer has answered", field="text"
        )


def is_last_hour(at: dt.datetime, closes_at: dt.datetime | None) -> bool:
    """In the hour before the deadline, the deadline itself among it."""
    return closes_at is not None and closes_at - LAST_HOUR <= at <= closes_at


def seen_from_deadline(at: dt.datetime, closes_at: dt.datetime | None) -> str:
    """How a moment lies to the deadline: `9 minutes 5 seconds before the deadline`. Empty where there is none."""
    if closes_at is None:
        return ""
    if at > closes_at:
        after = left_in_words(at, closes_at)
        return f"{after} after the deadline" if after != "0 seconds" else "less than a second after the deadline"
    before = left_in_words(closes_at, at)
    return f"{before} before the deadline" if before != "0 seconds" else "less than a second before the deadline"
