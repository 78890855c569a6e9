"""The chain of seals, and what `verify_audit` says when somebody went behind it."""

from __future__ import annotations

import datetime as dt
import threading
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit import actions, queries, rules, tasks, triggers
from audit import steps as audit
from audit.models import Event, Seal, SealItem, Untouchable
from core import access, clock
from core.access import Denied, System

SEALER = System("audit.seal")
AT = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


def happen(times=1, at=AT, **fields):
    with transaction.atomic():
        return [audit.record("tests.thing.happened", by=System("tests.run"), at=at, **fields) for _ in range(times)]


def seal(at=AT, **options):
    return actions.seal(by=SEALER, at=at, **options)


def verify(**options):
    """What the command writes, and whether it ended well."""
    out = StringIO()
    try:
        call_command("verify_audit", stdout=out, **options)
    except CommandError:
        return out.getvalue().splitlines(), False
    return out.getvalue().splitlines(), True


def tamper(sql, *params):
    """What somebody with the database's own password could do."""
    connection.check_constraints()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    triggers.install(connection)


def only(event):
    """As if no other event could be seen yet."""
    return lambda **_: list(Event.objects.filter(pk=event.pk).values(*rules.FIELDS))


def test_every_event_comes_under_one_seal_and_the_seals_into_one_chain(db):
    first = happen(2)
    assert seal() == 2
    second = happen(3)
    assert seal() == 3
    assert seal() == 0

    one, two = Seal.objects.order_by("id")
    assert (one.previous_hash, two.previous_hash) == (rules.GENESIS, one.hash)
    assert (one.last_event_id, two.last_event_id) == (first[-1].pk, second[-1].pk)
    assert [item.event_id for item in SealItem.objects.order_by("id")] == [event.pk for event in first + second]
    assert verify() == ([f"Head: seal {two.pk}, {two.hash}", "The record is whole"], True)


def test_a_late_commit_comes_under_the_next_seal(db, monkeypatch):
    early, late = happen(2)
    with transaction.atomic():
        only_the_early_one = pytest.MonkeyPatch()
        only_the_early_one.setattr(
            queries, "unsealed", lambda **_: list(Event.objects.filter(pk=late.pk).values(*rules.FIELDS))
        )
    assert seal() == 1
    only_the_early_one.undo()

    assert seal(at=AT + dt.timedelta(minutes=1)) == 1

    assert SealItem.objects.get(event=early).seal_id > SealItem.objects.get(event=late).seal_id
    assert verify()[1]


def test_what_is_older_than_the_last_day_is_sealed_only_when_asked_for(db, monkeypatch):
    old, new = happen(2)
    monkeypatch.setattr(queries, "unsealed", only(new))
    seal(at=AT - dt.timedelta(days=3))
    monkeypatch.undo()

    assert seal() == 0
    assert verify()[0][0] == f"Event {old.pk} of 2026-03-02T12:00:00.000000Z has not been sealed"

    out = StringIO()
    call_command("seal_audit", stdout=out)
    assert out.getvalue() == "Sealed 1 event\n"
    assert verify()[1]


def test_a_backlog_is_sealed_in_batches(db, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 2)
    happen(5)

    assert tasks.seal() == 5

    assert list(Seal.objects.order_by("id").values_list("events", flat=True)) == [2, 2, 1]


def test_one_run_has_an_end_and_the_next_goes_on(db, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 1)
    monkeypatch.setattr(tasks, "BATCHES", 2)
    happen(3)

    assert (tasks.seal(), tasks.seal(), tasks.seal()) == (2, 1, 0)


def test_sealing_takes_the_same_few_queries_for_one_event_and_for_many(db):
    counts = []
    for number in (1, 300):
        happen(number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            seal()
        counts.append(len([q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]))

    assert counts[0] == counts[1]


def test_nobody_but_the_portal_seals(world):
    for by in (world.olu, world.ada, access.Anonymous, System("tests.run")):
        with pytest.raises(Denied):
            actions.seal(by=by, at=AT)


def test_a_changed_event_is_named(db):
    events = happen(3)
    seal()
    tamper("UPDATE audit_event SET action = 'tests.thing.forged' WHERE id = %s", events[1].pk)

    lines, well = verify()

    assert (lines[0], well) == (
        f"Event {events[1].pk} was changed after it was sealed under seal {Seal.objects.get().pk}",
        False,
    )


@pytest.mark.django_db(transaction=True)
def test_a_removed_event_is_named_when_its_seal_item_is_left():
    events = happen(3)
    seal()
    triggers.remove(connection)
    with connection.cursor() as cursor:  # foreign keys off, as only the database's owner can
        postgresql = connection.vendor == "postgresql"
        cursor.execute("SET session_replication_role = replica" if postgresql else "PRAGMA foreign_keys = OFF")
        cursor.execute("DELETE FROM audit_event WHERE id = %s", [events[1].pk])
        cursor.execute("RESET session_replication_role" if postgresql else "PRAGMA foreign_keys = ON")
    triggers.install(connection)

    lines, well = verify()

    number = Seal.objects.get().pk
    assert (lines[0], well) == (f"Event {events[1].pk} is gone; it was sealed under seal {number}", False)


def test_a_removed_event_is_missed_when_its_seal_item_went_with_it(db):
    events = happen(3)
    seal()
    tamper("DELETE FROM audit_sealitem WHERE event_id = %s", events[1].pk)
    tamper("DELETE FROM audit_event WHERE id = %s", events[1].pk)

    lines, well = verify()

    assert (lines[0], well) == (f"Seal {Seal.objects.get().pk} was made over 3 events and now has 2", False)


def test_a_changed_link_is_named(db):
    happen()
    seal()
    happen()
    seal()
    second = Seal.objects.order_by("id").last()
    tamper("UPDATE audit_seal SET previous_hash = %s WHERE id = %s", "f" * 64, second.pk)

    lines, well = verify()

    assert lines[:2] == [
        f"Seal {second.pk} does not follow the seal before it: a seal was removed, added or changed",
        f"Seal {second.pk} was changed: its hash is not that of its contents",
    ]
    assert not well


def test_the_end_of_the_chain_cannot_be_cut_off_from_somebody_who_noted_the_head(db):
    happen()
    seal()
    happen()
    seal()
    first, noted = Seal.objects.order_by("id")
    assert verify(noted=noted.hash)[1]
    tamper("DELETE FROM audit_sealitem WHERE seal_id = %s", noted.pk)
    tamper("DELETE FROM audit_seal WHERE id = %s", noted.pk)
    tamper("DELETE FROM audit_event WHERE id > %s", first.last_event_id)

    assert verify()[1]
    assert verify(noted=noted.hash) == (
        [f"No seal has the hash that was noted, {noted.hash}", f"Head: seal {first.pk}, {first.hash}"],
        False,
    )


def test_since_begins_after_a_seal(db):
    events = happen()
    seal()
    first = Seal.objects.get()
    happen()
    seal()
    tamper("UPDATE audit_event SET about_id = 5 WHERE id = %s", events[0].pk)

    assert not verify()[1]
    assert verify(since=first.pk)[1]


def test_a_missing_trigger_is_named(db):
    trigger = triggers.wanted(connection)[0]
    triggers.remove(connection)

    lines, well = verify()

    assert (lines[0], well) == (f"There is no whole trigger {trigger}: the record could be changed", False)
    triggers.install(connection)


def test_an_event_may_wait_ten_minutes_for_its_seal(db):
    happen(at=clock.now() - dt.timedelta(minutes=9))
    assert verify() == (["The record is whole; nothing has been sealed yet"], True)

    late = happen(at=clock.now() - dt.timedelta(minutes=11))[0]

    assert verify() == ([f"Event {late.pk} of {rules.moment(late.at)} has not been sealed"], False)
    assert verify(unsealed_minutes=12)[1]


def test_python_refuses_to_change_the_record(db):
    event = happen()[0]
    seal()

    for row in (event, Seal.objects.get(), SealItem.objects.get()):
        rows = type(row).objects.filter(pk=row.pk)
        over = {"update_conflicts": True, "unique_fields": ["id"], "update_fields": ["id"]}
        for change, arguments in [
            (rows.update, {"id": 0}),
            (rows.delete, {}),
            (partial(rows.bulk_update, [row]), {"fields": ["id"]}),
            (partial(rows.bulk_create, [row]), over),
            (row.delete, {}),
            (row.save, {}),
        ]:
            with pytest.raises(Untouchable), transaction.atomic():
                change(**arguments)
    assert [str(Event.objects.get()), str(SealItem.objects.get())] == [
        "tests.thing.happened",
        f"{Seal.objects.get().pk}: {event.pk}",
    ]
    assert str(Seal.objects.get()) == f"Seal {Seal.objects.get().pk}"


def test_if_the_record_cannot_be_written_nothing_is(db):
    @transaction.atomic
    def act():
        User.objects.create_user("nobody@nobody.example")
        audit.record("tests.thing.happened", by=System("tests.run"), data={"when": clock.now()})

    with pytest.raises(rules.BadData):
        act()

    assert User.objects.count() == 0


def test_an_event_names_a_person_or_a_part_of_the_portal(world):
    with transaction.atomic():
        by_alice = audit.record("tests.thing.happened", by=world.alice, about=world.bob, organisation=world.ash_house)
        by_nobody = audit.record("tests.thing.happened", by=access.Anonymous)

    assert (by_alice.by, by_alice.by_label, by_alice.organisation_id) == (world.alice, "", world.ash_house.pk)
    assert (by_alice.about_type, by_alice.about_id) == ("accounts.user", world.bob.pk)
    assert (by_nobody.by, by_nobody.by_label) == (None, "anonymous")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(at=AT, action="tests.thing.happened")


def together(work, clients=8):
    """Run `work` in several threads that start at once; returns what each returned or raised."""
    gate, answers = threading.Barrier(clients), []

    def run():
        try:
            gate.wait()
            answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_sealers_would_collide(monkeypatch):
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time: there is no race to show
    monkeypatch.setattr("audit.models.SealQuerySet.head_locked", lambda self: self.order_by("-id").first())
    collisions = 0
    for _ in range(5):
        happen(50)
        collisions += sum(isinstance(answer, IntegrityError) for answer in together(seal))

    assert collisions > 0
    assert verify()[1]  # and even so the database let nobody fork the chain


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_sealers_at_once_make_one_chain(monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 7)
    for _ in range(5):
        happen(50)
        answers = together(seal)
        assert [a for a in answers if isinstance(a, Exception)] == []
    while seal():
        pass

    assert SealItem.objects.count() == Event.objects.count() == 250
    assert verify()[1]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_who_writes_an_event_does_not_wait_for_the_sealer():
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    happen()
    with transaction.atomic():
        Seal.objects.head_locked()
        written = together(happen, clients=2)

    assert [type(answer) for answer in written] == [list, list]
