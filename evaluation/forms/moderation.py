"""What moderators type: a consensus, why a freeze is undone, an appeal and its decision."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.forms.fields import DayField, helper
from core.fields import LinesField
from evaluation.states import FINAL, AppealState, Outcome

LONGEST = 4000
OUTCOMES = [(one.value, one.label) for one in Outcome if one in FINAL]


def _radios(label: str, choices, *, required: str, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": required, "invalid_choice": required},
        **kwargs,
    )


def _reason(hint: str) -> LinesField:
    return LinesField(
        what="The reason",
        longest=LONGEST,
        label="Reason",
        help_text=hint,
        error_messages={"required": "Enter the reason"},
    )


class ModerateForm(forms.Form):
    """What a meeting agreed, why, when it was and who took part. `seen` is the outcome that stood on the page."""

    outcome = _radios("Outcome that was agreed", OUTCOMES, required="Choose the outcome that was agreed")
    reason = _reason("The bidder reads this. Do not name anybody on the panel")
    met_on = DayField(what="the day of the meeting", label="Day of the meeting")
    took_part = forms.TypedMultipleChoiceField(
        label="Who took part",
        help_text="Select at least two people",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose everybody who took part, at least two people",
            "invalid_choice": "Choose people who are on this page",
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, *args, people, stands, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in people}
        self.fields["took_part"].choices = [(pk, one.name) for pk, one in self.people.items()]
        self.fields["seen"].initial = stands or ""
        self.helper = helper(
            Field.radios("outcome", legend_size=Size.SMALL),
            Field("reason"),
            Field("met_on"),
            Field.checkboxes("took_part", legend_size=Size.SMALL),
            Field("seen"),
            submit="Save what was agreed",
        )

    @property
    def chosen(self) -> list:
        """The people who took part."""
        return [self.people[pk] for pk in self.cleaned_data["took_part"]]

    def saw(self) -> int | None:
        """The key of the outcome that the page showed; -1 for one that no page gave out."""
        text = self.cleaned_data.get("seen", "")
        if not text:
            return None
        return int(text) if text.isascii() and text.isdigit() else -1

    def see(self, stands: int | None) -> None:
        """From now on it has seen this outcome, and keeps what was typed: whoever sends it again means it."""
        self.data = self.data.copy()
        self.data["seen"] = str(stands or "")


class UnfreezeForm(forms.Form):
    """Why a freeze shall be undone."""

    reason = _reason("It stays in the record, with everything that stops counting")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Propose to undo the freeze", warning=True)


class AppealForm(forms.Form):
    """What a bidder challenges, in their words, and when it came in."""

    about = _radios("Which standard?", [], required="Choose a standard that has an outcome for this bid")
    received_on = DayField(what="the day it was received", label="Day it was received")
    text = LinesField(
        what="What the bidder says",
        longest=LONGEST,
        label="What the bidder says",
        help_text="In their own words where you can",
        error_messages={"required": "Write down what the bidder says"},
    )

    def __init__(self, *args, outcomes, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcomes = {str(one.pk): one for one in outcomes}
        self.fields["about"].choices = [
            (
                key,
                f"{one.standard.number} {one.standard.title}"
                + (f", Lot {one.lot.number}" if one.lot else "")
                + f": {one.get_outcome_display().lower()}",
            )
            for key, one in self.outcomes.items()
        ]
        self.helper = helper(
            Field.radios("about", legend_size=Size.SMALL), Field("received_on"), Field("text"), submit="Note the appeal"
        )

    @property
    def chosen(self):
        """The outcome that it is about."""
        return self.outcomes[self.cleaned_data["about"]]


class DecideForm(forms.Form):
    """Dismissed, or upheld with another outcome."""

    decision = _radios(
        "Decision",
        [
            (AppealState.DISMISSED.value, "Dismiss it: the outcome stands"),
            (AppealState.UPHELD.value, "Uphold it: the outcome changes"),
        ],
        required="Choose whether the appeal is dismissed or upheld",
    )
    outcome = _radios(
        "If you uphold it, the outcome from now on",
        [],
        required="Choose the outcome that stands from now on",
    )
    reason = _reason("The bidder reads this. Do not name anybody on the panel")

    def __init__(self, *args, stands, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].required = False
        self.fields["outcome"].choices = [(value, label) for value, label in OUTCOMES if value != stands]
        self.helper = helper(
            Field.radios("decision", legend_size=Size.SMALL),
            Field.radios("outcome", legend_size=Size.SMALL),
            Field("reason"),
            submit="Decide the appeal",
        )
