"""Writing the record. `from audit import steps as audit`, then `audit.record(...)` inside an action's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Model

from audit import rules
from audit.models import Event
from core import clock
from core.steps import step

AT_ONCE = 500


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
    event = _event(action, by, about, organisation, data or {}, at or clock.now())
    event.save(force_insert=True)
    return event


@step
def record_each(action: str, *, by, rows: Iterable[tuple[Model, dict]], organisation, at: dt.datetime) -> None:
    """The same of many rows at once, each with its own data: an event for every row, a few hundred to a statement."""
    Event.objects.bulk_create(
        [_event(action, by, about, organisation, data, at) for about, data in rows], batch_size=AT_ONCE
    )


def _event(action: str, by, about, organisation, data: dict, at: dt.datetime) -> Event:
    rules.check_data(data)
    person = by if hasattr(by, "pk") else None
    return Event(
        at=at,
        action=action,
        by=person,
        by_label="" if person else str(by),
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        organisation_id=getattr(organisation, "pk", organisation),
        data=data,
    )
