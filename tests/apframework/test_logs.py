"""No line of any log holds personal data. Each test puts a canary where a person's data would be, and looks for it."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from core.access import public
from core.logs import Discreet, JsonLines

CANARY = "canary-1b9f"


@public("a test")
def breaks(request, token=""):
    """A view that breaks with a pupil's name in its variables and in the exception."""
    pupil = f"Pupil {CANARY}"
    try:
        raise KeyError(pupil)
    except KeyError as error:
        raise ValueError(f"{pupil} is not enrolled") from error


@public("a test")
def answers(request, token=""):
    """A view that answers."""
    return HttpResponse("fine")


urlpatterns = [
    path("breaks/<token>/", breaks, name="breaks"),
    path("answers/<token>/", answers, name="answers"),
]
handler404 = "django.views.defaults.page_not_found"
handler500 = "django.views.defaults.server_error"


@pytest.fixture
def lines():
    """What our handler writes, of every logger, at every level."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    handler.addFilter(Discreet())
    names = ["", "django", "portal", "celery", "gunicorn.error"]
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    for logger, _ in before:
        if logger.parent is None or not logger.propagate:
            logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for logger, level in before:
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.fixture
def ours(db):
    with override_settings(ROOT_URLCONF=__name__, THIRD_PARTY_DOORS="tests.apframework.test_logs.NONE"):
        yield


NONE: dict = {}


def test_a_request_is_one_line_with_its_route_and_not_its_address(ours, lines):
    Client().post(f"/answers/{CANARY}/?email={CANARY}", {"email": CANARY}, headers={"User-Agent": CANARY})

    (line,) = [line for line in lines() if line["logger"] == "portal.requests"]
    assert {name: line[name] for name in ("message", "method", "route", "status", "person")} == {
        "message": "request",
        "method": "POST",
        "route": "answers/<token>/",
        "status": 200,
        "person": None,
    }
    assert CANARY not in json.dumps(lines())


def test_an_error_is_logged_with_its_types_and_places_and_not_with_its_words(ours, lines):
    Client(raise_request_exception=False).post(f"/breaks/{CANARY}/?q={CANARY}", {"name": CANARY})

    (line,) = [line for line in lines() if line["logger"] == "django.request"]
    assert (line["message"], line["route"]) == ("error 500", "breaks/<token>/")
    where = line["exc_info"].splitlines()
    assert [text for text in where if not text.startswith(" ")] == ["builtins.ValueError", "builtins.KeyError"]
    assert "test_logs.py" in line["exc_info"]
    assert CANARY not in json.dumps(lines())


@pytest.mark.parametrize("address", [f"/nothing/{CANARY}/", f"/answers/{CANARY}", "/%00" + CANARY])
def test_an_address_that_leads_nowhere_is_not_repeated(ours, lines, address):
    Client().get(address)

    assert len(lines()) > 0
    assert CANARY not in json.dumps(lines())


def test_a_host_that_is_not_ours_is_not_repeated(ours, lines):
    Client().get("/answers/x/", headers={"Host": f"{CANARY}.example"})

    assert {line["logger"] for line in lines()} >= {"django.security.DisallowedHost"}
    assert CANARY not in json.dumps(lines())


@pytest.mark.parametrize(
    ("logger", "level", "message", "args", "kept"),
    [
        ("somebody.else", logging.WARNING, "no such person: %s", (CANARY,), "no such person: %s (test_logs.py:"),
        ("somebody.else", logging.WARNING, f"no such person: {CANARY}", (), "a library's message (test_logs.py:"),
        ("somebody.else", logging.WARNING, "100 % of %s", (CANARY,), "100 % of %s (test_logs.py:"),
        ("gunicorn.error", logging.ERROR, "Error handling request %s", (f"/{CANARY}",), "Error handling request %s ("),
        ("gunicorn.error", logging.INFO, "Listening at: %s", ("http://127.0.0.1",), "Listening at: http://127.0.0.1"),
        ("celery.worker", logging.WARNING, "lost %r", (CANARY,), "lost %r ("),
        ("celery.beat", logging.INFO, "Sending due task %s", ("outbox-mail",), "Sending due task outbox-mail"),
        ("portal.outbox", logging.WARNING, "swept", (), "swept"),
    ],
)
def test_what_libraries_say_keeps_its_form_and_loses_what_was_filled_in(lines, logger, level, message, args, kept):
    logging.getLogger(logger).log(level, message, *args)

    assert lines()[-1]["message"].startswith(kept)
    assert CANARY not in json.dumps(lines())


def test_a_task_that_fails_is_named_without_its_arguments(lines):
    from apframework.celery import app

    @app.task(name="tests.fails")
    def fails(who):
        raise ValueError(f"{who} is missing")

    fails.apply(args=[CANARY])
    app.tasks.unregister("tests.fails")

    failed = [line for line in lines() if line["message"] == "task failed"]
    assert [line["task"] for line in failed] == ["tests.fails"]
    assert "builtins.ValueError" in failed[0]["exc_info"]
    assert CANARY not in json.dumps(lines())


@pytest.mark.django_db
def test_a_tick_that_fails_says_where(lines, settings):
    settings.TICK = ["tests.apframework.test_logs.fails"]

    with pytest.raises(Exception, match="Failed"):
        call_command("tick")

    line = lines()[-1]
    assert (line["message"], line["what"]) == ("tick failed", "tests.apframework.test_logs.fails")
    assert CANARY not in json.dumps(lines())


def fails():
    """A step of a tick that breaks."""
    raise ZeroDivisionError(CANARY)


def test_times_are_utc_and_levels_have_names(lines):
    logging.getLogger("portal.test").info("here")

    line = lines()[-1]
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "portal.test", "here")
    assert line["at"].endswith("+00:00")
    assert set(line) == {"at", "level", "logger", "message"}


def test_an_endless_chain_of_causes_ends():
    one, two = ValueError("1"), KeyError("2")
    one.__cause__, two.__cause__ = two, one

    assert JsonLines().formatException((ValueError, one, None)) == "builtins.ValueError\nbuiltins.KeyError"
    assert JsonLines().formatStack(CANARY) == ""
