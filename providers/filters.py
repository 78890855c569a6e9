"""How the evidence library is narrowed."""

from __future__ import annotations

import datetime as dt

import django_filters

from accounts.filters import Panel, SearchFilter
from providers.models import Item
from providers.rules import library as rules
from providers.states import ItemKind

STANDS = [
    ("ended", "Expired"),
    ("soon", "Expired or within 90 days"),
    ("runs", "More than 90 days left"),
    ("undated", "No date"),
]


class LibraryFilter(Panel):
    """Documents by title, kind, and how long they count."""

    words = SearchFilter(label="Title", method="by_words")
    kind = django_filters.ChoiceFilter(label="Kind", choices=ItemKind.choices, empty_label="All kinds")
    stands = django_filters.ChoiceFilter(label="Expires", choices=STANDS, empty_label="Whenever", method="by_standing")

    class Meta:
        model = Item
        fields = []

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def by_words(self, queryset, name, value):
        return queryset.filter(title__icontains=value)

    def by_standing(self, queryset, name, value):
        soon = self.today + rules.SOON
        wanted = {
            "ended": {"current__expires_on__lt": self.today},
            "soon": {"current__expires_on__lte": soon},
            "runs": {"current__expires_on__gt": soon},
            "undated": {"current__expires_on": None},
        }
        return queryset.filter(**wanted[value])
