"""The two wrappings of a framework's key, put on and taken off again. What comes in as a passphrase is stretched and
forgotten."""

from __future__ import annotations

import hmac
import os

from django.conf import settings

from core import crypto
from core.crypto import SealBroken
from core.steps import step
from lots.models import Framework
from lots.queries.sealing import key_of, mark_of
from lots.rules import recovery as rules
from lots.rules.recovery import RecoveryFile
from lots.rules.refusals import Refused

OUT_OF_REACH = "What the portal kept of the recovery file cannot be read any more. Begin it again"
WRONG = "This passphrase does not open the file. Type it as it was typed when the file was made"


@step
def keep(*, framework_id: int, plain: bytes) -> bytes:
    """What the next step needs, sealed by `SEAL_KEYS` besides its own wrapping."""
    return crypto.seal(plain, purpose=f"recovery:{framework_id}")


@step
def kept(*, framework_id: int, blob: bytes) -> bytes:
    """What was kept. Raises `Refused` where `SEAL_KEYS` no longer opens it."""
    try:
        return crypto.unseal(blob, purpose=f"recovery:{framework_id}")
    except SealBroken as error:
        raise Refused(OUT_OF_REACH) from error


@step
def wrap_first(*, framework_id: int, passphrase: str) -> bytes:
    """The framework's key under the first passphrase, after its salt."""
    salt, cost = os.urandom(rules.SALT_BYTES), settings.RECOVERY_COST
    key = crypto.stretched(passphrase, salt=salt, cost=cost)
    return salt + crypto.seal_with(key, key_of(framework_id), purpose=rules.purpose(framework_id, cost, salt))


@step
def wrap_second(*, framework: Framework, first: bytes, passphrase: str) -> RecoveryFile:
    """The file: what the first person left, under the second passphrase."""
    one, wrapped = first[: rules.SALT_BYTES], first[rules.SALT_BYTES :]
    two, cost = os.urandom(rules.SALT_BYTES), settings.RECOVERY_COST
    key = crypto.stretched(passphrase, salt=two, cost=cost)
    sealed = crypto.seal_with(key, wrapped, purpose=rules.purpose(framework.pk, cost, one, two))
    return RecoveryFile(framework.pk, framework.title, cost, (one, two), sealed)


@step
def open_second(*, file: RecoveryFile, passphrase: str) -> bytes:
    """The outer wrapping is taken off. Raises `Refused` for a wrong passphrase or a file that was changed."""
    return _opened(passphrase, file.salts[1], file.sealed, file, file.salts)


@step
def open_first(*, file: RecoveryFile, inner: bytes, passphrase: str) -> bytes:
    """The inner wrapping is taken off: the key. Raises `Refused` for a wrong passphrase."""
    return _opened(passphrase, file.salts[0], inner, file, file.salts[:1])


@step
def check_same(*, framework_id: int, key: bytes) -> None:
    """Raise `Refused` unless this is the key that the framework's applications are sealed with."""
    try:
        same = hmac.compare_digest(mark_of(key_of(framework_id)), mark_of(key))
    except SealBroken as error:
        raise Refused(OUT_OF_REACH) from error
    if not same:
        raise Refused(rules.VOID_FILE)


def _opened(passphrase: str, salt: bytes, blob: bytes, file: RecoveryFile, salts: tuple[bytes, ...]) -> bytes:
    key = crypto.stretched(passphrase, salt=salt, cost=file.cost)
    try:
        return crypto.unseal_with(key, blob, purpose=rules.purpose(file.framework, file.cost, *salts))
    except SealBroken as error:
        raise Refused(WRONG, field="passphrase") from error
