"""Fixtures of tests of monitoring."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from monitoring.queries.alerts import WAITING


@pytest.fixture(autouse=True)
def _who_waits_is_asked(empty_cache):
    """Nobody knows yet who is asked for an answer to an alert: the first page asks."""
    cache.delete(WAITING)
