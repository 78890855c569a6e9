"""Fixtures of every test."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client, TransactionTestCase
from hypothesis import settings as hypothesis

from tests.cast import World, make_world

# What is made up is the same at every run, so that a run that fails can be repeated and one that passed stays passed.
hypothesis.register_profile("portal", derandomize=True, deadline=None, print_blob=True)
hypothesis.load_profile("portal")

_empty_the_tables = TransactionTestCase._fixture_teardown


def _empty_the_tables_of_the_record_too(case):
    """Tests with real transactions end by emptying every table, which the record's triggers refuse: these tests alone
    drop them, and put them back."""
    from audit import triggers

    for alias in case._databases_names(include_mirrors=False):
        triggers.remove(connections[alias])
    try:
        _empty_the_tables(case)
    finally:
        for alias in case._databases_names(include_mirrors=False):
            triggers.install(connections[alias])


TransactionTestCase._fixture_teardown = _empty_the_tables_of_the_record_too


def pytest_collection_modifyitems(config, items):
    """Races need several writers at once, which SQLite never has: there they are left out (ADR 7)."""
    if settings.SQLITE:
        races = [item for item in items if item.get_closest_marker("race")]
        items[:] = [item for item in items if item not in races]
        config.hook.pytest_deselected(items=races)


@pytest.fixture(autouse=True)
def empty_cache():
    """Throttles count in the cache: each test starts with none."""
    cache.clear()


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
