"""Fixtures of the outbox: mail servers that behave as badly as real ones."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.utils import timezone

from outbox.models import Message
from outbox.steps import post


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    """Takes letters. `say(address, answer)` refuses an address; `hang_at(address)` falls silent for it; `drop_after`
    takes that many letters and breaks the line before it says so."""

    def __init__(self):
        self.letters: list = []
        self.answers: dict[str, str] = {}
        self.slow: dict[str, float] = {}
        self.drop = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        import asyncio

        if address in self.slow:
            await asyncio.sleep(self.slow[address])
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        import email

        self.letters.append((envelope.rcpt_tos[0], email.message_from_bytes(envelope.content)))
        if self.drop:
            self.drop -= 1
            server.transport.abort()
        return "250 taken"

    def to(self) -> list[str]:
        return [to for to, _ in self.letters]


@pytest.fixture
def mailbox(settings):
    """A mail server on this machine, and the settings that lead to it."""
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@larkshire.example>"
    box.port = port
    yield box
    controller.stop()


@pytest.fixture
def write():
    """`write("key")` puts a message in the outbox and gives it back."""

    def put(key="one", *, to="alice@alice.example", body="Hello", at=None, **more) -> Message:
        with transaction.atomic():
            post(key=key, to=to, body=body, subject="A letter", at=at or timezone.now(), **more)
        return Message.objects.get(key=key)

    return put


@contextlib.contextmanager
def silent_server():
    """Takes connections and never says a word."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    held: list[socket.socket] = []

    def hold():
        with contextlib.suppress(OSError):
            while True:
                held.append(listener.accept()[0])

    threading.Thread(target=hold, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for one in held:
            one.close()


@contextlib.contextmanager
def dripping_server():
    """Greets with one letter every 0.3 seconds and never finishes the line: no single wait is long."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)

    def drip():
        with contextlib.suppress(OSError):
            one, _ = listener.accept()
            with one:
                while True:
                    one.send(b"2")
                    time.sleep(0.3)

    threading.Thread(target=drip, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
