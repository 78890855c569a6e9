"""A quote for the catch-all lot, and a budget holder's answer to it."""

from __future__ import annotations

import re

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, MoneyField
from lots.forms.fields import yes_or_no
from lots.states import Unit
from referrals.rules.quoting import MOST_UNITS


class UnitsField(forms.CharField):
    """A number of units with two decimals at the most, as hundredths of a unit."""

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value).strip()
        if not text:
            return None
        found = re.fullmatch(r"([0-9]{1,5})(?:\.([0-9]{1,2}))?", text)
        units = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
        if not 1 <= units <= MOST_UNITS:
            raise ValidationError(
                "Enter how many units, more than 0 and 10,000 at the most, like 60 or 12.5", code="units"
            )
        return units


class QuoteForm(forms.Form):
    """What a provider has quoted, why no other lot can meet the need, and what it was compared with."""

    place = forms.TypedChoiceField(
        label="Who has quoted?", coerce=int,
        error_messages={"required": "Select who has quoted", "invalid_choice": "Select one of these providers"},
    )  # fmt: skip
    unit = forms.ChoiceField(
        label="What is one unit?", choices=Unit.choices, widget=forms.RadioSelect,
        error_messages={"required": "Select what one unit is", "invalid_choice": "Select one of these"},
    )  # fmt: skip
    pence = MoneyField(
        label="Price of one unit, in pounds without VAT", error_messages={"required": "Enter the price of one unit"}
    )
    units = UnitsField(label="How many units in all", error_messages={"required": "Enter how many units in all"})
    starts_on = DayField(what="the first day", label="First day")
    ends_on = DayField(what="the last day", label="Last day")
    why_not_others = LinesField(
        what="This text", longest=2000, label="Why can no other lot meet the need?",
        help_text="Say which lots you have looked at and what they lack. Do not name the pupil",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why no other lot can meet the need"},
    )  # fmt: skip
    compared = LinesField(
        what="This text", longest=2000, label="What did you compare the price with?",
        help_text="Other quotes, prices on the framework, or why nobody else could quote",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what you compared the price with"},
    )  # fmt: skip

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [
            ("", "Choose a provider"),
            *((one.pk, f"{one.provider.name}, {one.label}") for one in places),
        ]
        self.helper = helper(
            Field("place"),
            Field.radios("unit", legend_size=Size.SMALL),
            narrow("pence", Fixed.TEN),
            narrow("units", Fixed.FIVE),
            Field("starts_on"),
            Field("ends_on"),
            Field("why_not_others"),
            Field("compared"),
            submit="Ask a budget holder",
        )

    def clean_pence(self):
        pence = self.cleaned_data["pence"]
        if pence is not None and pence < 1:
            raise ValidationError("Enter a price of at least a penny")
        return pence


class QuoteAnswerForm(forms.Form):
    """A budget holder’s yes or no to a quote."""

    yes = yes_or_no("May it cost this?", "Yes", "No")
    answer = LinesField(
        what="The reason", longest=500, label="If no, why not?", required=False,
        help_text="Whoever asked reads this. Do not name pupils", widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["yes"].error_messages["required"] = "Choose yes or no"
        self.helper = helper(
            Field.radios("yes", legend_size=Size.SMALL, inline=True), Field("answer"), submit="Send your answer"
        )
