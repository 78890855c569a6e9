"""The demo world of monitoring: agreements with measures, some weeks of registers and daily reports, alarms that were
answered, visits, concerns, and today, which somebody can try. All made up; everything goes through the real actions, at
the time at which it would have been."""

from __future__ import annotations

import datetime as dt

from monitoring.demo import agreed, kept, told, weeks


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Load everything, once, beside the placements of referrals."""
    first = weeks.first_day(today)
    contract = agreed.load(first=first, today=today)
    pupils = agreed.placed(at=at, today=today)
    kept.load(first=first, at=at, today=today)
    weeks.load(contract, pupils, first=first, at=at, today=today)
    told.load(contract, pupils, first=first, at=at, today=today)
