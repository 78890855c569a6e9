"""Who may do what with the record."""

from __future__ import annotations


def can_seal(user) -> bool:
    """Nobody: the portal seals by itself."""
    return False


def can_be_seen_reading(user, thing) -> bool:
    """Whoever is shown a thing can be written down as having seen it; the page's own door decided that they may."""
    return True
