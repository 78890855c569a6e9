"""Fixtures of every test."""

from __future__ import annotations

import gc

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from hypothesis import settings as hypothesis

from apframework.celery import app
from monitoring.queries.alerts import WAITING
from tests import emptying
from tests.cast import World, make_world
from tests.patience import meet  # noqa: F401

# What is made up is the same at every run, so that a run that fails can be repeated and one that passed stays passed.
hypothesis.register_profile("portal", derandomize=True, deadline=None, print_blob=True)
hypothesis.load_profile("portal")

emptying.take_over()


NEEDS_A_DATABASE = {"db", "transactional_db", "live_server"}


def runs_here(item) -> bool:
    """Races need several writers at once, which SQLite never has; what says nothing of the database runs there alone
    (ADR 7)."""
    if settings.SQLITE:
        return item.get_closest_marker("race") is None
    needs_one = item.get_closest_marker("django_db") or NEEDS_A_DATABASE & set(item.fixturenames)
    return bool(needs_one) and item.get_closest_marker("once") is None


# Tests that walk through every page. Coverage is not measured while they run: what a rule, a state or an action does is
# shown by the tests of its own app, and measuring made these half as slow again. The matrix of rights does show what a
# permission says.
WALKS = ("tests/house/", "tests/browser/", "tests/bench/")
SHOWS_RIGHTS = "tests/house/test_access.py"


def tries(item) -> int:
    """How often a test that fails is tried again: only where one success proves what it says (ADR 7)."""
    if item.get_closest_marker("race") and item.name.startswith("test_without"):
        return 8
    return 1 if item.nodeid.startswith("tests/browser/") else 0


def pytest_collection_modifyitems(config, items):
    elsewhere = [item for item in items if not runs_here(item)]
    items[:] = [item for item in items if runs_here(item)]
    for item in items:
        if again := tries(item):
            item.add_marker(pytest.mark.flaky(reruns=again))
        if item.nodeid.startswith(WALKS) and not item.nodeid.startswith(SHOWS_RIGHTS):
            item.add_marker("no_cover")
    config.hook.pytest_deselected(items=elsewhere)


def pytest_collection_finish():
    """What was loaded by now stays to the end: Python need not look through it for garbage again and again, which took
    a fifth of every page."""
    assert app.conf.broker_url  # Celery reads its settings when first asked: not while a test has put others there
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        emptying.note_the_beginning()


@pytest.fixture(autouse=True)
def empty_cache():
    """Throttles count in the cache: each test starts with none. That nobody waits for an answer to an alert is known,
    as it is on nearly every page; tests of alerts ask (`tests/monitoring/conftest.py`)."""
    cache.clear()
    cache.set(WAITING, frozenset(), 3600)


@pytest.fixture
def world(db) -> World:
    """The standing cast, in its places."""
    return make_world()


@pytest.fixture
def sign_in():
    """`sign_in(world.alice)` gives a client that Alice is signed in with."""

    def client_of(user) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_of
