"""What is wrong with a notice, and where in it."""

from __future__ import annotations

LONGEST_PATH = 200


class BadNotice(ValueError):
    """A sentence for the person who brought the notice, and the path in it as text: `tender.lots[0].id`.

    A path that is longer than anybody reads is cut in the middle."""

    def __init__(self, message: str, path: str = ""):
        super().__init__(message)
        half = LONGEST_PATH // 2 - 1
        self.message = message
        self.path = path if len(path) <= LONGEST_PATH else f"{path[:half]} … {path[-half:]}"
