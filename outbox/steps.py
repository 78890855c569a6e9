"""Putting a message in the outbox: `from outbox import steps as outbox`, then `outbox.post(...)` inside an action."""

from __future__ import annotations

import datetime as dt

from core import crypto
from core.steps import step
from outbox.models import Message
from outbox.states import Channel, Mode, Queue

PURPOSE = "outbox.body"


@step
def post(
    *,
    key: str,
    to: str,
    body: str,
    at: dt.datetime,
    subject: str = "",
    channel: Channel = Channel.EMAIL,
    queue: Queue = Queue.MAIL,
    mode: Mode = Mode.CLAIM_FIRST,
    secret: bool = False,
    organisation=None,
    due_at: dt.datetime | None = None,
) -> bool:
    """Write one message, to be sent by the sweep at `due_at` (now, when empty). Returns False if `key` was already
    written: then nothing changes. A `secret` body is stored encrypted and blanked once sent."""
    before = Message.objects.filter(key=key).exists()
    if before:
        return False
    Message.objects.bulk_create(
        [
            Message(
                key=key,
                channel=channel,
                queue=queue,
                mode=mode,
                to=to,
                subject=subject,
                body="" if secret else body,
                sealed_body=crypto.seal(body.encode(), purpose=PURPOSE) if secret else None,
                organisation_id=getattr(organisation, "pk", organisation),
                created_at=at,
                due_at=due_at or at,
            )
        ],
        ignore_conflicts=True,
    )
    return True
