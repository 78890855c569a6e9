"""Freezing: the one way in which a document becomes bytes, its hash, and how long it looks from outside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from lots.states import OnExpiry
from providers.rules.bid import READ

# What a submission adds to the document: it is left out where two contents are compared.
STAMPED = ("nonce", "submitted_at", "reference", "submission", READ)
EFFECTS = (OnExpiry.NOTHING, OnExpiry.WARN, OnExpiry.HOLD, OnExpiry.SUSPEND)  # the lightest first
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


def given_for(document: Mapping) -> dict[int, set[int]]:
    """For each version of a document in a submission the evidence for which it was given, by their keys. One that was
    given in another's place (a registered school's inspection report) was given for none."""
    found: dict[int, set[int]] = {}
    for standard in document.get("standards", ()):
        for values in (standard, *standard.get("for_lots", {}).values()):
            for row in values.get("evidence", ()):
                if row.get("asked"):
                    found.setdefault(row["version"], set()).add(row["asked"])
    return found


def heaviest(evidence: Iterable[int], effects: Mapping[int, str]) -> int | None:
    """Of this evidence the one whose end has the heaviest effect, the first of those that are alike; None where the
    framework has none of it. `effects` are those of `OnExpiry` by key."""
    known = sorted(one for one in evidence if one in effects)
    return max(known, key=lambda one: EFFECTS.index(effects[one]), default=None)
