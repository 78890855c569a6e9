"""When a message is tried again, when it is given up, and what it is called on the wire."""

from __future__ import annotations

import datetime as dt

import pytest

from outbox import rules
from outbox.rules import Fate, Next, Outcome
from outbox.states import MOVES, Mode, Queue, State

MAIL = {"mode": Mode.CLAIM_FIRST, "queue": Queue.MAIL}
ALARM = {"mode": Mode.SEND_FIRST, "queue": Queue.ALARMS}


@pytest.mark.parametrize(
    ("message", "outcome", "attempts", "next_"),
    [
        (MAIL, Outcome.SENT, 1, Next(Fate.SENT)),
        (MAIL, Outcome.LATER, 1, Next(Fate.AGAIN, 60)),
        (MAIL, Outcome.LATER, 2, Next(Fate.AGAIN, 300)),
        (MAIL, Outcome.LATER, 3, Next(Fate.AGAIN, 900)),
        (MAIL, Outcome.LATER, 4, Next(Fate.AGAIN, 3600)),
        (MAIL, Outcome.LATER, 5, Next(Fate.AGAIN, 10_800)),
        (MAIL, Outcome.LATER, 6, Next(Fate.AGAIN, 21_600)),
        (MAIL, Outcome.LATER, 7, Next(Fate.AGAIN, 43_200)),
        (MAIL, Outcome.LATER, 8, Next(Fate.GIVEN_UP)),
        (MAIL, Outcome.LATER, 9, Next(Fate.GIVEN_UP)),
        (MAIL, Outcome.REFUSED, 1, Next(Fate.GIVEN_UP)),
        (MAIL, Outcome.OUTAGE, 1, Next(Fate.AGAIN, 60, counted=False)),
        (MAIL, Outcome.OUTAGE, 8, Next(Fate.AGAIN, 60, counted=False)),
        (ALARM, Outcome.SENT, 1, Next(Fate.SENT)),
        (ALARM, Outcome.LATER, 1, Next(Fate.AGAIN, 10)),
        (ALARM, Outcome.LATER, 2, Next(Fate.AGAIN, 20)),
        (ALARM, Outcome.LATER, 5, Next(Fate.AGAIN, 160)),
        (ALARM, Outcome.LATER, 6, Next(Fate.AGAIN, 300)),
        (ALARM, Outcome.LATER, 10_000, Next(Fate.AGAIN, 300)),
        (ALARM, Outcome.REFUSED, 1, Next(Fate.AGAIN, 300)),
        (ALARM, Outcome.REFUSED, 99, Next(Fate.AGAIN, 300)),
        (ALARM, Outcome.OUTAGE, 3, Next(Fate.AGAIN, 10, counted=False)),
    ],
)
def test_mail_is_tried_for_a_day_and_an_alarm_for_ever(message, outcome, attempts, next_):
    assert rules.after(outcome, **message, attempts=attempts) == next_


@pytest.mark.parametrize(
    ("code", "about_sender", "outcome"),
    [
        (421, False, Outcome.OUTAGE),
        (450, False, Outcome.LATER),
        (451, False, Outcome.LATER),
        (550, False, Outcome.REFUSED),
        (554, False, Outcome.REFUSED),
        (599, False, Outcome.REFUSED),
        (600, False, Outcome.LATER),
        (550, True, Outcome.OUTAGE),
    ],
)
def test_an_smtp_answer_means(code, about_sender, outcome):
    assert rules.smtp_outcome(code, about_sender=about_sender) is outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REFUSED),
        (401, Outcome.OUTAGE),
        (403, Outcome.OUTAGE),
        (404, Outcome.OUTAGE),
        (429, Outcome.OUTAGE),
        (500, Outcome.OUTAGE),
        (503, Outcome.OUTAGE),
    ],
)
def test_an_answer_of_notify_means(status, outcome):
    assert rules.notify_outcome(status) is outcome


def test_a_message_id_is_the_same_at_every_try_and_different_for_every_key():
    first = rules.message_id("invitation:1:1", "larkshire.example")

    assert first == rules.message_id("invitation:1:1", "larkshire.example")
    assert first == "<373799fdfeb13adf45c3111e701f517df23989e6@larkshire.example>"
    assert first != rules.message_id("invitation:1:2", "larkshire.example")


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("An invitation", "An invitation"),
        ("One\r\nBcc: eve@eve.example", "One Bcc: eve@eve.example"),
        ("  many   spaces\t", "many spaces"),
        ("x" * 10_000, "x" * 200),
    ],
)
def test_a_subject_is_one_line(typed, subject):
    assert rules.one_line(typed) == subject


def test_what_is_forgotten_when():
    at = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)

    assert rules.forget_before(at) == (
        dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 25, 12, tzinfo=dt.UTC),
    )


def test_every_mode_and_queue_has_its_figures():
    assert set(rules.BATCH) == set(rules.LATE) == set(rules.OUTAGE_WAIT) == set(Queue)
    assert set(rules.LEASE) == set(Mode)
    assert all(lease > 2 * rules.SEND_SECONDS for lease in rules.LEASE.values())


def test_what_is_sent_stays_sent():
    assert MOVES[State.SENT] == set()
    assert set(MOVES) == set(State)
