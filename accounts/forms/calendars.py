"""Term dates and closures."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import NameField


class _Days(forms.Form):
    starts_on = DayField(what="the first day", label="First day")
    ends_on = DayField(what="the last day", label="Last day")


class TermForm(_Days):
    """A term or half-term."""

    name = NameField(
        what="Name of the term",
        longest=60,
        label="Name of the term",
        help_text="For example, “Autumn, first half”",
        error_messages={"required": "Enter the name of the term"},
    )
    field_order = ["name", "starts_on", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(narrow("name", Fixed.TWENTY), Field("starts_on"), Field("ends_on"), submit="Save")


class ClosureForm(_Days):
    """Days on which the organisation is closed inside a term."""

    reason = NameField(
        what="Reason",
        longest=100,
        label="Reason",
        help_text="For example, staff training, holiday or snow",
        error_messages={"required": "Enter the reason"},
    )
    field_order = ["reason", "starts_on", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(narrow("reason", Fixed.TWENTY), Field("starts_on"), Field("ends_on"), submit="Save")
