"""Writing the record. `from audit import steps as audit`, then `audit.record(...)` inside an action's transaction."""

from __future__ import annotations

import datetime as dt

from audit import rules
from audit.models import Event
from core import clock
from core.steps import step


@step
def record(
    action: str,
    *,
    by,
    about=None,
    organisation=None,
    data: dict | None = None,
    at: dt.datetime | None = None,
) -> Event:
    """Write down that `by` did `action` to `about`, in the caller's transaction: if this fails, nothing is saved.

    `action` is `app.noun.verb` in the past tense. `about` is any saved row; `organisation` the row or the id of the
    organisation in whose record this belongs. `data` holds ids and labels only; raises `BadData` for anything else.
    """
    rules.check_data(data or {})
    person = by if hasattr(by, "pk") else None
    return Event.objects.create(
        at=at or clock.now(),
        action=action,
        by=person,
        by_label="" if person else str(by),
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        organisation_id=getattr(organisation, "pk", organisation),
        data=data or {},
    )
