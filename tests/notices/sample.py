"""The project's own sample of a framework notice, as a tree that a test may change by paths."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from notices.rules import paths, tree
from notices.rules.findings import Finding, find
from notices.rules.understand import Understanding, understand

FILE = Path(settings.BASE_DIR) / "notices" / "samples" / "framework-release.json"
REAL = Path(settings.BASE_DIR).parent / "shared" / "notices"
TODAY = dt.date(2026, 3, 20)
GONE = object()


def body() -> bytes:
    return FILE.read_bytes()


def release() -> dict:
    return tree.read(body())


def with_changes(changes: dict[str, object]) -> dict:
    """The sample with other values at these paths; GONE takes a key out. Whole numbers stand for the notice's own."""
    changed = release()
    for written, value in changes.items():
        path = paths.parse(written)
        holder = paths.get(changed, path[:-1])
        if value is GONE:
            del holder[path[-1]]
        elif isinstance(path[-1], int) and path[-1] == len(holder):
            holder.append(numbers(value))
        else:
            holder[path[-1]] = numbers(value)
    return changed


def numbers(value: object) -> object:
    """As `tree.read` gives it: every number a `Decimal`."""
    if isinstance(value, dict):
        return {key: numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [numbers(one) for one in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def understood(changes: dict[str, object] | None = None) -> Understanding:
    return understand(with_changes(changes or {}))


def findings(changes: dict[str, object] | None = None, *, today: dt.date = TODAY) -> dict[str, Finding]:
    """What is found in the changed sample, by code."""
    changed = with_changes(changes or {})
    return {finding.code: finding for finding in find(changed, understand(changed), today=today)}
