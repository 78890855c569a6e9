"""What goes wrong out there: each fault is made to happen, and nothing is lost, and nobody is written to twice."""

from __future__ import annotations

import datetime as dt
import os
import signal
import smtplib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from audit.models import Event
from outbox import backends, delivery, rules
from outbox.models import Message
from outbox.rules import Outcome
from outbox.states import Mode, Queue, State
from tests.outbox.conftest import dripping_server, free_port, silent_server

pytestmark = pytest.mark.django_db(transaction=True)


def make_due():
    """Let the time of waiting pass."""
    Message.objects.exclude(try_at=None).update(try_at=timezone.now() - dt.timedelta(seconds=1))


def seen(message, *fields):
    message.refresh_from_db()
    return tuple(getattr(message, field) for field in fields)


def test_with_the_broker_down_messages_are_written_and_tick_delivers_them(write, mailbox, settings):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"

    write()
    write("alarm", to="bob@bob.example", queue=Queue.ALARMS, mode=Mode.SEND_FIRST)
    call_command("tick")
    call_command("tick")

    assert mailbox.to() == ["bob@bob.example", "alice@alice.example"]


def test_a_server_that_says_later_is_asked_again_later(write, mailbox):
    letter = write()
    mailbox.answers["alice@alice.example"] = "451 greylisted"

    assert delivery.sweep(Queue.MAIL) == {"again": 1}
    assert delivery.sweep(Queue.MAIL) == {}
    assert seen(letter, "state", "attempts", "last_error") == (
        State.DUE,
        1,
        "The mail server refused the address (451)",
    )

    mailbox.answers.clear()
    make_due()
    assert delivery.sweep(Queue.MAIL) == {"sent": 1}
    assert mailbox.to() == ["alice@alice.example"]


def test_a_server_that_says_later_for_ever_is_given_up_after_eight_tries(write, mailbox):
    letter = write()
    mailbox.answers["alice@alice.example"] = "451 greylisted"

    for _ in range(7):
        assert delivery.sweep(Queue.MAIL) == {"again": 1}
        make_due()

    assert delivery.sweep(Queue.MAIL) == {"given_up": 1}
    assert seen(letter, "state", "attempts", "try_at") == (State.DEAD, 8, None)


def test_an_address_refused_for_good_is_a_dead_letter_at_once_and_the_next_goes_over_the_same_line(write, mailbox):
    letter = write(to="nobody-here@alice.example")
    other = write("two")
    mailbox.answers["nobody-here@alice.example"] = "550 <nobody-here@alice.example> unknown"

    assert delivery.sweep(Queue.MAIL) == {"given_up": 1, "sent": 1}

    assert seen(other, "state") == (State.SENT,)
    assert seen(letter, "state", "last_error") == (State.DEAD, "The mail server refused the address (550)")
    event = Event.objects.get()
    assert (event.action, event.by_label) == ("outbox.message.given_up", "system:outbox.sweep")
    assert "nobody-here" not in str(event.data)


def test_an_alarm_is_never_given_up(write, mailbox):
    alarm = write(queue=Queue.ALARMS, mode=Mode.SEND_FIRST)
    mailbox.answers["alice@alice.example"] = "550 unknown"

    for _ in range(12):
        make_due()
        assert delivery.sweep(Queue.ALARMS) == {"again": 1}

    assert seen(alarm, "state", "attempts") == (State.DUE, 12)


def test_a_server_that_nobody_can_reach_uses_up_no_try_and_is_asked_once_a_sweep(write, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    letters = [write(str(number)) for number in range(60)]
    opened = []
    open_ = backends.EmailWay.open
    monkeypatch.setattr(backends.EmailWay, "open", lambda self: opened.append(1) or open_(self))

    assert delivery.sweep(Queue.MAIL) == {"again": 60}

    assert len(opened) == 1
    assert seen(letters[59], "state", "attempts", "last_error") == (
        State.DUE,
        0,
        "The mail server could not be reached (ConnectionRefusedError)",
    )


def test_a_server_that_never_says_a_word_is_waited_for_only_so_long(write, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    letter = write()
    with silent_server() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.5
        began = time.monotonic()

        assert delivery.sweep(Queue.MAIL) == {"again": 1}

    assert time.monotonic() - began < 3
    assert seen(letter, "attempts", "last_error") == (
        0,
        "The mail server could not be reached (SMTPServerDisconnected)",
    )


def test_a_server_that_drips_is_broken_off(write, settings, monkeypatch):
    """No single wait is longer than the socket's timeout; the whole would last for ever."""
    monkeypatch.setattr(rules, "SEND_SECONDS", 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    write()
    with dripping_server() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        began = time.monotonic()

        assert delivery.sweep(Queue.MAIL) == {"again": 1}

    assert 0.9 < time.monotonic() - began < 3


def test_a_letter_at_which_the_server_falls_silent_does_not_hold_up_the_others(write, mailbox):
    stuck = write(to="slow@alice.example")
    others = [write(str(number)) for number in range(3)]
    mailbox.slow["slow@alice.example"] = 30
    began = time.monotonic()

    assert delivery.sweep(Queue.MAIL) == {"again": 1, "sent": 3}

    assert time.monotonic() - began < 6
    assert [seen(other, "state") for other in others] == [(State.SENT,)] * 3
    assert seen(stuck, "state", "attempts") == (State.DUE, 1)


def test_a_server_that_takes_the_letter_and_dies_gets_it_once_more_under_the_same_id(write, mailbox):
    letter = write()
    mailbox.drop = 1

    assert delivery.sweep(Queue.MAIL) == {"again": 1}
    make_due()
    assert delivery.sweep(Queue.MAIL) == {"sent": 1}
    make_due()
    assert delivery.sweep(Queue.MAIL) == {}

    ids = [letter["Message-ID"] for _, letter in mailbox.letters]
    assert ids == [rules.message_id("one", "larkshire.example")] * 2
    assert seen(letter, "state") == (State.SENT,)


@pytest.mark.parametrize(
    ("error", "outcome", "why"),
    [
        (smtplib.SMTPRecipientsRefused({}), Outcome.REFUSED, "The mail server refused the address (550)"),
        (
            smtplib.SMTPSenderRefused(550, b"", "x"),
            Outcome.OUTAGE,
            "The mail server refused us as the sender (550)",
        ),
        (
            smtplib.SMTPSenderRefused(452, b"", "x"),
            Outcome.LATER,
            "The mail server refused us as the sender (452)",
        ),
        (smtplib.SMTPDataError(554, b"spam"), Outcome.REFUSED, "The mail server refused the letter (554)"),
        (smtplib.SMTPDataError(452, b"full"), Outcome.LATER, "The mail server refused the letter (452)"),
        (smtplib.SMTPDataError(421, b"closing"), Outcome.OUTAGE, "The mail server refused the letter (421)"),
        (
            smtplib.SMTPServerDisconnected("x@y.example"),
            Outcome.LATER,
            "The connection broke before the letter was taken (SMTPServerDisconnected)",
        ),
        (
            TimeoutError(),
            Outcome.LATER,
            "The connection broke before the letter was taken (TimeoutError)",
        ),
        (ValueError("alice"), Outcome.LATER, "The letter could not be made or sent (ValueError)"),
    ],
)
def test_what_an_error_means_and_what_is_said_of_it(error, outcome, why):
    assert backends.judge(error) == backends.Verdict(outcome, why)


def test_a_refused_password_is_our_outage_and_no_letter_is_at_fault():
    error = smtplib.SMTPAuthenticationError(535, b"no")

    assert backends.opening_failed(error) == backends.Verdict(
        Outcome.OUTAGE, "The mail server refused our password (535)"
    )


def test_a_way_that_a_letter_finds_shut_is_not_tried_for_the_others(write, mailbox):
    """The letter that found out has used up a try, so that one which itself shuts the way cannot block for ever."""
    first, second = write(to="first@alice.example"), write("two")
    mailbox.answers["first@alice.example"] = "421 closing"
    mailbox.answers["alice@alice.example"] = "421 closing"
    shut = {}

    delivery._send_all(delivery.claim(Queue.MAIL, at=timezone.now()), time.monotonic() + 9, {}, shut)

    assert [seen(one, "state", "attempts") for one in (first, second)] in (
        [(State.DUE, 1), (State.DUE, 0)],
        [(State.DUE, 1), (State.DUE, 1)],
    )


def in_threads(function, count=2):
    def run():
        try:
            function()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_two_sweepers_at_once_send_each_message_once(write, mailbox):
    for number in range(40):
        write(str(number), to=f"{number}@alice.example")

    in_threads(lambda: delivery.sweep(Queue.MAIL), 3)

    assert sorted(mailbox.to()) == sorted(f"{number}@alice.example" for number in range(40))
    assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_two_sweepers_that_claim_nothing_send_twice(write, mailbox, monkeypatch):
    """Why there is a claim: without it both read the same rows before either marks them."""
    for number in range(10):
        write(str(number), to=f"{number}@alice.example")
    both_have_read = threading.Barrier(2)

    def read_without_claiming(queue, *, at):
        rows = list(Message.objects.ripe(queue, at).order_by("pk"))
        both_have_read.wait(20)
        for row in rows:
            row.try_at = at + dt.timedelta(minutes=10)
        return rows

    monkeypatch.setattr(delivery, "claim", read_without_claiming)
    in_threads(lambda: delivery.sweep(Queue.MAIL))

    assert len(mailbox.letters) == 20


def test_a_worker_killed_while_it_sends_leaves_a_message_that_goes_when_the_lease_runs_out(write, mailbox):
    """Its process is killed while the server keeps it waiting; the message is neither lost nor sent by anybody else
    before the lease is over."""
    letter = write()
    with silent_server() as port:
        sweeper = subprocess.Popen(
            [sys.executable, "manage.py", "sweep", "mail"],
            cwd=live.BASE_DIR,
            env=environment_of_this_test(port),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 30
        while seen(letter, "state") != (State.CLAIMED,) and time.monotonic() < until:
            time.sleep(0.05)
        assert seen(letter, "state", "attempts") == (State.CLAIMED, 1)
        os.kill(sweeper.pid, signal.SIGKILL)
        sweeper.wait(10)

    assert delivery.sweep(Queue.MAIL) == {}
    make_due()
    assert delivery.sweep(Queue.MAIL) == {"sent": 1}
    assert mailbox.to() == ["alice@alice.example"]
    assert seen(letter, "state", "attempts") == (State.SENT, 2)


def environment_of_this_test(port: int) -> dict:
    """A process of its own on this test's database, with a mail server that says nothing."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{Path(database['NAME']).resolve()}"
    else:
        user = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
        url = f"postgres://{user}@{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"
    return os.environ | {
        "MODE": "test",
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "PYTHONWARNINGS": "default",
    }
