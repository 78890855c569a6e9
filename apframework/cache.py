"""Redis as the cache; while it is away, a memory of this process stands in, so that people can still sign in.

Failed sign-ins are still counted and slowed, by each process for itself: somebody who guesses gets as many times
further as there are processes, for as long as the outage lasts. `/readyz` asks Redis itself (`shared`) and is red
meanwhile.
"""

from __future__ import annotations

import logging
import time

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger("portal.cache")
ASKED_AGAIN_AFTER = 5.0  # seconds: nobody waits for each call of a request that Redis does not answer


class _Outage:
    """Until when Redis is not asked, for all threads of this process."""

    until = 0.0


def _steady(name: str):
    def method(self, *args, **kwargs):
        if time.monotonic() >= _Outage.until:
            try:
                return getattr(self.shared, name)(*args, **kwargs)
            except redis.RedisError:
                _Outage.until = time.monotonic() + ASKED_AGAIN_AFTER
                log.exception("the shared cache does not answer")
        return getattr(self.own, name)(*args, **kwargs)

    method.__name__ = name
    return method


class Redis(RedisCache):
    """Django's own, with something to fall back on."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self.shared = RedisCache(server, params)
        self.own = LocMemCache("while-redis-is-away", {"OPTIONS": {"MAX_ENTRIES": 20_000}})

    for _name in ("add", "get", "set", "touch", "delete", "has_key", "incr", "get_many", "set_many", "delete_many"):
        locals()[_name] = _steady(_name)
    clear = _steady("clear")
