"""`/healthz` and `/readyz`: bounded, telling nothing, red when something that must go out is late."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
import unittest.mock

import pytest
from celery import Celery
from django.db import transaction
from django.test import Client
from django.utils import timezone

from apframework import health
from outbox.states import Mode, Queue
from outbox.steps import post

ALL_WELL = dict.fromkeys(["database", "broker", "cache", "alarms", "mail", "files", "data", "seal_keys"], "ok")


@pytest.fixture(autouse=True)
def fresh_answers():
    health._kept.forget()
    yield
    health._kept.forget()


def test_healthz_asks_nobody(django_assert_num_queries):
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"state": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_readyz_is_green_when_all_is_well():
    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"state": "ok", "checks": ALL_WELL})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("queue", "late", "status"),
    [
        (Queue.ALARMS, 55, 200),
        (Queue.ALARMS, 65, 503),
        (Queue.MAIL, 880, 200),
        (Queue.MAIL, 920, 503),
        (Queue.MAIL, -3600, 200),
    ],
)
def test_readyz_is_red_when_an_alarm_is_a_minute_late_or_mail_a_quarter_of_an_hour(queue, late, status):
    at = timezone.now() - dt.timedelta(seconds=late)
    with transaction.atomic():
        post(key="one", to="a@a.example", body="x", at=at, queue=queue, mode=Mode.SEND_FIRST)

    answer = Client().get("/readyz")

    assert answer.status_code == status
    assert answer.json()["checks"][queue].startswith("ok" if status == 200 else "late by")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("skew", "answer"), [(1.9, "ok"), (2.1, "clocks differ by 2.1 seconds")])
def test_readyz_is_red_when_the_clocks_differ(skew, answer, monkeypatch):
    monkeypatch.setattr(health, "_skew_seconds", lambda: skew)

    assert health.database() == answer


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_takes_the_call_and_says_nothing_is_waited_for_two_seconds(settings):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    settings.CELERY_BROKER_URL = f"redis://:s3cret@localhost:{listener.getsockname()[1]}/0"
    began = time.monotonic()

    answer = Client().get("/readyz")

    assert time.monotonic() - began < 3
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] in {"no answer in time", "failing (TimeoutError)"}
    assert "s3cret" not in answer.content.decode()
    listener.close()
    health._waiting["broker"].join(5)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_is_named_without_its_address(settings):
    settings.CELERY_BROKER_URL = "redis://:s3cret@localhost:1/0"

    answer = Client().get("/readyz")

    assert answer.json()["checks"] == ALL_WELL | {"broker": "failing (ConnectionError)"}


def test_what_hangs_is_not_asked_again_and_the_others_still_are(monkeypatch):
    monkeypatch.setattr(health, "WAIT_SECONDS", 0.2)
    free, asked = threading.Event(), []

    def hang():
        asked.append(1)
        free.wait(10)
        return "ok"

    questions = {"hangs in this test": hang, "answers in this test": lambda: "ok"}
    expected = {"hangs in this test": "no answer in time", "answers in this test": "ok"}

    assert [health.ask_all(questions), health.ask_all(questions)] == [expected, expected]
    assert len(asked) == 1
    free.set()
    health._waiting["hangs in this test"].join(5)


def test_a_hundred_questions_in_a_moment_are_one(monkeypatch):
    asked = []
    monkeypatch.setattr(health, "KEEP_SECONDS", 60)
    monkeypatch.setattr(health, "ask_all", lambda: asked.append(1) or {"database": "ok"})

    assert {Client().get("/readyz").status_code for _ in range(100)} == {200}
    assert len(asked) == 1


def test_while_one_asks_the_others_get_the_last_answers(monkeypatch):
    kept, asking, go_on = health._Kept(), threading.Event(), threading.Event()
    kept.last = {"database": "ok"}

    def slow():
        asking.set()
        go_on.wait(5)
        return {"database": "failing"}

    monkeypatch.setattr(health, "ask_all", slow)
    thread = threading.Thread(target=kept.answers)
    thread.start()
    asking.wait(5)

    assert kept.answers() == {"database": "ok"}
    go_on.set()
    thread.join(5)
    assert kept.answers() == {"database": "failing"}


@pytest.mark.django_db
def test_demo_data_makes_production_red(world, settings):
    assert health.data() == "ok"
    settings.PRODUCTION = True
    assert health.data() == "demo data in production"


def test_a_cache_that_forgets_is_named(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert health.shared_cache() == "does not keep"


@pytest.mark.parametrize(("url", "answer"), [("memory://", "ok"), ("pyamqp://localhost:1//", None)])
def test_any_other_broker_is_asked_through_its_own_library(settings, url, answer):
    settings.CELERY_BROKER_URL = url
    app = Celery(broker=url, set_as_current=False)  # else whatever is sent afterwards goes there
    found: dict = {}

    with unittest.mock.patch("apframework.celery.app", app):
        health._ask(health.broker, found, "broker")

    assert found["broker"] == answer or (answer is None and found["broker"].startswith("failing ("))
