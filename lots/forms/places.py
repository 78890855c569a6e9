"""What people type about places: accepting, suspending, lifting, ending, moving, pricing."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, MoneyField, NameField
from lots.rules.places import BY_BUYER
from lots.states import PROVIDER_WIDE, Cause, ExclusionOutcome, TransferKind


def choice(label: str, choices, *, required: str, **kwargs) -> forms.ChoiceField:
    """Radio buttons."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": required, "invalid_choice": required},
        **kwargs,
    )


def reason(label: str, **kwargs) -> LinesField:
    """Why, in a few lines."""
    kwargs.setdefault("error_messages", {"required": "Enter the reason"})
    return LinesField(what="The reason", longest=2000, label=label, **kwargs)


class AcceptForm(forms.Form):
    """The places that a provider was awarded, to tick."""

    places = forms.MultipleChoiceField(
        label="Places that you accept",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select at least one place",
            "invalid_choice": "Select only places that are on this page",
        },
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["places"].choices = [
            (key, f"{row.label} – {row.framework.title}") for key, row in self.rows.items()
        ]
        self.fields["places"].initial = list(self.rows)
        self.helper = helper(Field.checkboxes("places", legend_size=Size.SMALL), submit="Accept these places")

    @property
    def chosen(self) -> list:
        """The places themselves."""
        return [self.rows[key] for key in self.cleaned_data["places"]]


class SuspendForm(forms.Form):
    """Why a place, or a provider, is suspended."""

    cause = choice("Cause", [], required="Select the cause")
    reason = reason(
        "Reason",
        help_text="Your own officers read this. The provider is told the cause and the day, other buyers the cause",
    )

    def __init__(self, *args, of_one_place: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = [
            (cause.value, cause.label) for cause in Cause if (cause in PROVIDER_WIDE) != of_one_place
        ]
        self.helper = helper(
            Field.radios("cause", legend_size=Size.SMALL),
            Field("reason"),
            submit="Suspend this place" if of_one_place else "Suspend the provider",
            warning=True,
        )


class LiftForm(forms.Form):
    """Why a suspension is lifted."""

    reason = reason("Why it is lifted", help_text="Your own officers read this")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Lift the suspension")


class EndForm(forms.Form):
    """Why a place ends, which a provider is not asked, and whether the others go too."""

    end_reason = choice("Why it ends", [], required="Select why the place ends")
    also_others = choice(
        "What ends",
        [("no", "This place alone"), ("yes", "All places of this provider on this framework")],
        required="Select what ends",
        initial="no",
    )
    note = LinesField(
        what="The note",
        longest=2000,
        label="Note (optional)",
        help_text="Your own officers read this",
        required=False,
    )

    def __init__(self, *args, by_provider: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if by_provider:
            del self.fields["end_reason"], self.fields["note"]
            self.helper = helper(
                Field.radios("also_others", legend_size=Size.SMALL), submit="Give up this place", warning=True
            )
        else:
            self.fields["end_reason"].choices = [(one.value, one.label) for one in BY_BUYER]
            parts = [
                Field.radios("end_reason", legend_size=Size.SMALL),
                Field.radios("also_others", legend_size=Size.SMALL),
                Field("note"),
            ]
            self.helper = helper(*parts, submit="End this place", warning=True)


class TransferForm(forms.Form):
    """To whom places move, and the check for exclusion."""

    successor = LinesField(
        what="The successor’s number or name",
        longest=200,
        label="The successor’s registered number or full name",
        help_text="A Companies House, charity, UKPRN or PPON number. It must be registered on the portal as a provider",
        error_messages={"required": "Enter the successor’s number or full name"},
        widget=forms.TextInput,
    )
    kind = choice("Why they move", TransferKind.choices, required="Select why they move")
    reason = reason("Details", help_text="Your own officers read this")
    checked_on = DayField(what="the day of the check", label="When was the successor checked for exclusion?")
    checked_by = NameField(
        what="The name",
        label="Who checked?",
        error_messages={"required": "Enter who checked"},
    )
    outcome = choice("What did the check find?", ExclusionOutcome.choices, required="Select what the check found")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            narrow("successor", Fixed.THIRTY),
            Field.radios("kind", legend_size=Size.SMALL),
            Field("reason"),
            Field("checked_on"),
            narrow("checked_by", Fixed.THIRTY),
            Field.radios("outcome", legend_size=Size.SMALL),
            submit="Move the places",
            warning=True,
        )


class PriceForm(forms.Form):
    """A price from a day on."""

    line = forms.ChoiceField(
        label="Price line",
        error_messages={
            "required": "Select the price line",
            "invalid_choice": "Select a price line that is on this page",
        },
    )
    pence = MoneyField(
        label="New price without VAT",
        help_text="In pounds, for example 45 or 47.25",
        error_messages={"required": "Enter the new price"},
    )
    from_on = DayField(what="the first day", label="First day on which it holds")
    reason = NameField(
        what="The reason",
        longest=300,
        label="Reason",
        help_text="For example, the index and its month",
        error_messages={"required": "Enter the reason"},
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = {str(line.pk): line for line in lines}
        self.fields["line"].choices = [(key, line.title) for key, line in self.lines.items()]
        self.helper = helper(
            Field.select("line"),
            narrow("pence", Fixed.TEN),
            Field("from_on"),
            narrow("reason", Fixed.THIRTY),
            submit="Set the price",
        )


class SuccessionForm(forms.Form):
    """Which buyer takes all frameworks over."""

    successor = NameField(
        what="The name",
        label="The full name of the council or academy trust that takes over",
        error_messages={"required": "Enter the name of the council or trust"},
    )
    reason = reason("Reason", help_text="For example, the order that reorganises the councils, and from which day")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(narrow("successor", Fixed.THIRTY), Field("reason"), submit="Offer your frameworks")


class CoverageForm(forms.Form):
    """The parts that were shown as left without a provider, and that they were read."""

    parts = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("parts"), submit="I have read this list")

    def clean_parts(self) -> list[str]:
        """The labels that were shown; what is none of ours stands on no list."""
        parts = self.cleaned_data["parts"]
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise forms.ValidationError("The list has changed since it was shown to you. Read it again")
        return parts
