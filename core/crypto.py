"""Sealing: AES-GCM under the keys of `SEAL_KEYS` (environment only, newest first, never in the database).

A sealed blob is: 4 bytes of key name, 12 bytes of nonce, ciphertext with its tag. The purpose is bound in as associated
data, so that a blob made for one use cannot be passed off in another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class SealBroken(Exception):
    """The blob was changed, was made for another purpose, or its key is gone."""


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"seal-key-name" + key).digest()[:4]


def _keys() -> list[bytes]:
    return [base64.urlsafe_b64decode(key) for key in settings.SEAL_KEYS]


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Encrypt under the newest key."""
    key = _keys()[0]
    nonce = os.urandom(12)
    return _name(key) + nonce + AESGCM(key).encrypt(nonce, plain, purpose.encode())


def unseal(blob: bytes, *, purpose: str) -> bytes:
    """Decrypt with whichever of the keys made it. Raises `SealBroken`."""
    blob = bytes(blob)
    for key in _keys():
        if hmac.compare_digest(_name(key), blob[:4]):
            try:
                return AESGCM(key).decrypt(blob[4:16], blob[16:], purpose.encode())
            except InvalidTag as error:
                raise SealBroken from error
    raise SealBroken


def fingerprint(text: str, *, purpose: str) -> str:
    """A keyed hash (HMAC-SHA-256, hex) by which an encrypted value can be looked up without being readable.

    Made with `FINGERPRINT_KEY`, which is not rotated: changing it would orphan every stored fingerprint."""
    key = base64.urlsafe_b64decode(settings.FINGERPRINT_KEY)
    return hmac.new(key, purpose.encode() + b"\0" + text.encode(), hashlib.sha256).hexdigest()


def is_newest(blob: bytes) -> bool:
    """Whether `seal` made it under the key that stands first now."""
    return hmac.compare_digest(_name(_keys()[0]), bytes(blob)[:4])


def seal_with(key: bytes, plain: bytes, *, purpose: str) -> bytes:
    """Encrypt under a key of 32 bytes that is none of `SEAL_KEYS`: 12 bytes of nonce, ciphertext with its tag."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, purpose.encode())


def unseal_with(key: bytes, blob: bytes, *, purpose: str) -> bytes:
    """Decrypt what `seal_with` made. Raises `SealBroken`."""
    blob = bytes(blob)
    if len(blob) < 28:  # a nonce and a tag
        raise SealBroken
    try:
        return AESGCM(key).decrypt(blob[:12], blob[12:], purpose.encode())
    except InvalidTag as error:
        raise SealBroken from error


def stretched(passphrase: str, *, salt: bytes, cost: int) -> bytes:
    """A key of 32 bytes out of a passphrase (scrypt, RFC 7914; r=8, p=1, N = 2 to the `cost`: 17 takes 128 MB and about
    half a second). The passphrase in one spelling (NFKC), so that it is the same from every keyboard."""
    text = unicodedata.normalize("NFKC", passphrase).encode()
    return hashlib.scrypt(text, salt=salt, n=2**cost, r=8, p=1, maxmem=2 ** (cost + 11), dklen=32)


def text_of(row, field: str) -> str:
    """What is sealed in one field of a row of a model; nothing is nothing. Raises `SealBroken`."""
    blob = getattr(row, field)
    return unseal(blob, purpose=_purpose(row, field)).decode() if blob else ""


def sealed_text(row, field: str, text: str) -> bytes:
    """For that field; the row has its id. Nothing is sealed as nothing."""
    return seal(text.encode(), purpose=_purpose(row, field)) if text else b""


def _purpose(row, field: str) -> str:
    return f"{row._meta.app_label}.{row._meta.model_name}.{field}:{row.pk}"
