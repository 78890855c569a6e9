"""How lists of frameworks and of places are narrowed."""

from __future__ import annotations

import datetime as dt

import django_filters
from django.db.models import Q
from django.utils import timezone

from accounts.filters import Panel, SearchFilter
from audit.filters import DayFilter
from lots.models import Framework, Place
from lots.queries.places import end_of
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
    buyer = django_filters.ChoiceFilter(label="Buyer", empty_label="All buyers")

    class Meta:
        model = Framework
        fields = []

    def __init__(self, *args, buyers, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.filters["buyer"].extra["choices"] = [(str(pk), name) for pk, name in buyers]

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


class PartFilter(Panel):
    """Places by lot or part, and by the provider's name."""

    words = SearchFilter(label="Provider", field_name="provider__name", lookup_expr="icontains")
    part = django_filters.ChoiceFilter(label="Lot or part", empty_label="All lots", method="by_part")

    class Meta:
        model = Place
        fields = []

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.filters["part"].extra["choices"] = [
            (f"{lot}-{part}" if part else str(lot), told.label) for (lot, part), told in parts.items()
        ]

    def by_part(self, queryset, name, value):
        lot, _, part = value.partition("-")
        return queryset.filter(lot=lot, sub_lot=part) if part else queryset.filter(lot=lot)


class RegisterFilter(PartFilter):
    """The register as of the end of a day, `at` where none is given: who was on the framework, or who had been."""

    on = DayFilter(label="On the day", help_text="For example, 27/3/2027", method="leave")
    show = django_filters.ChoiceFilter(
        label="Show", choices=[("ended", "Places that had ended")], empty_label="Places that day", method="leave"
    )

    def __init__(self, *args, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = at

    def leave(self, queryset, name, value):
        return queryset  # both are answered in `qs`

    @property
    def at(self) -> dt.datetime:
        """The moment before which things count: the end of the day asked for, now at the latest."""
        read = self.is_bound and self.form.is_valid()
        on = self.form.cleaned_data.get("on") if read else None
        return min(end_of(on), self.now) if on else self.now

    @property
    def day(self) -> dt.date:
        """The day in England that `at` ends, or in which it lies."""
        return timezone.localdate(self.at - dt.timedelta(microseconds=1))

    @property
    def is_today(self) -> bool:
        """The register as it stands now."""
        return self.at == self.now

    @property
    def qs(self):
        ended = self.is_bound and self.form.is_valid() and self.form.cleaned_data.get("show") == "ended"
        before = Q(ended_at__lt=self.at)
        return super().qs.filter(before if ended else ~before, awarded_at__lt=self.at)
