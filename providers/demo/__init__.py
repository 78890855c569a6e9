"""The demo world of applications: a round that is open, with applications in every state, questions and messages; and
one whose deadline passed some days ago. All made up.

Everything goes through the real actions. Those that hang on a deadline read the clock themselves: for the round that is
over, the demo's clock is put back while its story is told, and on again.
"""

from __future__ import annotations

import datetime as dt

from providers.demo import open_round, past_round, profiles


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Load everything, once, beside the people of accounts and the frameworks of notices."""
    profiles.load(at=at, today=today)
    past_round.load(today=today)
    open_round.load(at=at)
