"""Letters about concerns: to whoever is told, discreetly, with nothing in them but the way to the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from core.steps import step
from monitoring.models import Concern
from outbox import steps as outbox
from outbox.states import Mode, Queue

SUBJECT = "A safeguarding concern waits for you"


@step
def tell(*, concern: Concern, people: Iterable[tuple[int, str]], what: str, at: dt.datetime, late: bool = False) -> int:
    """One letter to each of these people (key and address), of which nobody else learns anything: it says neither what
    it is about nor which provider. Ahead of all other mail. Returns how many were written."""
    begins = "Nobody has received it in time.\n\n" if late else ""
    link = f"{settings.BASE_URL}{reverse('concern', args=[concern.key])}"
    letters = [
        outbox.Letter(
            key=f"concern:{concern.pk}:{what}:{pk}",
            to=address,
            subject=SUBJECT,
            body=f"A safeguarding concern waits for you. {begins}Sign in to read it and to say that you have received "
            f"it:\n{link}\n\nIf a child may be in danger now, ring 999.\n",
            queue=Queue.ALARMS,
            mode=Mode.SEND_FIRST,
            secret=True,
            discreet=True,
        )
        for pk, address in people
    ]
    return len(outbox.post_many(letters, at=at))
