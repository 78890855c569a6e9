"""The days of the census and of the counts, asked for by GET."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from crispy_forms_gds.layout import Field
from django import forms

from accounts.forms.fields import DayField, helper
from referrals.rules.counts import BY, By

LONGEST_DAYS = 3 * 366


class PeriodForm(forms.Form):
    """From a day to a day."""

    first = DayField(what="the first day", label="First day")
    last = DayField(what="the last day", label="Last day")
    more = ()

    def __init__(self, data, *, first: dt.date, last: dt.date):
        asked = data if any(name in data for name in ("first_0", "last_0")) else None
        super().__init__(asked, initial={"first": first, "last": last, "by": By.PROVIDER})
        self.helper = helper(Field("first"), Field("last"), *(Field(one) for one in self.more), submit="Show")
        self.helper.form_method = "get"

    def clean(self):
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", "The last day must be the first day or later")
        elif first and last and (last - first).days > LONGEST_DAYS:
            self.add_error("last", "Choose three years at the most")
        return data

    @property
    def asked(self) -> dict:
        """What is asked for, or what the form begins with; empty where it cannot be read."""
        if not self.is_bound:
            return {"public": False} | self.initial
        return self.cleaned_data if self.is_valid() else {}

    @property
    def query(self) -> str:
        """The same as a query string, for the files."""
        asked = self.asked
        parts = {f"{name}_{i}": part for name in ("first", "last") for i, part in enumerate(_parts(asked[name]))}
        parts |= {name: asked[name] for name in self.more if asked[name]}
        return "?" + urlencode(parts)


class CountsForm(PeriodForm):
    """What is counted by, and whether the copy is for the public."""

    by = forms.ChoiceField(
        label="Count by",
        choices=BY,
        error_messages={"required": "Choose what to count by", "invalid_choice": "Choose one"},
    )
    public = forms.BooleanField(label="A copy for the public: small numbers hidden, whole months", required=False)
    more = ("by", "public")


def _parts(day: dt.date) -> tuple[int, int, int]:
    return day.day, day.month, day.year
