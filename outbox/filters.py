"""What the outbox page can be narrowed by."""

from __future__ import annotations

import django_filters

from outbox.models import Message
from outbox.states import Queue, State


class MessageFilter(django_filters.FilterSet):
    """By state and by queue; an unknown value filters nothing."""

    state = django_filters.ChoiceFilter(choices=State, label="State", empty_label="All states")
    queue = django_filters.ChoiceFilter(choices=Queue, label="Kind", empty_label="All kinds")

    class Meta:
        model = Message
        fields = ["state", "queue"]
