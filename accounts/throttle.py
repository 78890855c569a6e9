"""Wrong passwords and wrong codes are slowed down, never locked out.

Failures are counted in the shared cache for each pair of account and client address. An attempt is counted before the
password is looked at, and where a wait is due the attempt itself takes the one place there is in that time
(`cache.add`), so that a hundred at once get no further than a hundred in a row. Whoever gets in clears the pair.
"""

from __future__ import annotations

import hashlib
import math
import time
import unicodedata
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.core.files import locks

from accounts.rules import sign_in as rules

FORGOTTEN_AFTER = 15 * 60  # seconds without another failure
ADDRESS_WINDOW = 10 * 60  # seconds


class Wait(Exception):
    """Too early: `seconds` are still to wait."""

    def __init__(self, seconds: int):
        super().__init__(f"You have tried too often. Wait {rules.in_words(seconds)}, then try again")
        self.seconds = seconds


def client_address(request) -> str:
    """Where the request came from (see the rule); a header counts only with `TRUSTED_PROXIES`."""
    return rules.client_address(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXIES
    )


def account_key(name: str) -> str:
    """One key for one account however it is spelled, and for a name that nobody has alike."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def take(request, *, kind: str, account: str) -> None:
    """Count an attempt before it is made. Raises `Wait` when it comes too early; it is then not looked at."""
    pair, place = _keys(request, kind, account)
    address = f"throttle:address:{_group(request)}"
    with _one_at_a_time():
        _refuse_while_taken(pair)
        of_address = _count(address, ADDRESS_WINDOW)
        if of_address > rules.ADDRESS_FAILURES and not cache.add(f"{address}:place", time.time() + 1, 1):
            raise Wait(1)
        wait = rules.wait_after(_count(pair, FORGOTTEN_AFTER))
        if wait and not cache.add(place, time.time() + wait, wait):
            _uncount(pair)
            _refuse_while_taken(pair)
            raise Wait(1)


def first_use(account: str, code: str) -> bool:
    """Whether this code of an app has not been used: allauth remembers one for half a minute, and a code lives for
    a minute and a half with the tolerance that clocks are given."""
    lives = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    digest = hashlib.sha256(f"{account}|{code}".encode()).hexdigest()
    with _one_at_a_time():
        return cache.add(f"throttle:used:{digest}", 1, lives)


def forgive(request, *, kind: str, account: str) -> None:
    """The right password or code: the pair starts afresh, and the attempt was no failure of the address."""
    pair, place = _keys(request, kind, account)
    with _one_at_a_time():
        cache.delete_many([pair, place])
        _uncount(f"throttle:address:{_group(request)}")


def _group(request) -> str:
    return rules.address_group(client_address(request))


def _keys(request, kind: str, account: str) -> tuple[str, str]:
    digest = hashlib.sha256(f"{account_key(account)}|{_group(request)}".encode()).hexdigest()
    pair = f"throttle:{kind}:{digest}"
    return pair, f"{pair}:place"


def _refuse_while_taken(pair: str) -> None:
    until = cache.get(f"{pair}:place")
    left = math.ceil(until - time.time()) if until else 0
    if left > 0:
        raise Wait(left)


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        number = cache.incr(key)
    except ValueError:  # it ran out between the two lines
        cache.set(key, 1, seconds)
        return 1
    if seconds == FORGOTTEN_AFTER:
        cache.touch(key, seconds)
    return number


def _uncount(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:  # it ran out: nothing is left to take back
        return


@contextmanager
def _one_at_a_time():
    """Redis counts and takes places in one step each. The cache of a demo is a folder of files, where each of these is
    two steps: there a lock on one file stands in."""
    if settings.REDIS_URL:
        yield
        return
    with open(settings.VAR / "throttle.lock", "w") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            yield
        finally:
            locks.unlock(file)
