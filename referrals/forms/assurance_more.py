"""What is typed about an emergency start, transport, and who answers."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, NameField
from lots.forms.fields import TimeField, WholeField, yes_or_no
from lots.forms.places import choice
from referrals import states
from referrals.forms.assurance_parts import PhoneField
from referrals.queries.assurance import Journey
from referrals.rules.timetable import WEEKDAYS


class UndoForm(forms.Form):
    """The button, with the key of what the page showed."""

    seen = WholeField(what="The page", least=0, most=999_999_999, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("seen", submit="Undo this", warning=True)


class EmergencyStartForm(forms.Form):
    """Why a pupil starts before everything is in place, signed."""

    reason = LinesField(
        what="The reason",
        longest=2000,
        label="Why can the pupil not wait?",
        help_text="This stands in the record under your name. Do not name the pupil",
        error_messages={"required": "Enter why the pupil cannot wait"},
    )
    sure = forms.BooleanField(
        label="I answer for this start, and see to it that everything else is in place in time",
        error_messages={"required": "Tick the box if you answer for this start"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field("reason"), Field.checkbox("sure"), submit="Sign, and let the pupil start", warning=True
        )


class TransportForm(forms.Form):
    """How the pupil gets there and back."""

    arranged_by = choice("Who arranges it?", states.TransportBy.choices, required="Choose who arranges it")
    paid_by = choice(
        "Who pays for it? (optional)",
        [*states.TransportBy.choices[:-1], ("", "Nobody has to")],
        required="Choose who pays for it",
    )
    hands_over = NameField(
        what="The name",
        label="Who hands the pupil over?",
        help_text="At the start: a parent, an escort, a driver. If the pupil travels alone, say so",
        error_messages={"required": "Enter who hands the pupil over"},
    )
    receives = NameField(
        what="The name",
        label="Who takes over at the provider?",
        help_text="And hands the pupil back at the end",
        error_messages={"required": "Enter who takes over at the provider"},
    )
    note = LinesField(
        what="The note",
        longest=2000,
        label="Anything else (optional)",
        help_text="Times, route, a driver’s telephone number",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    seen = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["paid_by"].required = False
        self.helper = helper(
            "seen",
            Field.radios("arranged_by", legend_size=Size.SMALL),
            Field.radios("paid_by", legend_size=Size.SMALL),
            narrow("hands_over", Fixed.THIRTY),
            narrow("receives", Fixed.THIRTY),
            Field("note"),
            submit="Save",
        )

    def journey(self) -> Journey:
        """Who hands over and who takes over."""
        return Journey(**{name: self.cleaned_data[name] or "" for name in ("hands_over", "receives", "note")})

    def seen_now(self, mark: str) -> None:
        """What the next attempt has seen."""
        self.data = self.data.copy()
        self.data["seen"] = mark


class CoverForm(forms.Form):
    """Who answers, when. `people` are those of the organisation who may be named as its users."""

    name = NameField(
        what="The name",
        label="Who answers?",
        help_text="Name and role",
        error_messages={"required": "Enter who answers"},
    )
    phone = PhoneField(label="Telephone number")
    user = forms.TypedChoiceField(
        label="Their account in the portal (optional)",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose somebody from the list"},
    )
    position = WholeField(
        what="The order",
        least=1,
        most=20,
        label="In which order are they rung?",
        help_text="1 is rung first",
        error_messages={"required": "Enter 1 for whoever is rung first, 2 for the next"},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="On which weekdays?",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select at least one weekday",
            "invalid_choice": "Select only what is on this page",
        },
    )
    starts = TimeField(
        label="From", help_text="For example, 8:30am", error_messages={"required": "Enter from when they answer"}
    )
    ends = TimeField(
        label="Until", help_text="For example, 4pm", error_messages={"required": "Enter until when they answer"}
    )
    holidays = yes_or_no("Do they answer in school holidays too?", "Yes", "No, on school days only")
    from_on = DayField(what="the first day", label="First day")
    until_on = DayField(
        what="the last day", label="Last day (optional)", required=False, help_text="Leave empty until you know it"
    )
    seen = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, people, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [("", "None"), *((one.pk, one.name or one.email) for one in people)]
        self.helper = helper(
            "seen",
            narrow("name", Fixed.THIRTY),
            narrow("phone", Fixed.TWENTY),
            Field.select("user"),
            narrow("position", Fixed.TWO),
            Field.checkboxes("weekdays", legend_size=Size.SMALL),
            narrow("starts", Fixed.FIVE),
            narrow("ends", Fixed.FIVE),
            Field.radios("holidays", legend_size=Size.SMALL),
            Field("from_on"),
            Field("until_on"),
            submit=submit,
        )

    def values(self) -> dict:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data["user_id"] = data.pop("user")
        return data

    def seen_now(self, mark: str) -> None:
        """What the next attempt has seen."""
        self.data = self.data.copy()
        self.data["seen"] = mark


class EndCoverForm(forms.Form):
    """The last day on which somebody answers."""

    last_on = DayField(what="the last day", label="Last day on which they answer")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("last_on"), submit="End this", warning=True)
