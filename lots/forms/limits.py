"""What people type to change a limit."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import LinesField
from lots.forms.places import choice
from lots.rules.limits import LARGEST, Limits


def _number(label: str, what: str) -> forms.IntegerField:
    asked = f"Enter {what} as a whole number from 1 to {LARGEST:,}"
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=LARGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], asked),
    )


class LimitForm(forms.Form):
    """The limits that there shall be, and why. What has no limit gets none."""

    providers = _number("Most providers on the framework", "the most providers")
    lots = _number("Most lots of one provider", "the most lots")
    reason = LinesField(
        what="The reason",
        longest=2000,
        label="Why the limit changes",
        help_text="Everybody can read this once it is confirmed",
        error_messages={"required": "Enter why the limit changes"},
    )
    ground = LinesField(
        what="The ground in law",
        longest=2000,
        label="Ground in law",
        help_text="For example, what the notice says about changing it, or the section of the Procurement Act 2023. "
        "Take legal advice: somebody who was left out can challenge the change",
        error_messages={"required": "Enter the ground in law"},
    )

    def __init__(self, *args, framework, **kwargs):
        now = {"providers": framework.max_participants, "lots": framework.max_lots}
        super().__init__(*args, initial=now, **kwargs)
        for name in [name for name, limit in now.items() if limit is None]:
            del self.fields[name]
        parts = [narrow(name, Fixed.FIVE) for name in now if name in self.fields]
        self.helper = helper(*parts, Field("reason"), Field("ground"), submit="Ask for this change")

    @property
    def limits(self) -> Limits:
        """As a value."""
        return Limits(self.cleaned_data.get("providers"), self.cleaned_data.get("lots"))


class AnswerForm(forms.Form):
    """Yes or no to a change that somebody asked for."""

    answer = choice(
        "Do you confirm the change?",
        [("yes", "Yes, the limits change now"), ("no", "No, the limits stay")],
        required="Select whether the limits change",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.radios("answer", legend_size=Size.SMALL), submit="Continue")
