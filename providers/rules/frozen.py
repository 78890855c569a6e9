"""Freezing: the one way in which a document becomes bytes, its hash, and how long it looks from outside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from providers.rules.bid import READ

# What a submission adds to the document: it is left out where two contents are compared.
STAMPED = ("nonce", "submitted_at", "reference", "submission", READ)
# Bytes. What is sealed is filled up to the next whole page, so that its length does not tell how many lots are in it.
PAGE = 16 * 1024


def canonical(document: Mapping) -> bytes:
    """Keys sorted, no spaces, UTF-8: the same document is the same bytes, anywhere and at any time."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def parsed(raw: bytes) -> dict:
    """The document back."""
    return json.loads(raw.decode("utf-8", "surrogatepass"))


def sha256_of(raw: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def content_of(document: Mapping) -> str:
    """What was submitted, without when and under which number: equal for the same content sent twice."""
    kept = {name: value for name, value in document.items() if name not in STAMPED}
    return sha256_of(canonical(kept))


def padded(raw: bytes) -> bytes:
    """Filled up with spaces to a whole number of pages."""
    return raw + b" " * (-len(raw) % PAGE)


def unpadded(raw: bytes) -> bytes:
    """As it was: a document ends with a bracket."""
    return raw.rstrip(b" ")
