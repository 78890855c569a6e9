"""The period of a board, and a rating."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import django_filters
from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.filters import Panel
from accounts.forms.fields import DayField, helper
from contracts.models import Kpi
from core.fields import LinesField
from lots.forms.places import choice
from lots.rules.refusals import Refused
from monitoring.rules import ratings as rules
from monitoring.states import Grade


class PeriodForm(forms.Form):
    """From a day to a day, within a year, until today; asked for by GET."""

    first = DayField(what="the first day", label="First day")
    last = DayField(what="the last day", label="Last day")

    def __init__(self, data, *, usual: tuple[dt.date, dt.date], today: dt.date):
        asked = data if any(name in data for name in ("first_0", "last_0")) else None
        super().__init__(asked, initial={"first": usual[0], "last": usual[1]})
        self.today = today
        self.helper = helper(Field("first"), Field("last"), submit="Show", name="show")
        self.helper.form_method = "get"

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("last"):
            try:
                rules.check_period(data["first"], data["last"], today=self.today)
            except Refused as refusal:
                self.add_error(refusal.field, str(refusal))
        return data

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        """What is asked for, or what the form begins with where nothing is, or nothing that can be read."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return asked["first"], asked["last"]

    @property
    def query(self) -> str:
        """The same as a query string."""
        return query_of(*self.period)


def query_of(first: dt.date, last: dt.date) -> str:
    """A period as the query string of a `PeriodForm`."""
    days = {"first": first, "last": last}
    parts = ((name, (day.day, day.month, day.year)) for name, day in days.items())
    return "?" + urlencode({f"{name}_{at}": part for name, found in parts for at, part in enumerate(found)})


class RateForm(forms.Form):
    """How well a KPI was met from a day to a day, and why. `seen` is what the page showed."""

    grade = choice("How well was it met?", Grade.choices, required="Choose a rating")
    reason = LinesField(
        what="The reason",
        longest=rules.MOST_WORDS,
        label="Why?",
        help_text="The provider reads this. It is kept, and may be asked for when ratings are published. Name no pupil",
        error_messages={"required": "Enter the reason"},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, seen: str, **kwargs):
        super().__init__(*args, initial={"seen": seen}, **kwargs)
        self.helper = helper(
            Field.radios("grade", legend_size=Size.SMALL), Field("reason"), "seen", submit="Save the rating"
        )

    def see(self, seen: str) -> None:
        """What the next attempt has seen: the page shows what stands now."""
        self.data = self.data.copy()
        self.data["seen"] = seen


class RatingFilter(Panel):
    """Measures by provider."""

    provider = django_filters.CharFilter(
        label="Provider", field_name="contract__supplier__name", lookup_expr="icontains"
    )

    class Meta:
        model = Kpi
        fields = []
