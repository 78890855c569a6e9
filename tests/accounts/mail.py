"""Reading what sign-in has put into the outbox."""

from __future__ import annotations

import re

from core import crypto
from outbox.models import Message
from outbox.steps import PURPOSE


def letters(to: str | None = None) -> list[Message]:
    """Letters in the order in which they were written."""
    rows = Message.objects.order_by("pk")
    return list(rows if to is None else rows.filter(to=to))


def body(letter: Message) -> str:
    """The text in clear, whether it stands encrypted or not."""
    if letter.sealed_body is None:
        return letter.body
    return crypto.unseal(letter.sealed_body, purpose=PURPOSE).decode()


def link(letter: Message, part: str) -> str:
    """The path of the one link in the letter that holds `part`."""
    [found] = re.findall(rf"https?://[^/\s]+(/\S*{re.escape(part)}\S*)", body(letter))
    return found
