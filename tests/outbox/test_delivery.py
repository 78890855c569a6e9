"""Sending: who holds a message, and what becomes of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from audit.models import Event
from outbox import backends, delivery, rules
from outbox.backends import Verdict
from outbox.models import Message
from outbox.rules import Outcome
from outbox.states import Mode, Queue, State

pytestmark = pytest.mark.django_db


def seen(message, *fields):
    message.refresh_from_db()
    return tuple(getattr(message, field) for field in fields)


def test_what_is_due_is_sent_once_and_its_secret_destroyed(write):
    message = write(body="https://larkshire.example/s3cret", secret=True)

    assert delivery.sweep(Queue.MAIL) == {"sent": 1}
    assert delivery.sweep(Queue.MAIL) == {}

    assert [letter.body for letter in mail.outbox] == ["https://larkshire.example/s3cret"]
    assert seen(message, "state", "sealed_body", "body", "try_at") == (State.SENT, None, "", None)


def test_the_letter_carries_the_id_of_its_key_and_says_that_a_machine_wrote_it(write, settings):
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@larkshire.example>"
    write("invitation:1:1")

    delivery.sweep(Queue.MAIL)

    assert mail.outbox[0].extra_headers == {
        "Message-ID": rules.message_id("invitation:1:1", "larkshire.example"),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def test_what_is_not_due_yet_waits(write):
    message = write(due_at=timezone.now() + dt.timedelta(hours=1))

    assert delivery.sweep(Queue.MAIL) == {}
    assert seen(message, "state") == (State.DUE,)


def test_a_sweep_of_alarms_leaves_the_mail_alone(write):
    write()
    write("alarm", queue=Queue.ALARMS, mode=Mode.SEND_FIRST)

    assert delivery.sweep(Queue.ALARMS) == {"sent": 1}
    assert [letter.extra_headers["Message-ID"] for letter in mail.outbox] == [rules.message_id("alarm", "localhost")]


def test_a_hundred_letters_take_rounds_of_fifty(write, monkeypatch):
    for number in range(101):
        write(str(number))
    rounds = []
    claim = delivery.claim
    monkeypatch.setattr(delivery, "claim", lambda *a, **k: rounds.append(1) or claim(*a, **k))

    assert delivery.sweep(Queue.MAIL) == {"sent": 101}
    assert len(rounds) == 3


def test_claiming_fifty_costs_as_many_statements_as_claiming_one(write, django_assert_num_queries):
    at = timezone.now()
    for number in range(3):
        write(str(number), at=at)

    with django_assert_num_queries(5):  # begin, find, claim, commit, read
        assert len(delivery.claim(Queue.MAIL, at=at)) == 3
    with django_assert_num_queries(3):
        assert delivery.claim(Queue.MAIL, at=at) == []


def test_what_one_sweeper_holds_no_other_gets_until_the_lease_runs_out(write):
    at = timezone.now()
    write(at=at)

    first = delivery.claim(Queue.MAIL, at=at)
    meanwhile = delivery.claim(Queue.MAIL, at=at + dt.timedelta(seconds=599))
    later = delivery.claim(Queue.MAIL, at=at + dt.timedelta(seconds=600))

    assert [len(first), len(meanwhile), len(later)] == [1, 0, 1]
    assert (first[0].attempts, later[0].attempts) == (1, 2)


def test_the_lease_of_an_alarm_is_short(write):
    at = timezone.now()
    write(at=at, queue=Queue.ALARMS, mode=Mode.SEND_FIRST)

    delivery.claim(Queue.ALARMS, at=at)

    assert len(delivery.claim(Queue.ALARMS, at=at + dt.timedelta(seconds=59))) == 0
    assert len(delivery.claim(Queue.ALARMS, at=at + dt.timedelta(seconds=60))) == 1


def test_mail_that_killed_its_sweeper_every_time_is_given_up_and_an_alarm_is_not(write):
    at = timezone.now()
    letter = write(at=at)
    alarm = write("alarm", at=at, mode=Mode.SEND_FIRST)
    Message.objects.update(attempts=rules.MOST_ATTEMPTS)

    assert delivery.claim(Queue.MAIL, at=at) == [alarm]
    assert seen(letter, "state", "last_error") == (State.DEAD, "Sending it broke off at every try")
    assert [event.action for event in Event.objects.all()] == ["outbox.message.given_up"]


def test_a_letter_that_left_is_sent_even_if_somebody_else_holds_it_by_now(write):
    at = timezone.now()
    write(at=at)
    mine = delivery.claim(Queue.MAIL, at=at)[0]
    delivery.claim(Queue.MAIL, at=at + dt.timedelta(hours=1))

    delivery.mark(mine, Verdict(Outcome.SENT), at=at)

    assert seen(mine, "state") == (State.SENT,)


def test_a_late_failure_does_not_disturb_whoever_holds_the_message_by_now(write):
    at = timezone.now()
    write(at=at)
    mine = delivery.claim(Queue.MAIL, at=at)[0]
    theirs = delivery.claim(Queue.MAIL, at=at + dt.timedelta(hours=1))[0]

    delivery.mark(mine, Verdict(Outcome.LATER, "too late"), at=at)
    delivery.mark(mine, Verdict(Outcome.REFUSED, "too late"), at=at)

    assert seen(theirs, "state", "token", "attempts") == (State.CLAIMED, theirs.token, 2)
    assert Event.objects.count() == 0


def test_what_there_is_no_time_for_is_put_back_untried(write, monkeypatch):
    letters = [write(str(number)) for number in range(3)]
    ticks = iter([0.0, 100.0, 100.0, 100.0])
    monkeypatch.setattr(delivery.time, "monotonic", lambda: next(ticks, 100.0))
    monkeypatch.setattr(delivery, "at_most", lambda seconds: __import__("contextlib").nullcontext())

    assert delivery.sweep(Queue.MAIL, seconds=1) == {"sent": 1, "put_back": 2}
    assert [seen(letter, "state", "attempts") for letter in letters] == [
        (State.SENT, 1),
        (State.DUE, 0),
        (State.DUE, 0),
    ]


def test_no_letter_is_begun_that_could_not_be_finished_inside_the_lease(write, monkeypatch):
    letter = write()
    monkeypatch.setitem(rules.LEASE, "claim_first", rules.SEND_SECONDS)

    assert delivery.sweep(Queue.MAIL, seconds=0) == {"put_back": 1}
    assert seen(letter, "state", "attempts") == (State.DUE, 0)
    assert mail.outbox == []


def test_a_mark_that_the_database_did_not_take_is_written_again(write, monkeypatch):
    monkeypatch.setattr(delivery.connection, "close", lambda: None)  # the test's own transaction needs it
    letter = write()
    mark, failures = delivery._mark, iter([OperationalError("the connection is gone")])

    def broken(*args):
        for failure in failures:
            raise failure
        mark(*args)

    monkeypatch.setattr(delivery, "_mark", broken)

    assert delivery.sweep(Queue.MAIL) == {"sent": 1}
    assert seen(letter, "state") == (State.SENT,)
    assert len(mail.outbox) == 1


def test_the_demo_sends_nothing_and_keeps_every_letter_readable(write, settings):
    settings.DEMO = True
    letter = write(body="https://larkshire.example/s3cret", secret=True)

    assert delivery.sweep(Queue.MAIL) == {"sent": 1}

    assert mail.outbox == []
    assert delivery.readable_body(Message.objects.get()) == "https://larkshire.example/s3cret"
    assert seen(letter, "body") == ("",)


def test_a_letter_whose_key_is_gone_is_not_sent_and_does_not_stop_the_others(write, settings):
    broken = write(secret=True)
    settings.SEAL_KEYS = ["A" * 43 + "="]
    other = write("two")

    assert delivery.sweep(Queue.MAIL) == {"again": 1, "sent": 1}
    assert seen(other, "state") == (State.SENT,)
    assert seen(broken, "last_error") == ("The letter could not be made or sent (SealBroken)",)
    assert delivery.readable_body(broken) == (
        "The text of this message cannot be read: the key that it was sealed with is gone."
    )


def test_a_text_without_a_way_to_send_texts_waits_and_says_why(write):
    text = write(channel="text", to="01632 960001")
    letter = write("two")

    assert delivery.sweep(Queue.MAIL) == {"again": 1, "sent": 1}
    assert seen(letter, "state") == (State.SENT,)
    assert seen(text, "state", "attempts", "last_error") == (
        State.DUE,
        0,
        "No way to send texts is set up (NOTIFY_API_KEY, NOTIFY_TEXT_TEMPLATE)",
    )


def test_sender_without_an_address_still_gives_a_message_id(settings):
    settings.DEFAULT_FROM_EMAIL = "nobody"

    assert backends.EmailWay().domain == "localhost"
