"""Putting messages in the outbox: `from outbox import steps as outbox`, then `outbox.post(...)` inside an action."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from core import crypto
from core.steps import step
from outbox import rules
from outbox.models import Message
from outbox.states import Channel, Mode, Queue

PURPOSE = "outbox.body"
LONGEST_KEY = 200
LONGEST_ADDRESS = 320


@dataclass(frozen=True)
class Letter:
    """What `post_many` writes; the fields are those of `post`."""

    key: str
    to: str
    body: str
    subject: str = ""
    channel: Channel = Channel.EMAIL
    queue: Queue = Queue.MAIL
    mode: Mode = Mode.CLAIM_FIRST
    secret: bool = False
    organisation: object = None
    due_at: dt.datetime | None = None
    discreet: bool = False

    def __post_init__(self):
        if not 0 < len(self.key) <= LONGEST_KEY:
            raise ValueError("A message's key has 1 to 200 characters")
        if not 0 < len(self.to) <= LONGEST_ADDRESS or "\n" in self.to or "\r" in self.to:
            raise ValueError("A message goes to one address, on one line")


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
    discreet: bool = False,
) -> bool:
    """Write one message, to be sent by the sweep at `due_at` (now, when empty). Returns False if `key` was already
    written, by whomever: then nothing changes. A `secret` body is stored encrypted and blanked once sent. A
    `discreet` message shows operators neither its receiver nor its key, and stands in no organisation's record; its
    subject must be neutral too.

    Raises ValueError for a key or an address that no message can have."""
    letter = Letter(key, to, body, subject, channel, queue, mode, secret, organisation, due_at, discreet)
    return bool(post_many([letter], at=at))


@step
def post_many(letters: Iterable[Letter], *, at: dt.datetime) -> set[str]:
    """Write many messages, 500 to a statement; returns the keys that this call wrote. A key that was already there, or
    that another transaction is writing at this moment and then commits, is left as it is and not returned."""
    token = uuid.uuid4().hex
    rows = {letter.key: _row(letter, token, at) for letter in letters}
    Message.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=500)
    keys, written = list(rows), set()
    for start in range(0, len(keys), 500):
        some = Message.objects.filter(key__in=keys[start : start + 500], token=token)
        written.update(some.values_list("key", flat=True))
    return written


def _row(letter: Letter, token: str, at: dt.datetime) -> Message:
    return Message(
        key=letter.key,
        channel=letter.channel,
        queue=letter.queue,
        mode=letter.mode,
        to=letter.to,
        discreet=letter.discreet,
        subject=rules.one_line(letter.subject),
        body="" if letter.secret else letter.body,
        sealed_body=crypto.seal(letter.body.encode(), purpose=PURPOSE) if letter.secret else None,
        organisation_id=None if letter.discreet else getattr(letter.organisation, "pk", letter.organisation),
        created_at=at,
        due_at=letter.due_at or at,
        try_at=letter.due_at or at,
        token=token,
    )
