"""What the portal could not read in a notice and left empty."""

from __future__ import annotations

from collections.abc import Iterator

from notices.rules import paths
from notices.rules.findings.shape import Finding, Side
from notices.rules.reader import Unread

MOST = 50


def find(unread: tuple[Unread, ...]) -> Iterator[Finding]:
    """One finding for each, up to fifty; then how many more there are."""
    for number, one in enumerate(unread[:MOST]):
        yield Finding(
            f"unread_{number}",
            "Something in the notice could not be understood",
            f"{one.why} The portal leaves it empty; the notice keeps it as published.",
            tuple(Side(paths.text(path), text) for path, text in ((one.path, one.text), *one.also)),
        )
    if len(unread) > MOST:
        left = len(unread) - MOST
        yield Finding(
            "unread_more",
            f"{left:,} more could not be understood",
            "The portal leaves them empty; the notice keeps them as published. So many are a sign that the file is not "
            "what it should be.",
            (Side(paths.text(unread[MOST].path), unread[MOST].text),),
        )
