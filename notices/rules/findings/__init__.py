"""What in a notice contradicts itself, the law or the calendar, and what it leaves open though it decides who wins."""

from __future__ import annotations

import datetime as dt

from notices.rules.findings import figures, law, parts, timing, unread, winners
from notices.rules.findings.shape import CHOOSE, NOTE, REASON, Finding, Notice, Option, Side
from notices.rules.understand import Understanding

__all__ = ["CHOOSE", "NOTE", "REASON", "Finding", "Option", "Side", "find"]

_FIRST = {CHOOSE: 0, REASON: 1, NOTE: 2}


def find(tree: dict, understanding: Understanding, *, today: dt.date) -> tuple[Finding, ...]:
    """Every finding of a release: choices first, then what wants a reason, then what is only said.

    Of a notice that sets up no framework, only its measures and what could not be read."""
    found = list(figures.measures(tree))
    if understanding.facts is not None:
        notice = Notice(tree, understanding, understanding.facts)
        found += winners.find(notice)
        found += parts.find(notice)
        found += law.find(notice)
        found += figures.find(notice)
        found += timing.find(notice, today=today)
    found += unread.find(understanding.unread)
    return tuple(sorted(found, key=lambda finding: _FIRST[finding.effect]))
