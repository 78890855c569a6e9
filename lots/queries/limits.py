"""Reads about changes of a framework's limits."""

from __future__ import annotations

from lots.models import Decision, Framework

# What a decision is about.
ASKED, CHANGED = "limit_asked", "limit_changed"


def asked_of(framework: Framework) -> Decision | None:
    """The change that waits for a second person, or None."""
    return framework.decisions.filter(about=ASKED, replaced_at=None).select_related("decided_by").first()
