"""The database's own refusal: rows of the record are added and read, never changed, deleted or truncated, whoever asks.

Triggers are no part of a migration, because a later migration that rebuilds a table (as SQLite must) would lose them
without a word: `post_migrate` puts back what is missing, a system check and `verify_audit` name what is missing.
Tests that empty the tables drop them first and put them back (`tests/conftest.py`); nothing else may.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.models import Event, Seal, SealItem

PROTECTED = (Event, Seal, SealItem)
REFUSAL = "the record is append-only"

# One statement-level trigger for each table: it also fires for ON CONFLICT DO UPDATE and for statements that would
# touch no row. ALWAYS: `session_replication_role = replica` does not switch it off.
_FUNCTION = "audit_refuse"
_FUNCTION_BODY = f"\nBEGIN\n    RAISE EXCEPTION '{REFUSAL}: % of %', TG_OP, TG_TABLE_NAME;\nEND\n"
_BEFORE_DELETE_UPDATE_TRUNCATE = 2 | 8 | 16 | 32  # bits of pg_trigger.tgtype


@dataclass(frozen=True)
class Trigger:
    """One trigger on one table, by the name under which the database knows it."""

    table: str
    name: str
    sql: str

    def __str__(self) -> str:
        return f"{self.name} on {self.table}"


def wanted(connection) -> list[Trigger]:
    """Every trigger that this kind of database must have."""
    if connection.vendor == "postgresql":
        return [_postgresql(model._meta.db_table) for model in PROTECTED]
    return [trigger for model in PROTECTED for trigger in _sqlite(model)]


def missing(connection) -> list[Trigger]:
    """The triggers that are not there, are switched off, or are not ours. A table that has not been made yet lacks
    nothing."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        standing = _standing_postgresql(cursor) if connection.vendor == "postgresql" else _standing_sqlite(cursor)
    return [t for t in wanted(connection) if t.table in tables and not _stands(t, standing)]


def install(connection) -> None:
    """Put in place what is missing; harmless when nothing is."""
    lacking = missing(connection)
    with connection.cursor() as cursor:
        if lacking and connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
            )
        for trigger in lacking:
            cursor.execute(f"DROP TRIGGER IF EXISTS {_whereabouts(trigger, connection)}")
            cursor.execute(trigger.sql)
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {trigger.table} ENABLE ALWAYS TRIGGER {trigger.name}")


def remove(connection) -> None:
    """Take the triggers away: for tests alone."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for trigger in wanted(connection):
            if trigger.table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_whereabouts(trigger, connection)}")


def _whereabouts(trigger: Trigger, connection) -> str:
    return f"{trigger.name} ON {trigger.table}" if connection.vendor == "postgresql" else trigger.name


def _postgresql(table: str) -> Trigger:
    name = f"{table}_append_only"
    return Trigger(
        table,
        name,
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()",
    )


def _sqlite(model) -> list[Trigger]:
    """UPDATE and DELETE, and INSERT OR REPLACE, which deletes without firing a delete trigger."""
    table = model._meta.db_table
    unique = [field.column for field in model._meta.concrete_fields if field.unique]
    taken = " OR ".join(f"{column} = NEW.{column}" for column in unique)
    exists = f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # nosec B608  # names from our own models
    moments = {"update": "", "delete": "", "insert": exists}
    return [
        Trigger(
            table,
            f"{table}_no_{moment if moment != 'insert' else 'replace'}",
            f"CREATE TRIGGER {table}_no_{moment if moment != 'insert' else 'replace'} "
            f"BEFORE {moment.upper()} ON {table} FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        )
        for moment, when in moments.items()
    ]


def _standing_postgresql(cursor) -> dict:
    cursor.execute(
        "SELECT c.relname, t.tgname, t.tgenabled, t.tgtype, p.proname, p.prosrc FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    )
    whole = ("A", _BEFORE_DELETE_UPDATE_TRUNCATE, _FUNCTION, _FUNCTION_BODY)
    return {(table, name): None for table, name, *rest in cursor.fetchall() if tuple(rest) == whole}


def _standing_sqlite(cursor) -> dict:
    cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {(table, name): sql for table, name, sql in cursor.fetchall()}


def _stands(trigger: Trigger, standing: dict) -> bool:
    """On SQLite the whole text is compared; on PostgreSQL `_standing_postgresql` has kept only whole ones."""
    key = (trigger.table, trigger.name)
    return key in standing and standing[key] in (None, trigger.sql)
