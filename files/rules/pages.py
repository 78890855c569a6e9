"""Which files have pages that can be looked at, and how often drawing them is tried."""

from __future__ import annotations

from files.states import FileKind

# What a browser shows as pictures. Word, Excel, PowerPoint and OpenDocument files look different in every program, so
# that only their own shows what was meant: they are downloaded.
DRAWN = frozenset({FileKind.PDF, FileKind.PNG, FileKind.JPEG})
LEASE = 180  # seconds that one file may take; then another worker takes it up
TRIES = 3
WAIT = 60  # seconds until the next try


def given_up(tries: int) -> bool:
    """Whether a file taken up so many times is not tried again. Those times when the worker itself ended count too."""
    return tries > TRIES
