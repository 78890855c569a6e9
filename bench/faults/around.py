"""What stands around the portal while faults are made: a mail server that takes its time, a Redis of our own, workers
and beat as processes that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import email
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.test import override_settings

from bench.noon.cluster import NoServer, free_port

PATIENCE = 120  # seconds that anything is waited for


class Mail:
    """A mail server. It thinks for `before` seconds, takes the letter, and says so `after` seconds later: whoever is
    killed in between does not know that it was taken."""

    def __init__(self, *, before: float = 0, after: float = 0):
        self.before, self.after = before, after
        self.letters: list[tuple[str, str, float]] = []  # to whom, Message-ID, when
        self.begun = 0
        self.port = free_port()

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content)
        self.begun += 1
        await asyncio.sleep(self.before)  # broken off when whoever sends it is gone
        self.letters.append((envelope.rcpt_tos[0], letter["Message-ID"], time.time()))
        await asyncio.sleep(self.after)
        return "250 taken"

    def copies(self) -> Counter:
        """How often each letter came, by its Message-ID."""
        return Counter(message_id for _, message_id, _ in self.letters)

    @contextlib.contextmanager
    def open(self) -> Iterator[Mail]:
        """The server runs, and this process's letters go to it."""
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        mail = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        off = {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False, "EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""}
        try:
            with override_settings(EMAIL_PORT=self.port, EMAIL_TIMEOUT=10, **mail, **off):
                yield self
        finally:
            controller.stop()


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis of our own; its address. Raises `NoServer` where there is none on this machine."""
    if not (program := shutil.which("redis-server")):
        raise NoServer("redis-server was not found: install Redis on this machine")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(0.3)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait(10)


def environment(*, redis_url: str, mail: Mail, moved: float) -> dict[str, str]:
    """A process of its own on this process's database, with a clock that was moved by so many seconds."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{Path(database['NAME']).resolve()}"
    else:
        user = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
        url = f"postgres://{user}@{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"
    return os.environ | {
        "MODE": "test",
        "DATABASE_URL": url,
        "DATABASE_POOL": "0",
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "MOVED_SECONDS": str(moved),
        "LOG_LEVEL": "CRITICAL",
    }


class Processes:
    """Processes of the portal, each with the processes that it starts."""

    def __init__(self, env: dict[str, str]):
        self.env, self.running = env, []
        self.folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))

    def start(self, what: str, *arguments: str) -> None:
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "bench.faults.process", what, *arguments],
                cwd=settings.BASE_DIR,
                env=self.env,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def start_beat(self, what: str = "beat") -> None:
        """Beat with a memory of its own, so that it begins anew."""
        self.start(what, str(self.folder / f"beat-{time.time_ns()}"))

    def kill(self) -> None:
        """As `kill -9` does, to all of them and at once."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.running:
            process.wait(10)
        self.running = []

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *problem) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_until(true: Callable[[], bool], *, seconds: float = PATIENCE) -> bool:
    """Whether it became true in time."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
