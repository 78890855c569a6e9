"""Fixtures of every test."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import World, make_world


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
