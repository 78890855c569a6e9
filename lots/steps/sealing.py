"""A framework gets its key, and a key its wrapping."""

from __future__ import annotations

import datetime as dt

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.steps import step
from lots.models.sealing import SealKey
from lots.queries.sealing import mark_of, wrapped


@step
def make_key(*, framework, by, at: dt.datetime) -> SealKey:
    """A fresh key of 256 bits, wrapped by `SEAL_KEYS`, in place of the one before. Only while a framework is set up:
    what was sealed under the key before is lost."""
    key = AESGCM.generate_key(bit_length=256)
    made, _ = SealKey.objects.update_or_create(
        framework=framework,
        defaults={
            "wrapped": wrapped(framework.pk, key),
            "mark": mark_of(key),
            "made_at": at,
            "made_by": by,
        },
    )
    return made


@step
def wrap_key(*, row: SealKey, key: bytes) -> SealKey:
    """The same key, wrapped by the newest of `SEAL_KEYS`."""
    row.wrapped = wrapped(row.framework_id, key)
    row.save(update_fields=["wrapped"])
    return row
