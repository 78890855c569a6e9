"""What statements written by hand are given."""

from __future__ import annotations

import datetime as dt

from django.db import connection


def plain(values: dict) -> dict:
    """Days, times and moments as the database keeps them: SQLite has none of them."""
    operations = connection.ops
    adapt = {
        dt.datetime: operations.adapt_datetimefield_value,
        dt.date: operations.adapt_datefield_value,
        dt.time: operations.adapt_timefield_value,
    }
    return {name: adapt[type(value)](value) if type(value) in adapt else value for name, value in values.items()}
