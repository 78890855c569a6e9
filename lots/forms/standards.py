"""Forms of quality standards: sets, versions, parts, standards, evidence."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import LinesField, NameField
from lots.forms.fields import KeptField, WholeField, said, yes_or_no
from lots.models import Evidence, Standard
from lots.rules.standards import AppliesText
from lots.states import AppliesHow, AppliesTo, EvidenceKind, OnExpiry

LIKE_ALL = ("", "Asked as of everybody")


class AdoptForm(forms.Form):
    """Whose copy it is, and how it is called."""

    organisation = forms.ChoiceField(
        label="Whose standards", widget=forms.RadioSelect,
        error_messages={"required": "Choose whose standards", "invalid_choice": "Choose one of your organisations"},
    )  # fmt: skip
    name = NameField(
        what="The name", label="Name of the new set",
        help_text="For example, “Larkshire quality standards”",
        error_messages={"required": "Enter a name for the new set"},
    )  # fmt: skip

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.pk): one for one in organisations}
        self.fields["organisation"].choices = [(key, one.name) for key, one in self.organisations.items()]
        if len(organisations) == 1:
            self.fields["organisation"].initial = str(organisations[0].pk)
        self.helper = helper(
            Field.radios("organisation", legend_size=Size.SMALL), Field("name"), submit="Copy the standards"
        )


class FixForm(forms.Form):
    """What is new in a version."""

    note = NameField(
        what="What is new", longest=500, required=False, label="What is new in this version",
        help_text="One or two sentences for those who know the last version",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("note"), submit="Make this version final")


class ThemeForm(forms.Form):
    """A part of the standards."""

    number = KeptField(
        what="The number",
        longest=10,
        lines=1,
        label="Number",
        error_messages={"required": "Enter a number, like 1 or A"},
    )
    title = NameField(what="The title", label="Title", error_messages={"required": "Enter the title of the part"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(narrow("number", Fixed.FIVE), Field("title"), submit="Save")


class MeasureForm(forms.Form):
    """A theme of the daily measures."""

    name = NameField(what="The name", label="Name", error_messages={"required": "Enter the name of the measure"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("name"), submit="Save")


class StandardForm(forms.Form):
    """One standard: what must be so, which measures it feeds, who is asked otherwise."""

    number = KeptField(
        what="The number", longest=10, lines=1, label="Number",
        help_text="Standards stand in the order of their numbers",
        error_messages={"required": "Enter a number, like 1.2"},
    )  # fmt: skip
    title = NameField(
        what="The title", longest=300, label="Title", error_messages={"required": "Enter what must be so"}
    )
    good_looks_like = LinesField(what="What good looks like", label="What good looks like", required=False)
    safeguarding = yes_or_no("Is it about safeguarding?", "Yes, two people judge it", "No", initial="no")
    measures = forms.MultipleChoiceField(
        label="Daily measures that it feeds", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Select all that apply",
        error_messages={"invalid_choice": "Select only measures that are on this page"},
    )  # fmt: skip

    def __init__(self, *args, measures, standard: Standard | None = None, **kwargs):
        super().__init__(*args, initial=_of(standard) if standard else None, **kwargs)
        self.fields["measures"].choices = [(str(row.pk), row.name) for row in measures]
        parts = [narrow("number", Fixed.FIVE), Field("title"), Field("good_looks_like")]
        parts.append(Field.radios("safeguarding", legend_size=Size.SMALL, inline=True))
        parts.append(Field.checkboxes("measures", legend_size=Size.SMALL))
        for to in AppliesTo:
            self.fields[f"{to}_how"] = forms.ChoiceField(
                label=to.label, choices=[LIKE_ALL, *AppliesHow.choices], required=False, widget=forms.RadioSelect,
                error_messages={"invalid_choice": f"{to.label}: choose one of the options"},
            )  # fmt: skip
            self.fields[f"{to}_instead"] = NameField(
                what="Other evidence", longest=300, required=False, label="Which other evidence",
                help_text="Only where other evidence is taken",
            )  # fmt: skip
            self.initial.setdefault(f"{to}_how", "")
            parts.append(Fieldset(Field.radios(f"{to}_how", legend_size=Size.SMALL), Field(f"{to}_instead")))
        self.helper = helper(*parts, submit="Save")

    def clean(self):
        data = super().clean()
        for to in AppliesTo:
            how, instead = data.get(f"{to}_how"), data.get(f"{to}_instead")
            if how == AppliesHow.OTHER_EVIDENCE and not instead and f"{to}_instead" not in self.errors:
                self.add_error(f"{to}_instead", f"{to.label}: say which other evidence is taken")
            if how != AppliesHow.OTHER_EVIDENCE and instead:
                self.add_error(f"{to}_instead", f"{to.label}: other evidence is only named where it is taken")
        return data

    def values(self) -> dict:
        """What the action takes."""
        data = self.cleaned_data
        applies = [
            AppliesText(to.value, data[f"{to}_how"], data[f"{to}_instead"]) for to in AppliesTo if data[f"{to}_how"]
        ]
        kept = {name: data[name] for name in ("number", "title", "good_looks_like", "safeguarding")}
        return kept | {"measures": [int(key) for key in data["measures"]], "applies": applies}


def _of(standard: Standard) -> dict:
    shown = {name: getattr(standard, name) for name in ("number", "title", "good_looks_like")}
    shown |= {"safeguarding": said(standard.safeguarding)}
    shown |= {"measures": [str(row.pk) for row in standard.kpi_themes.all()]}
    for rule in standard.applies.all():
        shown |= {f"{rule.to}_how": rule.how, f"{rule.to}_instead": rule.instead}
    return shown


class EvidenceForm(forms.Form):
    """What providers show for a standard."""

    kind = forms.ChoiceField(
        label="What it is", choices=EvidenceKind.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is", "invalid_choice": "Choose one of these"},
    )  # fmt: skip
    title = NameField(
        what="The title", longest=300, label="Title", help_text="For example, “Public liability insurance”",
        error_messages={"required": "Enter what providers show"},
    )  # fmt: skip
    months = WholeField(
        what="Months", most=120, required=False, label="How many months a certificate counts",
        help_text="Only for a certificate that bears no end date of its own",
    )  # fmt: skip
    on_expiry = forms.ChoiceField(
        label="When a certificate runs out", choices=OnExpiry.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens", "invalid_choice": "Choose one of these"},
    )  # fmt: skip
    required = yes_or_no("Must every provider show it?", "Yes", "No, only where there is one")

    def __init__(self, *args, evidence: Evidence | None = None, **kwargs):
        first = {"on_expiry": OnExpiry.NOTHING, "required": "yes"}
        if evidence:
            first = {name: getattr(evidence, name) for name in ("kind", "title", "months", "on_expiry")}
            first |= {"required": said(evidence.required)}
        super().__init__(*args, initial=first, **kwargs)
        self.helper = helper(
            Field.radios("kind", legend_size=Size.SMALL),
            Field("title"),
            narrow("months", Fixed.THREE),
            Field.radios("on_expiry", legend_size=Size.SMALL),
            Field.radios("required", legend_size=Size.SMALL, inline=True),
            submit="Save",
        )


class ChooseForm(forms.Form):
    """The version that a framework takes over."""

    version = forms.ChoiceField(
        label="Which standards", widget=forms.RadioSelect,
        error_messages={"required": "Choose the standards", "invalid_choice": "Choose one of these"},
    )  # fmt: skip

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.versions = {str(one.pk): one for one in versions}
        self.fields["version"].choices = [
            (key, f"{one.standard_set.name}, version {one.number} ({one.number_of_standards} standards)")
            for key, one in self.versions.items()
        ]
        self.helper = helper(Field.radios("version", legend_size=Size.SMALL), submit="Save")
