"""What a pupil needs, and who answers for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from crispy_forms_gds.layout import HTML, Field, Fieldset, Size
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField, NameField
from lots.forms.fields import said, yes_or_no
from lots.rules.refusals import Refused
from providers.forms.seen import several
from providers.states import Need
from referrals.forms.stale import StaleForm
from referrals.rules import pupils as rules
from referrals.rules.private import Contact
from referrals.rules.pupils import Who

TEXTS = {
    "need": ("What the pupil needs", "What helps, what makes things worse. The chosen provider reads it"),
    "health": ("Health (optional)", "Conditions, allergies, medication and who gives it"),
    "risks": ("Risks (optional)", "To the pupil or to others, and what keeps everybody safe"),
    "plan": ("What the plan says (optional)", "The provision in the education, health and care plan, if there is one"),
}


class NeedsForm(StaleForm):
    """What a pupil needs."""

    has_ehcp = yes_or_no("Is there an education, health and care plan?", "Yes", "No")
    looked_after = yes_or_no("Is the pupil looked after by a council?", "Yes", "No")
    needs = several("Kinds of need", Need.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, hint) in TEXTS.items():
            what = label.removesuffix(" (optional)")
            self.fields[name] = LinesField(what=what, longest=10_000, label=label, help_text=hint, required=False)
        self.helper = helper(
            "revision",
            Field.radios("has_ehcp", legend_size=Size.SMALL, inline=True),
            Field.radios("looked_after", legend_size=Size.SMALL, inline=True),
            Field.checkboxes("needs", legend_size=Size.SMALL),
            *(Field.textarea(name, rows=4) for name in TEXTS),
            submit="Save",
        )

    @staticmethod
    def shown(who: Who) -> dict:
        """The record as the form shows it."""
        texts = {name: getattr(who.private, name) for name in (*TEXTS, "needs")}
        return texts | {name: said(getattr(who, name)) for name in ("has_ehcp", "looked_after")}

    def values(self) -> dict:
        """What the action takes."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return found | {"needs": tuple(found["needs"])}


class ContactsForm(StaleForm):
    """Who answers for a pupil: a row for each, one empty row to add another, a tick to take one off."""

    def __init__(self, data=None, *, contacts: Collection[Contact], **kwargs):
        self.rows = self._count(data, len(contacts))
        initial = kwargs.pop("initial", {})
        for number, one in enumerate(contacts):
            initial |= {f"{name}_{number}": value for name, value in asdict(one).items()}
        super().__init__(data, initial=initial, **kwargs)
        for number in range(self.rows):
            self._add_row(number, is_there=number < len(contacts))
        self.helper = helper(
            "revision",
            *(self._fieldset(number) for number in range(self.rows)),
            submit="Save",
        )

    @staticmethod
    def _count(data, there: int) -> int:
        sent = [number for number in range(rules.MOST_CONTACTS) if data and data.get(f"name_{number}")]
        return max(there, min(there + 1, rules.MOST_CONTACTS), *(number + 1 for number in sent), 0)

    def _add_row(self, number: int, *, is_there: bool) -> None:
        made = {
            "name": NameField(what="Name", label="Name", required=False),
            "relation": NameField(
                what="Relation", longest=100, label="Who they are to the pupil", help_text="For example, mother",
                required=False,
            ),
            "phone": forms.CharField(
                label="Telephone", max_length=40, required=False,
                widget=forms.TextInput(attrs={"type": "tel"}),
                error_messages={"max_length": "The telephone number must be 40 characters or fewer"},
            ),
            "email": forms.EmailField(
                label="Email address (optional)", max_length=254, required=False,
                error_messages={"invalid": "Enter an email address, like name@example.org"},
            ),
            "parental_responsibility": forms.BooleanField(label="Has parental responsibility", required=False),
            "can_collect": forms.BooleanField(label="The pupil may go home with them", required=False),
        }  # fmt: skip
        if is_there:
            made["remove"] = forms.BooleanField(label="Take this contact off", required=False)
        for name, field in made.items():
            self.fields[f"{name}_{number}"] = field

    def _fieldset(self, number: int) -> Fieldset:
        names = [name for name in self.fields if name.endswith(f"_{number}")]
        return Fieldset(
            *(Field(name) for name in names),
            *(
                [HTML('<hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible">')]
                if number + 1 < self.rows
                else []
            ),
            legend=f"Contact {number + 1}" if f"remove_{number}" in self.fields else "Add a contact",
            legend_size=Size.MEDIUM,
        )

    def clean(self):
        cleaned = super().clean()
        for number in range(self.rows):
            row = self._row(cleaned, number)
            if cleaned.get(f"remove_{number}") or not any(row.values()):
                continue
            if not row.get("name") and f"name_{number}" not in self.errors:
                self.add_error(f"name_{number}", "Enter the name of this contact, or empty the other boxes")
            try:
                rules.check_phone(row.get("phone") or "", f"phone_{number}")
            except Refused as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned

    def contacts(self) -> list[Contact]:
        """What the action takes."""
        found = []
        for number in range(self.rows):
            row = self._row(self.cleaned_data, number)
            if row["name"] and not self.cleaned_data.get(f"remove_{number}"):
                found.append(Contact(**row))
        return found

    @staticmethod
    def _row(cleaned: dict, number: int) -> dict:
        names = ("name", "relation", "phone", "email", "parental_responsibility", "can_collect")
        return {name: cleaned.get(f"{name}_{number}") for name in names}
