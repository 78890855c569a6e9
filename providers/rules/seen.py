"""Two tabs on one form: each says what it saw when it was opened, and whoever comes second is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


class Changed(Exception):
    """Somebody saved this since the page was opened. Nothing was overwritten; `now` is what stands."""

    def __init__(self, now: Mapping):
        super().__init__("This was changed since you opened it")
        self.now = now


def fingerprint(values: Mapping) -> str:
    """What a page saw, in a few characters: the same values give the same, whatever their order."""
    text = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def check_unchanged(seen: str, now: Mapping) -> None:
    """Raise `Changed` unless the page saw what stands."""
    if seen != fingerprint(now):
        raise Changed(now)
