"""A hundred absences at once while mail is slow: how long until all stand in the outbox, and until all are handed over.
Each pupil is another school's with somebody of its own to tell, so that no message is shared. The mail server is made
up: it takes two seconds a message, and each sweeper is a process of its own, as many as the alarms' worker has."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from collections.abc import Callable

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections
from django.test.utils import override_settings
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind, Role
from core.access import System
from monitoring.actions import alarms as actions
from monitoring.models import Alert, Session
from monitoring.permissions.alerts import SOUND
from monitoring.states import AlertKind
from outbox import delivery, tasks
from outbox.models import Message
from outbox.states import Queue, State
from referrals.models import Cover
from tests.referrals.placed import made_placement

SLOW_SECONDS = 2
SWEEPERS = 4  # of the alarms' worker, as docker-compose.yml starts it
BEAT_SECONDS = 10
MOST_SECONDS = 240


class SlowMail(BaseEmailBackend):
    """A mail server that takes two seconds a message."""

    def send_messages(self, email_messages):
        time.sleep(SLOW_SECONDS * len(email_messages))
        return len(email_messages)


def sound(world, number: int, tell: Callable[[str], None], kept: list) -> None:
    """So many absences whose two minutes are over now. On SQLite one sweeper alone: it has one writer."""
    _absences(world, number)
    began = time.perf_counter()
    while actions.tell(by=System(SOUND), at=timezone.now()):
        continue
    told = time.perf_counter() - began
    waiting = Message.objects.filter(queue=Queue.ALARMS, key__startswith="alert:").count()
    sweepers = SWEEPERS if connection.vendor == "postgresql" else 1
    began = time.perf_counter()
    with override_settings(EMAIL_BACKEND="bench.alarms.SlowMail"):
        _hand_over(sweepers)
    handed = time.perf_counter() - began
    left = Message.objects.filter(queue=Queue.ALARMS).exclude(state=State.SENT).count()
    kept.append(
        {"work": "alarms", "number": number, "messages": waiting, "sweepers": sweepers, "left": left}
        | {"outbox_s": round(told, 3), "handed_s": round(handed, 1)}
    )
    verdict = "in time" if handed <= MOST_SECONDS and not left else "TOO LATE"
    tell(
        f"{number} absences at once, {waiting} messages: in the outbox after {told:.2f} s; handed over by {sweepers} "
        f"sweepers at {SLOW_SECONDS} s a message after {handed:.0f} s of {MOST_SECONDS} ({verdict}); left: {left}"
    )


def _hand_over(sweepers: int) -> None:
    """As beat does it: another sweep every ten seconds, for as long as a place of the worker is free."""
    if sweepers == 1:
        while delivery.sweep(Queue.ALARMS):
            continue
        return
    connections.close_all()
    context, running = multiprocessing.get_context("fork"), []
    while Message.objects.waiting(Queue.ALARMS).exists():
        connections.close_all()
        running = [process for process in running if process.is_alive()]
        if len(running) < sweepers:
            running.append(context.Process(target=tasks.sweep_alarms))
            running[-1].start()
        until = time.monotonic() + BEAT_SECONDS
        while time.monotonic() < until and Message.objects.waiting(Queue.ALARMS).exists():
            time.sleep(0.5)
    for process in running:
        process.join()


def _absences(world, number: int) -> None:
    """A school each, with a line of its rota, and a pupil marked absent two minutes ago."""
    at = timezone.now() - dt.timedelta(minutes=2)
    placement, local = made_placement(world), timezone.localtime(at)
    schools = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.SCHOOL, name=f"School {n}", name_key=f"school {n}", urn=f"{800_000 + n}")
        for n in range(number)
    )
    people = User.objects.bulk_create(
        User(email=f"cover{n}@school{n}.example", name=f"Cover {n}") for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=school, role=Role.SCHOOL_ATTENDANCE, given_at=at)
        for user, school in zip(people, schools, strict=True)
    )
    Cover.objects.bulk_create(
        Cover(
            commissioner=school, name=user.name, phone="01632 960 111", user=user, weekdays=list(range(7)),
            starts=dt.time(0), ends=dt.time(23, 59, 59), holidays=True, from_on=local.date(), written_at=at,
        )
        for user, school in zip(people, schools, strict=True)
    )  # fmt: skip
    sessions = Session.objects.bulk_create(
        Session(
            placement=placement, provider=placement.provider, commissioner=school, day=local.date(), mark="absent",
            starts_at=at - dt.timedelta(seconds=n), ends_at=at + dt.timedelta(hours=4), marked_at=at,
        )
        for n, school in enumerate(schools)
    )  # fmt: skip
    Alert.objects.bulk_create(
        Alert(
            session=one, commissioner=one.commissioner, kind=AlertKind.ABSENT, raised_at=at, written_at=at,
            tell_at=at + dt.timedelta(minutes=2),
        )
        for one in sessions
    )  # fmt: skip
