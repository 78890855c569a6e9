"""The mark on a step: a shared write that refuses to run outside an action's transaction."""

from __future__ import annotations

import functools

from django.db import connection


class NoTransaction(RuntimeError):
    """A step was called by itself; only an action, which owns the transaction, may call it."""


def step(function):
    """Refuse to run outside a transaction."""

    @functools.wraps(function)
    def inside(*args, **kwargs):
        if not connection.in_atomic_block:
            raise NoTransaction(f"{function.__module__}.{function.__name__} is a step: call it from an action")
        return function(*args, **kwargs)

    inside.is_step = True
    return inside
