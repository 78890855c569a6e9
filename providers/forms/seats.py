"""Free places at a site: a number for each half of the week of each place on a framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.forms import BoundField

from accounts.forms.fields import helper
from lots.forms.fields import WholeField
from lots.models import Place
from providers.forms.seen import SeenForm
from providers.queries.seats import Week
from providers.rules import seats as rules
from providers.states import Half

NUMBER = forms.TextInput(
    attrs={"inputmode": "numeric", "class": "govuk-input govuk-input--width-3", "autocomplete": "off"}
)


@dataclass(frozen=True)
class Grid:
    """The fields of one place on a framework. `days` are (weekday, morning, afternoon)."""

    place: Place
    every: BoundField
    days: list[tuple[str, BoundField, BoundField]]


class SeatsForm(SeenForm):
    """What is free at one site. Empty is none; a number for every half fills those that were left empty."""

    def __init__(self, data=None, *, weeks: Sequence[Week]):
        self.weeks = weeks
        super().__init__(data, row={name: free for week in weeks for name, free in week.cells.items()})
        for week in weeks:
            label = week.place.label
            self.fields[f"every-{week.place.pk}"] = _number(f"Every half day of {label} that is empty")
            for weekday, half in rules.WEEK:
                name = rules.cell(week.place.pk, weekday, half)
                self.fields[name] = _number(f"{label}, {rules.half_in_words(weekday, half)}")

    def shown(self, name, value):
        return value or ""

    def in_words(self, name, value):
        return str(value)

    def values(self) -> dict[str, int]:
        """What the action takes: a number by the name of each field."""
        return {name: self._number_of(name, week) for week in self.weeks for name in week.cells}

    def _number_of(self, name: str, week: Week) -> int:
        typed = self.cleaned_data.get(name)
        return (self.cleaned_data.get(f"every-{week.place.pk}") or 0) if typed is None else typed

    @property
    def grids(self) -> list[Grid]:
        """The fields as the page shows them."""
        return [
            Grid(
                place=week.place,
                every=self[f"every-{week.place.pk}"],
                days=[
                    (name, *(self[rules.cell(week.place.pk, weekday, half)] for half in Half))
                    for weekday, name in enumerate(rules.WEEKDAYS)
                ],
            )
            for week in self.weeks
        ]


def _number(label: str) -> WholeField:
    return WholeField(what=label, least=0, most=rules.MOST, label=label, required=False, widget=NUMBER)


class ConfirmForm(SeenForm):
    """Everything shown is still right."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("seen", submit="Confirm: this is still right")
