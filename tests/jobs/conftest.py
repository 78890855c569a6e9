"""Fixtures of jobs."""

from __future__ import annotations

import pytest

from tests.jobs import work


@pytest.fixture(autouse=True)
def kinds(settings):
    """The kinds of work that these tests know."""
    settings.JOBS = work.KINDS


@pytest.fixture
def plan(monkeypatch):
    """`plan(function)`: what the work does, called with the job and its progress."""

    def make(function):
        monkeypatch.setitem(work.plan, "do", function)

    make(lambda job, progress: "All of it")
    return make
