"""Reads for pages and for `/readyz`."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Min, QuerySet

from outbox.models import Message
from outbox.states import Queue, State


def messages_for(*, user) -> QuerySet[Message]:
    """The outbox, newest first, without the bodies."""
    return Message.objects.visible_to(user).defer("body", "sealed_body").order_by("-pk")


def not_sent_for(*, user) -> dict[str, int]:
    """How many messages are in each state in which something is still to do. (Sent ones are not counted: they would
    cost more every year.)"""
    states = [State.DUE, State.CLAIMED, State.DEAD]
    found = Message.objects.visible_to(user).filter(state__in=states).order_by().values_list("state")
    return dict.fromkeys(states, 0) | dict(found.annotate(Count("pk")))


def all_late_seconds(queue: Queue, *, at: dt.datetime) -> float:
    """By how many seconds the oldest waiting message of this queue is late; 0 when none is."""
    oldest = Message.objects.waiting(queue).filter(due_at__lte=at).aggregate(oldest=Min("due_at"))["oldest"]
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
