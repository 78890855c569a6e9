"""How lists of frameworks are narrowed."""

from __future__ import annotations

import datetime as dt

import django_filters
from django.db.models import Q

from accounts.filters import Panel, SearchFilter
from lots.models import Framework
from lots.states import FrameworkState

STANDS = [
    ("open", "Open for applications"),
    ("assessing", "Applications being assessed"),
    ("running", "Awarded or running"),
    ("over", "Ended or withdrawn"),
]


class FrameworkFilter(Panel):
    """Published frameworks by words, by how they stand at a moment, and by buyer."""

    words = SearchFilter(label="Title or reference", method="by_words")
    stands = django_filters.ChoiceFilter(
        label="State", choices=STANDS, empty_label="All states", method="by_how_it_stands"
    )
    buyer = django_filters.ModelChoiceFilter(label="Buyer", queryset=None, empty_label="All buyers")

    class Meta:
        model = Framework
        fields = []

    def __init__(self, *args, buyers, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.filters["buyer"].extra["queryset"] = buyers

    def by_words(self, queryset, name, value):
        return queryset.filter(Q(title__icontains=value) | Q(reference__icontains=value) | Q(ocid__iexact=value))

    def by_how_it_stands(self, queryset, name, value):
        published = Q(state=FrameworkState.PUBLISHED)
        past = Q(closes_at__lt=self.at)
        match value:
            case "open":
                return queryset.filter(published & (Q(closes_at=None) | ~past))
            case "assessing":
                return queryset.filter(published & past)
            case "running":
                return queryset.filter(state=FrameworkState.RUNNING)
        return queryset.filter(state__in=[FrameworkState.ENDED, FrameworkState.WITHDRAWN])
