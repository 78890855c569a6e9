"""The thirty minutes: breaches written down, whoever answers told, providers reminded, alerts answered."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access, crypto
from monitoring.models import Alert
from monitoring.permissions import alerts as permissions
from monitoring.rules import alarms as rules
from monitoring.steps import alarms as steps
from monitoring.steps import telling


@transaction.atomic(durable=True)
def write_breaches(*, by: access.System, at: dt.datetime) -> int:
    """Write down registers that are not taken, and absences that nobody was told of, 30 minutes after the start.
    Returns how many. May run at any time and beside itself."""
    access.require(nobody, by, systems=(permissions.SOUND,))
    return steps.write_breaches(by=by, at=at)


@transaction.atomic(durable=True)
def tell(*, by: access.System, at: dt.datetime) -> int:
    """Tell the next of those who answer for alerts whose moment has come, some of them at a time. Returns how many
    alerts were taken; 0 says that nothing is left. May run at any time and beside itself."""
    access.require(nobody, by, systems=(permissions.SOUND,))
    taken, messages = telling.tell(at=at)
    if taken:
        audit.record("monitoring.alert.told", by=by, data={"alerts": taken, "messages": messages}, at=at)
    return taken


@transaction.atomic(durable=True)
def nudge(*, by: access.System, at: dt.datetime) -> int:
    """Remind providers of registers that are not taken after 20 minutes. Returns how many sessions were taken; 0 says
    that nothing is left. May run at any time and beside itself."""
    access.require(nobody, by, systems=(permissions.SOUND,))
    taken, letters = telling.nudge(at=at)
    if taken:
        audit.record("monitoring.register.nudged", by=by, data={"sessions": taken, "letters": letters}, at=at)
    return taken


@transaction.atomic(durable=True)
def acknowledge(*, alert: Alert, done: str, by: User, at: dt.datetime) -> None:
    """Answer an alert with what was done, and with it whatever else waits about the same session. Nobody more is told.
    Raises `Refused`."""
    rows = Alert.objects.standing().filter(session=alert.session_id).order_by("pk")
    same = {one.pk: one for one in rows.select_for_update(of=("self",))}
    alert = same.get(alert.pk) or Alert.objects.locked(alert.pk)
    forget_roles(by)
    access.require(permissions.can_answer, by, alert)
    rules_open = alert.acknowledged_at is None and alert.undone_at is None
    answered_by = alert.acknowledged_by.name if alert.acknowledged_by else ""
    words = rules.check_answer(is_open=rules_open, by=answered_by, done=done)
    for one in [row for row in same.values() if row.acknowledged_at is None]:
        one.acknowledged_at, one.acknowledged_by, one.tell_at = at, by, None
        one.done = crypto.sealed_text(one, "done", words)
        one.save(update_fields=["acknowledged_at", "acknowledged_by", "tell_at", "done"])
        about = {"about": one, "organisation": one.commissioner_id}
        audit.record("monitoring.alert.acknowledged", by=by, data={"kind": one.kind}, at=at, **about)
