"""`/healthz`: this process answers. `/readyz`: what it needs answers too, and nothing that must go out is late.

Each question is asked in a thread of its own and waited for two seconds in all, so that the answer comes in time even
when a broker or a database takes the connection and says nothing. Answers are kept for two seconds and asked for once
at a time: the page is public, and nobody shall be able to put load on the database through it.

A load balancer should ask `/healthz`; `/readyz` is for whoever must be woken: one undeliverable alarm makes it red on
every server at once.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.utils import timezone

from apframework import preflight
from core import clock
from core.access import public
from files.queries import all_waiting_seconds
from files.rules.scans import is_late
from lots.queries import sealing
from lots.states import FrameworkState
from monitoring.queries import alerts
from monitoring.rules.alarms import LATE_SECONDS
from outbox import queries, rules
from outbox.states import Queue

WAIT_SECONDS = 2.0
KEEP_SECONDS = 2.0
MOST_SKEW_SECONDS = 2.0


@public("asked by machines that keep the portal running; says only that the process answers")
def healthz(request):
    """This process answers; nothing else is asked."""
    return JsonResponse({"state": "ok"}, headers={"Cache-Control": "no-store"})


@public("asked by machines that watch the portal; names what is well and what is not, nothing else")
def readyz(request):
    """503 as soon as one answer is not `ok`."""
    answers = _kept.answers()
    well = all(answer == "ok" for answer in answers.values())
    body = {"state": "ok" if well else "failing", "checks": answers}
    return JsonResponse(body, status=200 if well else 503, headers={"Cache-Control": "no-store"})


def database() -> str:
    """The database answers, and its clock is ours."""
    skew = _skew_seconds()
    return "ok" if skew <= MOST_SKEW_SECONDS else f"clocks differ by {skew:.1f} seconds"


def _skew_seconds() -> float:
    """How far the database's clock is from this process's, in seconds, less what the question itself took."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return 0.0
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    after = timezone.now()
    return max(0.0, (before - theirs).total_seconds(), (theirs - after).total_seconds())


def broker() -> str:
    """The broker takes messages."""
    url = settings.CELERY_BROKER_URL
    if url.startswith("filesystem"):
        probe = Path(settings.BROKER_FOLDER) / f".{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
        return "ok"
    if url.startswith(("redis", "unix")):
        with redis.Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS) as client:
            client.ping()
        return "ok"
    from apframework.celery import app

    with app.connection_for_write(connect_timeout=WAIT_SECONDS) as link:
        link.ensure_connection(max_retries=1, timeout=WAIT_SECONDS)
    return "ok"


def shared_cache() -> str:
    """The cache, in which failed sign-ins are counted, keeps what it is given."""
    shared = getattr(cache, "shared", cache)  # what stands in while Redis is away would say that all is well
    key = f"readyz-{uuid.uuid4().hex}"
    shared.set(key, "kept", 10)
    kept = shared.get(key)
    shared.delete(key)
    return "ok" if kept == "kept" else "does not keep"


def alarms() -> str:
    """No alarm is late: neither on its way, nor to be told, nor a breach to be written down."""
    waits = alerts.all_late_seconds(at=clock.now())
    return f"late by {waits:.0f} seconds" if waits > LATE_SECONDS else _late(Queue.ALARMS)


def mail() -> str:
    """No mail is late."""
    return _late(Queue.MAIL)


def _late(queue: Queue) -> str:
    late = queries.all_late_seconds(queue, at=clock.now())
    return "ok" if late <= rules.LATE[queue] else f"late by {late:.0f} seconds"


def files() -> str:
    """No uploaded file waits long for its scan."""
    waits = all_waiting_seconds(at=clock.now())
    return f"one waits for {waits:.0f} seconds" if is_late(waits) else "ok"


def data() -> str:
    """No demo data in production."""
    return "demo data in production" if settings.PRODUCTION and preflight.holds_demo_data() else "ok"


def seal_keys() -> str:
    """What is sealed for frameworks that are open for applications can be opened. A query and a hash for each."""
    lost = len(sealing.all_unreadable(FrameworkState.PUBLISHED))
    return f"{lost} cannot be read" if lost else "ok"


def _ask(question: Callable[[], str], answers: dict[str, str], name: str) -> None:
    try:
        answers[name] = question()
    except Exception as error:
        # The name of the error alone: its text may hold an address or a password.
        answers[name] = f"failing ({type(error).__name__})"
    finally:
        connection.close()


QUESTIONS = {
    "database": database,
    "broker": broker,
    "cache": shared_cache,
    "alarms": alarms,
    "mail": mail,
    "files": files,
    "data": data,
    "seal_keys": seal_keys,
}


_waiting: dict[str, threading.Thread] = {}


def ask_all(questions: dict[str, Callable[[], str]] | None = None) -> dict[str, str]:
    """Ask everything at once and wait `WAIT_SECONDS` at most. What has not answered since last time is not asked again,
    so that a database that hangs collects no threads."""
    questions = QUESTIONS if questions is None else questions
    found: dict[str, str] = {}
    until = time.monotonic() + WAIT_SECONDS
    for name, question in questions.items():
        if name in _waiting and _waiting[name].is_alive():
            continue
        _waiting[name] = threading.Thread(target=_ask, args=(question, found, name), daemon=True)
        _waiting[name].start()
    for name in questions:
        _waiting[name].join(max(0.0, until - time.monotonic()))
    answered = dict(found)
    return {name: answered.get(name, "no answer in time") for name in questions}


class _Kept:
    """The last answers, asked for by one thread at a time; the others get what is there."""

    def __init__(self):
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.at, self.last = float("-inf"), {}

    def answers(self) -> dict[str, str]:
        if time.monotonic() - self.at < KEEP_SECONDS:
            return self.last
        if self.lock.acquire(blocking=not self.last, timeout=-1 if self.last else 2 * WAIT_SECONDS):
            try:
                if time.monotonic() - self.at >= KEEP_SECONDS:
                    self.last = ask_all()
                    self.at = time.monotonic()
            finally:
                self.lock.release()
        return self.last or dict.fromkeys(QUESTIONS, "no answer in time")


_kept = _Kept()
