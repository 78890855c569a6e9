"""What the list of long tasks can be narrowed by."""

from __future__ import annotations

import django_filters

from jobs.models import Job
from jobs.states import State


class JobFilter(django_filters.FilterSet):
    """By state; an unknown value filters nothing."""

    state = django_filters.ChoiceFilter(choices=State, label="State", empty_label="All states")

    class Meta:
        model = Job
        fields = ["state"]
