"""What is said no to when a notice is brought in, with what is to be done next."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(ValueError):
    """It cannot be done as things are; the message is for the person who asked."""


class Unanswered(ValueError):
    """Something is still to be said. `missing` is the code of a finding, or `buyer`, → what is missing."""

    def __init__(self, missing: Mapping[str, str]):
        super().__init__("; ".join(f"{code}: {words}" for code, words in missing.items()))
        self.missing = dict(missing)
