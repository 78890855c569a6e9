"""What people and the calendar do to messages. Sending itself stands in `outbox.delivery`."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from audit import steps as audit
from core import access
from outbox import permissions, rules
from outbox.models import Message
from outbox.states import State


@transaction.atomic(durable=True)
def retry_message(*, message, by, at: dt.datetime) -> Message:
    """Put a message that was given up back in the outbox, with all its tries before it. Raises `Denied` when it is no
    longer one, or when what it said has been destroyed."""
    message = Message.objects.locked(message.pk)
    access.require(permissions.can_retry, by, message)
    message.state, message.attempts, message.last_error = State.DUE, 0, ""
    message.due_at = message.try_at = at
    message.over_at = None
    message.save(update_fields=["state", "attempts", "last_error", "due_at", "try_at", "over_at"])
    audit.record(
        "outbox.message.retried",
        by=by,
        about=message,
        organisation=message.organisation_id,
        data={"key": message.reference},
        at=at,
    )
    return message


@transaction.atomic(durable=True)
def give_up_message(*, message, by, at: dt.datetime) -> Message:
    """Stop trying an alarm that cannot arrive, so that it no longer hides the next late one. Raises `Denied` for
    anything but an alarm that is waiting."""
    message = Message.objects.locked(message.pk)
    access.require(permissions.can_give_up, by, message)
    message.state, message.try_at, message.over_at = State.DEAD, None, at
    message.save(update_fields=["state", "try_at", "over_at"])
    audit.record(
        "outbox.message.stopped",
        by=by,
        about=message,
        organisation=message.organisation_id,
        data={"key": message.reference, "attempts": message.attempts},
        at=at,
    )
    return message


@transaction.atomic(durable=True)
def blank_old_messages(*, by, at: dt.datetime) -> int:
    """Blank the address, subject and body of messages that have been over for 90 days, and destroy the links of those
    given up 7 days ago. Returns how many rows changed. One record for all, and none when nothing was to do."""
    access.require(permissions.nobody, by, systems=("outbox.blank",))
    old, stale = rules.forget_before(at)
    secrets = Message.objects.filter(state=State.DEAD, over_at__lt=stale, sealed_body__isnull=False).update(
        sealed_body=None
    )
    blanked = Message.objects.filter(over_at__lt=old, blanked_at__isnull=True).update(
        to="", subject="", body="", sealed_body=None, blanked_at=at
    )
    if secrets or blanked:
        data = {"links": secrets, "messages": blanked}
        audit.record("outbox.messages.blanked", by=by, data=data, at=at)
    return secrets + blanked
