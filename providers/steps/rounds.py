"""The lock of a round: many bidders hold it together, whoever opens it or moves its deadline holds it alone.

It is taken first, before the framework's row and before any application: round → framework → application."""

from __future__ import annotations

from django.db import connection

from core.steps import step

_SPACE = 0x726F756E  # the first half of the advisory lock's number: nothing else in the house uses it


@step
def shared(framework_id: int) -> None:
    """Wait until nobody holds the round alone. On SQLite the transaction itself is the only writer."""
    _take("SELECT pg_advisory_xact_lock_shared(%s, %s)", framework_id)


@step
def alone(framework_id: int) -> None:
    """Wait until nobody at all holds the round, and keep everybody out until this transaction ends."""
    _take("SELECT pg_advisory_xact_lock(%s, %s)", framework_id)


def _take(statement: str, framework_id: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, [_SPACE, framework_id])
