"""What is broken around us (database, broker, disk) is told calmly, leaves nothing half-written, and is over with the
next request. What becomes of sign-in without Redis stands in test_security."""

from __future__ import annotations

import errno
import threading

import pytest
from django.conf import settings as the_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Organisation
from audit.models import Event
from outbox.models import Message
from tests.cast import PASSWORD, make_world

CALM = "something went wrong"
NEW = {"email": "hanna@hanna.example", "roles": ["provider_staff"]}


def calm(client: Client, method: str, path: str, data=None) -> tuple[int, bool]:
    """The status, and whether the page is the one for a fault of ours."""
    client.raise_request_exception = False
    page = getattr(client, method)(path, data or {})
    return page.status_code, CALM in page.content.decode().lower()


def written() -> tuple[int, int, int]:
    return Invitation.objects.count(), Message.objects.count(), Event.objects.count()


@pytest.mark.django_db(transaction=True)
def test_while_somebody_holds_the_database_a_form_waits_then_is_told_and_then_works(sign_in):
    world = make_world()
    client, invite = sign_in(world.alice), reverse("invite", args=[world.ash_house.pk])
    before, held, free = written(), threading.Event(), threading.Event()

    def hold():
        try:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN IMMEDIATE" if the_settings.SQLITE else "BEGIN")
                if not the_settings.SQLITE:
                    cursor.execute("LOCK TABLE accounts_organisation IN ACCESS EXCLUSIVE MODE")
                held.set()
                free.wait(20)
                cursor.execute("ROLLBACK")
        finally:
            held.set()
            connection.close()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 200" if the_settings.SQLITE else "SET lock_timeout = 200")
    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        answer = calm(client, "post", invite, NEW)
    finally:
        free.set()
        holder.join()

    assert answer == (500, True)
    assert written() == before
    assert calm(client, "post", invite, NEW) == (302, False)
    assert Invitation.objects.count() == 1
    connection.close()  # the short wait goes with it


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_costs_one_page(sign_in):
    world = make_world()
    client, page = sign_in(world.alice), reverse("people", args=[world.ash_house.pk])
    if the_settings.SQLITE:
        connection.connection.close()
    else:
        _terminate()

    first = calm(client, "get", page)
    connection.close_if_unusable_or_obsolete()  # what Django does between two requests, and not for the test client

    assert first == (500, True)
    assert calm(client, "get", page) == (200, False)


def _terminate() -> None:
    """Cut this thread's connection from another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()

    def cut():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        connection.close()

    other = threading.Thread(target=cut)
    other.start()
    other.join()


def test_without_the_broker_everything_is_done_and_waits_in_the_outbox(world, sign_in, monkeypatch):
    def gone(*args, **kwargs):
        raise OSError(errno.ECONNREFUSED, "no broker")

    monkeypatch.setattr("kombu.Connection.connect", gone)
    monkeypatch.setattr("kombu.Connection.default_channel", property(gone))

    assert calm(sign_in(world.alice), "post", reverse("invite", args=[world.ash_house.pk]), NEW) == (302, False)
    assert Message.objects.get().state == "due"


def test_a_full_disk_takes_no_file_and_changes_nothing(world, sign_in, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", full)
    file = SimpleUploadedFile("schools.csv", b"a" * 3_000_000)
    before = (Organisation.objects.count(), Event.objects.count())

    assert calm(sign_in(world.olu), "post", reverse("import_schools"), {"file": file}) == (500, True)
    assert (Organisation.objects.count(), Event.objects.count()) == before


def test_a_full_disk_stops_no_page_and_lets_nobody_guess(world, monkeypatch, settings):
    """In the demo the counted attempts are files; where none can be written, nobody is let in without being counted."""
    if settings.REDIS_URL:
        return

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.cache.backends.filebased.tempfile.mkstemp", full)
    nora = {"login": world.nora.email, "password": PASSWORD}

    assert calm(Client(), "get", reverse("home")) == (200, False)
    assert calm(Client(), "get", reverse("account_login")) == (200, False)
    assert calm(Client(), "post", reverse("account_login"), nora) == (500, True)
