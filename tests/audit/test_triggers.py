"""The database refuses to change the record, whoever asks."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction

from audit import triggers
from audit.models import Event, Seal, SealItem
from core import clock

AN_EVENT = {"action": "tests.thing.happened", "by_label": "system:tests.run"}


def make_rows():
    event = Event.objects.create(at=clock.now(), **AN_EVENT)
    seal = Seal.objects.create(at=clock.now(), previous_hash="0" * 64, hash="1" * 64, events=1, last_event_id=event.pk)
    SealItem.objects.create(seal=seal, event=event, digest="2" * 64)
    connection.check_constraints()  # else PostgreSQL refuses TRUNCATE for its own reason: foreign keys not yet checked


CHANGES = {
    "update": "UPDATE {table} SET id = id",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET id = excluded.id",
    "replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
}
ONLY = {"truncate": "postgresql", "replace": "sqlite"}


@pytest.mark.parametrize("model", [Event, Seal, SealItem])
@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_a_row_of_the_record(db, change, model):
    if ONLY.get(change, connection.vendor) != connection.vendor:
        return  # the other database has no such statement
    make_rows()
    statement = CHANGES[change].format(table=model._meta.db_table)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert model.objects.count() == 1


@pytest.mark.parametrize("change", CHANGES)
def test_without_the_trigger_the_change_would_happen(db, change):
    if ONLY.get(change, connection.vendor) != connection.vendor:
        return  # the other database has no such statement
    make_rows()
    triggers.remove(connection)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHANGES[change].format(table="audit_sealitem"))


def test_replication_mode_does_not_switch_the_triggers_off(db):
    if connection.vendor != "postgresql":
        return  # SQLite has no such mode
    make_rows()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("DELETE FROM audit_sealitem")
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_installing_twice_is_harmless(db):
    triggers.install(connection)
    triggers.install(connection)

    assert triggers.missing(connection) == []


def test_removed_triggers_are_named_and_put_back(db):
    triggers.remove(connection)

    assert triggers.missing(connection) == triggers.wanted(connection)

    triggers.install(connection)

    assert triggers.missing(connection) == []


def test_the_system_check_fails_while_a_trigger_is_missing(db):
    call_command("check", databases=["default"], tags=["database"])
    triggers.remove(connection)

    with pytest.raises(SystemCheckError, match="The audit record is not protected"):
        call_command("check", databases=["default"], tags=["database"])


def test_a_trigger_that_refuses_nothing_counts_as_missing(db):
    trigger = triggers.wanted(connection)[0]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {trigger.table} DISABLE TRIGGER {trigger.name}")
        else:
            cursor.execute(f"DROP TRIGGER {trigger.name}")
            cursor.execute(f"CREATE TRIGGER {trigger.name} BEFORE UPDATE ON {trigger.table} BEGIN SELECT 1; END")

    assert triggers.missing(connection) == [trigger]


def test_an_empty_database_lacks_no_trigger(db, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda cursor: [])

    assert triggers.missing(connection) == []
    triggers.remove(connection)
    triggers.install(connection)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_tests_with_real_transactions_leave_the_tables_empty_and_protected(time):
    assert Event.objects.count() == 0
    assert triggers.missing(connection) == []

    make_rows()
