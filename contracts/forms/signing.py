"""Signing an agreement."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import NameField

DECLARATION = (
    "I have read the agreement, I may sign it for {name}, and {name} accepts every place in it that it has not answered"
)


class SignForm(forms.Form):
    """Who signs for the provider, as what, and that they may."""

    name = NameField(what="Your name", label="Your full name", error_messages={"required": "Enter your full name"})
    position = NameField(
        what="Your position",
        label="Your position",
        help_text="For example, director or head teacher",
        error_messages={"required": "Enter your position"},
    )
    declared = forms.BooleanField(error_messages={"required": "Tick that you have read the agreement and may sign it"})

    def __init__(self, *args, supplier: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["declared"].label = DECLARATION.format(name=supplier)
        self.helper = helper(
            narrow("name", Fixed.THIRTY),
            narrow("position", Fixed.THIRTY),
            Field.checkbox("declared"),
            submit="Sign the agreement",
        )


class CountersignForm(forms.Form):
    """That the buyer signs: nothing is typed."""

    declared = forms.BooleanField(
        label="I have read the agreement and may sign it for the buyer",
        error_messages={"required": "Tick that you have read the agreement and may sign it"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.checkbox("declared"), submit="Sign the agreement")
