"""Sealing under a framework's own key. Who may call `unseal_for` and `key_of` is on a list in a house test: the
provider's own read of its bid, the recorded opening, and the making and trying of the recovery file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from core import crypto
from core.crypto import SealBroken
from lots.models.frameworks import Framework
from lots.models.sealing import Recovery, SealKey
from lots.rules.recovery import Standing

PURPOSE = "framework-key"


def key_of(framework_id: int) -> bytes:
    """The framework's key. Raises `SealBroken` where it has none, or none that `SEAL_KEYS` can unwrap."""
    row = SealKey.objects.filter(framework=framework_id).first()
    if row is None:
        raise SealBroken
    return key_in(row)


def key_in(row: SealKey) -> bytes:
    """The key in its wrapping. Raises `SealBroken`."""
    return crypto.unseal(row.wrapped, purpose=f"{PURPOSE}:{row.framework_id}")


def wrapped(framework_id: int, key: bytes) -> bytes:
    """A framework's key, wrapped by the newest of `SEAL_KEYS`."""
    return crypto.seal(key, purpose=f"{PURPOSE}:{framework_id}")


def mark_of(key: bytes) -> str:
    """By which a key is known again."""
    return hashlib.sha256(b"framework-key-mark" + key).hexdigest()


def has_key(framework: Framework) -> bool:
    """Whether what is sealed for it could be opened: it has a key, and `SEAL_KEYS` unwrap it."""
    try:
        key_in(framework.seal_key)
    except (SealKey.DoesNotExist, SealBroken):
        return False
    return True


def seal_for(framework_id: int, plain: bytes, *, purpose: str) -> bytes:
    """Encrypt under the framework's key (AES-GCM, random nonce, `purpose` bound in). Raises `SealBroken` where the
    framework has no key."""
    return crypto.seal_with(key_of(framework_id), plain, purpose=purpose)


def unseal_for(framework_id: int, blob: bytes, *, purpose: str) -> bytes:
    """Decrypt. Raises `SealBroken` for a blob that was changed, made for another purpose or another framework."""
    return crypto.unseal_with(key_of(framework_id), blob, purpose=purpose)


def unseal_each(framework_id: int, sealed: Iterable[tuple[bytes, str]]) -> list[bytes | None]:
    """Decrypt many, each a blob with its purpose, and read the framework's key once. None stands for a blob that was
    changed or made for something else. Raises `SealBroken` where the key cannot be read."""
    key = key_of(framework_id)
    return [_plain(key, blob, purpose) for blob, purpose in sealed]


def _plain(key: bytes, blob: bytes, purpose: str) -> bytes | None:
    try:
        return crypto.unseal_with(key, blob, purpose=purpose)
    except SealBroken:
        return None


def all_unreadable(*states: str) -> list[int]:
    """The frameworks in these states whose key is missing or cannot be unwrapped, by number. For whoever runs the
    deployment: it says nothing of what is sealed. One query."""
    rows = Framework.objects.filter(state__in=states).select_related("seal_key").order_by("pk")
    return [framework.pk for framework in rows if not has_key(framework)]


def recovery_of(framework: Framework) -> Recovery | None:
    """The recovery file that stands, with its two people, or None."""
    return framework.recoveries.filter(replaced_at=None).select_related("first", "second").first()


def voided_of(framework: Framework) -> list[Recovery]:
    """The recovery files that were begun before it, newest first: they open nothing any more."""
    return list(framework.recoveries.exclude(replaced_at=None).select_related("first", "second").order_by("-id")[:20])


def standing(recovery: Recovery | None) -> Standing | None:
    """It as the rules see it."""
    if recovery is None:
        return None
    return Standing(recovery.pk, recovery.state, recovery.first_id, recovery.second_id)
