"""What is typed about a panel: who does what, which standards they judge, the rules before the opening."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import LinesField
from evaluation.rules.panel import LEAST_DAYS, MOST_DAYS
from evaluation.states import Cure, Duty
from lots.forms.fields import WholeField
from lots.forms.places import choice
from lots.states import EvidenceKind

YES_NO = [("yes", "Yes"), ("no", "No")]
HINTS = {
    Duty.EVALUATOR: "Judges standards. Sees no prices before the award, and does nothing else here",
    Duty.MODERATOR: "Decides where two evaluators differ, freezes quality, answers appeals",
    Duty.OPENER: "Opens the applications, and the prices once quality is frozen",
    Duty.APPROVER: "Approves the award, and corrections of prices. Has never evaluated here",
}


class AppointForm(forms.Form):
    """Somebody and a duty."""

    person = forms.TypedChoiceField(
        label="Who?",
        coerce=int,
        error_messages={"required": "Choose somebody", "invalid_choice": "Choose somebody from the list"},
    )
    duty = choice(
        "What do they do?",
        [(duty.value, f"{duty.label}: {hint[0].lower()}{hint[1:]}") for duty, hint in HINTS.items()],
        required="Choose what they do",
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {person.pk: person for person in people}
        self.fields["person"].choices = [("", "Choose somebody")] + [
            (person.pk, f"{person.name or person.email} ({person.email})") for person in people
        ]
        self.helper = helper(Field.select("person"), Field.radios("duty", legend_size=Size.SMALL), submit="Appoint")


class EndForm(forms.Form):
    """Why an appointment ends."""

    reason = LinesField(
        what="The reason",
        longest=300,
        label="Why does it end?",
        help_text="It stands in the evaluation report",
        error_messages={"required": "Say why"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="End this appointment", warning=True)


class AssignForm(forms.Form):
    """The standards that an evaluator judges, theme by theme; `theme_…` stands for every standard of one."""

    def __init__(self, *args, themes, assigned, **kwargs):
        super().__init__(*args, **kwargs)
        self.themes, parts = themes, []
        for theme, standards in themes:
            name = f"theme_{theme.pk}"
            self.fields[name] = forms.MultipleChoiceField(
                label=f"Theme {theme.number}: {theme.title}",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[str(one.pk) for one in standards if one.pk in assigned],
                choices=[
                    ("all", f"Every standard of theme {theme.number}"),
                    *((one.pk, _named(one)) for one in standards),
                ],
                error_messages={"invalid_choice": "Select standards that are on this page"},
            )
            parts.append(Field.checkboxes(name, legend_size=Size.SMALL, small=True))
        self.helper = helper(*parts, submit="Save")

    @property
    def chosen(self) -> set[int]:
        """Their keys."""
        found = set()
        for theme, standards in self.themes:
            ticked = self.cleaned_data[f"theme_{theme.pk}"]
            found |= {one.pk for one in standards if "all" in ticked or str(one.pk) in ticked}
        return found


class RulesForm(forms.Form):
    """The rules that stand from the opening on."""

    two_open = choice("Are two people needed to open the applications?", YES_NO, required="Choose yes or no")
    clarify_days = WholeField(
        what="The number of working days",
        least=LEAST_DAYS,
        most=MOST_DAYS,
        label="How many working days has a bidder to answer a question?",
        help_text="The same for all bidders and all questions",
        error_messages={"required": "Enter how many working days a bidder has to answer"},
    )
    standstill = choice(
        "Is there a waiting period before we sign?",
        YES_NO,
        required="Choose yes or no",
        help_text="8 working days from the day on which the award notice is published on Find a Tender",
    )

    def __init__(self, *args, evaluation, cures, **kwargs):
        initial = {
            "two_open": "yes" if evaluation.two_open else "no",
            "clarify_days": evaluation.clarify_days,
            "standstill": "yes" if evaluation.standstill else "no",
        } | {f"cure_{kind}": cure for kind, cure in cures.items()}
        super().__init__(*args, initial=initial, **kwargs)
        fields = []
        for kind in EvidenceKind:
            name = f"cure_{kind}"
            self.fields[name] = choice(kind.label, Cure.choices, required=f"Choose for: {kind.label.lower()}")
            fields.append(Field.radios(name, legend_size=Size.SMALL, small=True))
        self.helper = helper(
            Field.radios("two_open", legend_size=Size.SMALL, inline=True),
            narrow("clarify_days", Fixed.TWO),
            Field.radios("standstill", legend_size=Size.SMALL, inline=True),
            Fieldset(*fields, legend="What a bidder may send when asked about it", legend_size=Size.MEDIUM),
            submit="Save these rules",
        )

    @property
    def rules(self) -> dict:
        """What the action takes."""
        said = self.cleaned_data
        return {
            "two_open": said["two_open"] == "yes",
            "clarify_days": said["clarify_days"],
            "standstill": said["standstill"] == "yes",
            "cures": {str(kind): said[f"cure_{kind}"] for kind in EvidenceKind},
        }


class BidMoveForm(forms.Form):
    """Why a bid leaves the evaluation, or comes back."""

    reason = LinesField(
        what="The reason",
        longest=2000,
        label="Why?",
        help_text="It stands in the evaluation report",
        error_messages={"required": "Say why"},
    )

    def __init__(self, *args, submit: str, warning: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit=submit, warning=warning)


def _named(standard) -> str:
    return f"{standard.number} {standard.title}" + (" (safeguarding)" if standard.safeguarding else "")
