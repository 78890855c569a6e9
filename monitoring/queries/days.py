"""Which days were written down."""

from __future__ import annotations

import datetime as dt

from core.calendars import ONE_DAY
from monitoring.models import DayRun
from monitoring.rules.calendar import CATCH_UP_DAYS, days_to_catch_up


def missed_days(today: dt.date) -> list[dt.date]:
    """The days before `today` that are to be caught up now. Two queries, however long the portal has been in use."""
    first = DayRun.objects.order_by("day").values_list("day", flat=True).first()
    recent = DayRun.objects.filter(day__gte=today - CATCH_UP_DAYS * ONE_DAY, day__lt=today)
    return days_to_catch_up(first, set(recent.values_list("day", flat=True)), today)
