"""Reminders beside each other, and what goes wrong around them, at minutes of moved clock; at full length in
`python -m bench.faults`."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from bench.faults import process, runs
from bench.faults.around import Mail, wait_until
from bench.faults.world import BEGINS, moved_to
from core import clock
from monitoring import running
from monitoring.models import Reminder
from monitoring.rules import reminders as rules
from monitoring.steps import reminders as steps
from outbox import delivery
from outbox.models import Message
from outbox.states import Mode, Queue
from outbox.steps import post
from tests.cast import make_world
from tests.frameworks import make_framework
from tests.monitoring.made import DAY, local
from tests.monitoring.reminding import owes
from tests.patience import be_patient, found_by

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = 5, 8


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def moved(monkeypatch):
    """The clock may be moved; afterwards it is right again."""
    monkeypatch.setattr(clock, "_offset", clock._offset)


def remind():
    return running.remind(local(DAY, 8))


def note_without_the_constraint(told, *, run, at):
    """Look whether it is there, and write it if it is not."""
    told = list(told)
    for one in told:
        Reminder.objects.create(kind=one.kind, provider_id=one.provider, day=one.day, written_at=at, run=run)
    return told


def test_without_leaving_the_second_to_the_database_a_pass_breaks(world, monkeypatch, meet):
    be_patient(monkeypatch)
    monkeypatch.setattr(steps, "note", note_without_the_constraint)
    owes(world)
    meet(rules, "of_today")

    found = found_by(remind, remind)

    assert IntegrityError in {type(one) for one in found}


@pytest.mark.parametrize("go", range(ROUNDS))
def test_eight_passes_at_once_remind_once(world, meet, go):
    owes(world)
    meet(rules, "of_today")

    found = found_by(*[remind] * CLIENTS)

    assert sorted(found) == [0] * (CLIENTS - 1) + [1]
    assert (Reminder.objects.count(), Message.objects.count()) == (1, 2)


def test_killed_workers_lose_nothing_and_send_at_most_one_letter_twice_for_each_kill(world, moved):
    found = runs.kills(make_framework(world), number=24, kills=2)

    assert found["kept"], [*found.items()]


def test_without_an_outbox_a_killed_worker_loses_letters(world, moved):
    found = runs.kills(make_framework(world), number=12, kills=1, naive=True)

    assert found["kept"], [*found.items()]


def test_with_redis_away_tick_sends_reminders_and_alarms_on_time(world, moved):
    found = runs.redis_away(world, minutes=[0, 30, 45, 60])

    assert found["kept"], [*found.items()]


def test_a_hundred_letters_hold_up_no_alarm(world, moved):
    process.move(moved_to(BEGINS))
    with transaction.atomic():
        for number in range(100):
            post(key=f"letter:{number}", to=f"a{number}@a.example", body="Sign in", at=clock.now())

    def send_letters():
        try:
            delivery.sweep(Queue.MAIL, seconds=2)
        finally:
            connection.close()

    with Mail(before=0.05).open() as mail:
        letters = threading.Thread(target=send_letters)
        letters.start()
        wait_until(lambda: bool(mail.letters))
        with transaction.atomic():
            post(
                key="alarm", to="dsl@a.example", body="Sign in", at=clock.now(), queue=Queue.ALARMS,
                mode=Mode.SEND_FIRST,
            )  # fmt: skip
        delivery.sweep(Queue.ALARMS)
        arrived = len(mail.letters)
        letters.join(60)

    assert "dsl@a.example" in [to for to, _, _ in mail.letters[:arrived]]
    assert arrived < 90
