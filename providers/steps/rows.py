"""Writing into a row what somebody changed on its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model

from core.steps import step


@step
def change(row: Model, fields: Iterable[str], values: Mapping) -> list[str]:
    """Write these fields of a row that the caller has locked. Returns the names of those that changed."""
    changed = [name for name in fields if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    row.save()
    return changed
