"""Sending: claim a few messages, send each outside any transaction, mark what came of it.

A room of its own (docs/adr/0005): claiming and marking are not acts that somebody decides on, so they are no actions;
the row itself is their record. What ends badly is written into the audit trail.

A claim is a lease. A sweeper that dies leaves messages claimed; when the lease runs out the next sweep takes them over.
Two sweepers never hold one message at the same time: the row is locked while it is claimed, skipped when somebody else
has it, and no letter is begun that could not be finished inside the lease.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import signal
import threading
import time
import uuid
from collections import Counter

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Value, When

from audit import steps as audit
from core import clock, crypto
from core.access import System
from outbox import backends, rules
from outbox.backends import Verdict
from outbox.models import Message
from outbox.rules import Fate, Outcome
from outbox.states import WAITING, Mode, Queue, State
from outbox.steps import PURPOSE

log = logging.getLogger("portal.outbox")
SWEEP = System("outbox.sweep")


def sweep(queue: Queue, *, seconds: float = 45) -> Counter:
    """Send what is due in this queue, in rounds, for at most about `seconds`. Returns how many had which fate.

    Harmless beside any number of other sweeps, and when nothing is due."""
    done: Counter = Counter()
    until = time.monotonic() + seconds
    ways: dict[str, object] = {}
    shut: dict[str, Verdict] = {}
    while Message.objects.ripe(queue, clock.now()).exists():
        batch = claim(queue, at=clock.now())
        if not batch:
            break
        done += _send_all(batch, until, ways, shut)
        if time.monotonic() >= until:
            break
    for way in ways.values():
        way.close()
    if done:
        log.info("swept", extra={"queue": str(queue), **{f"messages_{name}": n for name, n in done.items()}})
    return done


def claim(queue: Queue, *, at: dt.datetime) -> list[Message]:
    """Take up to a batch of ripe messages for ourselves, oldest first. Mail whose sweepers died at every one of its
    tries is given up here instead: whatever killed them would kill us."""
    token = uuid.uuid4().hex
    with transaction.atomic(durable=True):
        ripe = Message.objects.ripe(queue, at).order_by("try_at", "pk")
        rows = list(
            ripe.select_for_update(skip_locked=True).values_list("pk", "mode", "attempts")[: rules.BATCH[queue]]
        )
        spent = [pk for pk, mode, attempts in rows if mode == Mode.CLAIM_FIRST and attempts >= rules.MOST_ATTEMPTS]
        ours = [pk for pk, _, _ in rows if pk not in spent]
        Message.objects.filter(pk__in=ours).update(
            state=State.CLAIMED,
            token=token,
            attempts=F("attempts") + 1,
            try_at=Case(*[When(mode=m, then=Value(lease_end(m, at))) for m in Mode]),
        )
        for message in Message.objects.filter(pk__in=spent):
            _give_up(message, "Sending it broke off at every try", at)
    return list(Message.objects.filter(token=token, pk__in=ours).order_by("due_at", "pk"))


def lease_end(mode: str, at: dt.datetime) -> dt.datetime:
    """Until when a claim made at `at` holds."""
    return at + dt.timedelta(seconds=rules.LEASE[mode])


def _send_all(batch: list[Message], until: float, ways: dict, shut: dict[str, Verdict]) -> Counter:
    """Send a batch. What there is no time for is put back. When a way turns out to be shut, what would have gone the
    same way waits untried; only the message that found out has used up a try, so that a message which itself shuts the
    way cannot stand before the others for ever."""
    done: Counter = Counter()
    for message in batch:
        safe_until = message.try_at - dt.timedelta(seconds=rules.SEND_SECONDS)
        if clock.now() >= safe_until or (time.monotonic() >= until and message is not batch[0]):
            _put_back(message)
            done["put_back"] += 1
            continue
        verdict = shut.get(message.channel) or _send(message, ways, shut)
        done[mark(message, verdict, at=clock.now()).fate.name.lower()] += 1
    return done


def _send(message: Message, ways: dict, shut: dict[str, Verdict]) -> Verdict:
    """Try one message. A connection that broke is closed, so that the next message gets a new one; a way that is shut
    is noted in `shut`."""
    if settings.DEMO:
        return Verdict(Outcome.SENT)  # the demo sends nothing to anybody: its letters are read on the outbox page
    way, opened = ways.get(message.channel), False
    try:
        with at_most(rules.SEND_SECONDS):
            if way is None:
                way = backends.WAYS[message.channel]()
                way.open()
                ways[message.channel] = way
            opened = True
            way.send(message, body_of(message))
        return Verdict(Outcome.SENT)
    except Exception as error:
        # Anything may come out of a mail library; whatever it is, the other messages still go.
        verdict = backends.judge(error) if opened else backends.opening_failed(error)
    log.warning("not sent", extra={"message_id": message.pk, "attempt": message.attempts, "why": verdict.why})
    ways.pop(message.channel, None)
    if way is not None:
        way.close()
    if verdict.outcome is Outcome.OUTAGE:
        shut[message.channel] = verdict
        if opened:
            return Verdict(Outcome.LATER, verdict.why)
    return verdict


def body_of(message: Message) -> str:
    """What the message says, unsealed. Raises `crypto.SealBroken`."""
    if message.sealed_body is None:
        return message.body
    return crypto.unseal(message.sealed_body, purpose=PURPOSE).decode()


def readable_body(message: Message) -> str:
    """What the message says, or that it can no longer be read."""
    try:
        return body_of(message) or "The text of this message has been destroyed."
    except crypto.SealBroken:
        return "The text of this message cannot be read: the key that it was sealed with is gone."


def mark(message: Message, verdict: Verdict, *, at: dt.datetime) -> rules.Next:
    """Write down what came of a try. Tried twice, because a letter that left and was not marked goes out again."""
    what = rules.after(verdict.outcome, mode=message.mode, queue=message.queue, attempts=message.attempts)
    try:
        _mark(message, what, verdict.why, at)
    except (OperationalError, InterfaceError):
        connection.close()
        _mark(message, what, verdict.why, at)
    return what


def _mark(message: Message, what: rules.Next, why: str, at: dt.datetime) -> None:
    if what.fate is Fate.SENT:
        # Whoever holds the row by now: the letter has left, so it is sent. Its secret goes in the same statement;
        # the demo keeps it, sealed, because its outbox page is where the letter is read.
        secret = {} if settings.DEMO else {"sealed_body": None}
        Message.objects.filter(pk=message.pk).exclude(state=State.SENT).update(
            state=State.SENT, try_at=None, over_at=at, last_error="", **secret
        )
        return
    with transaction.atomic(durable=True):
        ours = Message.objects.filter(pk=message.pk, state=State.CLAIMED, token=message.token)
        if what.fate is Fate.GIVEN_UP:
            for row in ours.select_for_update(of=("self",)):
                _give_up(row, why, at)
            return
        ours.update(
            state=State.DUE,
            try_at=at + dt.timedelta(seconds=what.wait),
            attempts=F("attempts") - (0 if what.counted else 1),
            last_error=why,
        )


def _put_back(message: Message) -> None:
    """Give a claimed message back untried."""
    Message.objects.filter(pk=message.pk, state=State.CLAIMED, token=message.token).update(
        state=State.DUE, try_at=message.due_at, attempts=F("attempts") - 1
    )


def _give_up(message: Message, why: str, at: dt.datetime) -> None:
    Message.objects.filter(pk=message.pk, state__in=WAITING).update(
        state=State.DEAD, try_at=None, over_at=at, last_error=why
    )
    audit.record(
        "outbox.message.given_up",
        by=SWEEP,
        about=message,
        organisation=message.organisation_id,
        data={"key": message.reference, "attempts": message.attempts, "why": why},
        at=at,
    )


@contextlib.contextmanager
def at_most(seconds: float):
    """Break off what is inside with TimeoutError. A server that sends one byte every nine seconds passes every socket
    timeout; an alarm clock stops it. Only a process's main thread has one (workers and commands are that); elsewhere
    the socket timeouts alone must do."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_):
        raise TimeoutError

    began = time.monotonic()
    before = signal.signal(signal.SIGALRM, ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (time.monotonic() - began)), interval)
