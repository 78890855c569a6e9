"""How lists of an evaluation are narrowed."""

from __future__ import annotations

from collections.abc import Iterable

import django_filters

from accounts.filters import Panel, SearchFilter
from evaluation.models import AwardLine, Bid, Letter
from evaluation.queries import bids as queries
from evaluation.states import BidState, Cause, LetterKind

OWN = [("todo", "Something for me to decide"), ("done", "I have decided everything")]
ALL = [("open", "Not settled yet"), ("settled", "Everything settled")]


class BidFilter(Panel):
    """Bids by the bidder's name, lot, state, and how far they are: for an evaluator how far they are themselves."""

    words = SearchFilter(label="Bidder", field_name="provider_name", lookup_expr="icontains")
    lot = django_filters.ChoiceFilter(label="Lot", empty_label="All lots", method="by_lot")
    state = django_filters.ChoiceFilter(label="State", choices=BidState.choices, empty_label="All states")
    progress = django_filters.ChoiceFilter(label="Progress", empty_label="However far", method="by_progress")

    class Meta:
        model = Bid
        fields = []

    def __init__(self, *args, user, lots, shows: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["lot"].extra["choices"] = [(lot.pk, f"Lot {lot.number}: {lot.title}") for lot in lots]
        self.filters["progress"].extra["choices"] = {"own": OWN, "all": ALL}.get(shows, [])
        if not shows:
            del self.filters["progress"]

    def by_lot(self, queryset, name, value):
        return queries.for_lot(queryset, value)

    def by_progress(self, queryset, name, value):
        if value in dict(OWN):
            return queries.own(queryset, self.user, done=value == "done")
        return queries.settled(queryset, done=value == "settled")


class LetterFilter(Panel):
    """Letters by the bidder's name and kind."""

    words = SearchFilter(label="Bidder", field_name="bid__provider_name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label="Kind", choices=LetterKind.choices, empty_label="All letters")

    class Meta:
        model = Letter
        fields = []


AWARDED = "awarded"


class LineFilter(Panel):
    """By the provider's name, the lot, and what was decided."""

    words = SearchFilter(label="Provider", field_name="bid__provider_name", lookup_expr="icontains")
    lot = django_filters.ChoiceFilter(label="Lot", empty_label="All lots")
    result = django_filters.ChoiceFilter(
        label="Result",
        choices=[(AWARDED, "Awarded"), *Cause.choices],
        empty_label="All results",
        method="by_result",
    )

    class Meta:
        model = AwardLine
        fields = []

    def __init__(self, *args, lots: Iterable[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["lot"].extra["choices"] = [(str(pk), name) for pk, name in lots]

    def by_result(self, queryset, name, value):
        return queryset.filter(awarded=True) if value == AWARDED else queryset.filter(cause=value)
