"""The time. Views and tasks read it here and pass `at=` or `today=` on; rules never read it.

Stored in UTC, shown in Europe/London. In demo mode alone, one file holds an offset in seconds, so that a visitor can
walk to the morning after a deadline.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone


def _offset() -> dt.timedelta:
    if not settings.DEMO:
        return dt.timedelta(0)
    try:
        return dt.timedelta(seconds=int(Path(settings.DEMO_CLOCK_FILE).read_text()))
    except (OSError, ValueError, OverflowError):
        return dt.timedelta(0)


def now() -> dt.datetime:
    """The present moment, aware, UTC."""
    return timezone.now() + _offset()


def today() -> dt.date:
    """The present day in England."""
    return timezone.localdate(now())


def database_now() -> dt.datetime:
    """The database's own clock, aware, UTC: the one clock by which deadlines are judged.

    `clock_timestamp()` moves on inside a transaction on PostgreSQL. SQLite lives in this process, so its clock is ours.
    """
    if connection.vendor != "postgresql":
        return now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0] + _offset()
