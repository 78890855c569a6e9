"""Tests with real transactions end by emptying the tables. Django does that by TRUNCATE of every table and by writing
again what `post_migrate` writes, which takes longer than most tests: here only what a test has filled is emptied.

The record's triggers refuse it, so these tests alone drop them, and put them back."""

from __future__ import annotations

from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from audit import triggers

_empty_all_tables = TransactionTestCase._fixture_teardown
_at_the_beginning: dict[str, list] = {}  # what `migrate` wrote: table → rows


def note_the_beginning() -> None:
    """Remember what stands in the tables before the first test."""
    for table in _filled(_tables()):
        _at_the_beginning[table] = _rows(table)


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _filled(tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]


def _rows(table: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return cursor.fetchall()


def empty_the_tables(case) -> None:
    """Take the place of Django's own way, which is still gone where a test changed what `migrate` had written."""
    filled = _filled(_tables())
    as_before = all(table in filled and _rows(table) == rows for table, rows in _at_the_beginning.items())
    ours = [table for table in filled if table not in _at_the_beginning]
    protected = {model._meta.db_table for model in triggers.PROTECTED}
    if not as_before or protected & set(ours):
        triggers.remove(connection)
    try:
        if not as_before:
            _empty_all_tables(case)
            note_the_beginning()  # with new keys
        elif ours:
            # Foreign keys are looked at when the transaction ends, when all are gone.
            with transaction.atomic(), connection.cursor() as cursor:
                for table in ours:
                    cursor.execute(f"DELETE FROM {table}")
    finally:
        triggers.install(connection)


def take_over() -> None:
    """From now on tests with real transactions end this way."""
    assert list(connections) == ["default"]
    TransactionTestCase._fixture_teardown = empty_the_tables
