"""The parts of a referral. Each may be saved unfinished; what is missing is said beside it. Each says what it saw when
it was opened (`SeenForm`)."""

from __future__ import annotations

import datetime as dt
import re

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, MoneyField, NameField
from core.money import Money
from lots.states import Mode, Phase
from providers.forms.seen import SeenForm, phone_field, several
from providers.states import Need
from referrals import states

SAVE = "Save and go back"
WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]
MOST_HOURS = 40


class HoursField(forms.CharField):
    """Hours a week, whole or with decimals, that give whole minutes."""

    def prepare_value(self, value):
        return f"{value / 60:g}" if isinstance(value, int) else value

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value).strip()
        if not text:
            return None
        found = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?", text)
        minutes = int(found[1]) * 60 + int((found[2] or "0").ljust(2, "0")) * 60 / 100 if found else 0
        if not 0 < minutes <= MOST_HOURS * 60 or minutes != int(minutes):
            raise ValidationError(f"Enter the hours as a number up to {MOST_HOURS}, like 12 or 12.5", code="hours")
        return int(minutes)


def one_of(label: str, choices, **kwargs) -> forms.ChoiceField:
    """One of a few, by radio buttons; nothing may be chosen yet."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the options"},
        **kwargs,
    )


class PartForm(SeenForm):
    """A part of a referral. `row` is what stands in it (`queries.referrals.values_of`)."""

    DAYS: tuple[str, ...] = ()  # kept as ISO dates
    SEVERAL: tuple[str, ...] = ()

    def shown(self, name, value):
        if name in self.DAYS:
            return dt.date.fromisoformat(value) if value else None
        return list(value) if isinstance(value, tuple) else value

    def values(self) -> dict:
        found = super().values()
        for name in self.DAYS:
            found[name] = found[name].isoformat() if found[name] else ""
        for name in self.SEVERAL:
            found[name] = tuple(found[name])
        return found


class WhyForm(PartForm):
    """Why provision is sought, and under which law."""

    reason = one_of("Main reason", states.Reason.choices, help_text="Why you commission this, not what the pupil needs")
    trigger_on = DayField(
        what="the first school day of it",
        label="After an exclusion or suspension: its first school day",
        help_text="The first school day on which the pupil was not to come, for example 7 9 2026. The sixth school day "
        "is worked out from it",
        required=False,
    )
    basis = one_of("Legal basis", states.Basis.choices)
    basis_why = LinesField(
        what="Why this basis is right",
        longest=1000,
        label="Why this basis is right (only where it is not the usual one)",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "seen",
            Field.radios("reason", legend_size=Size.SMALL),
            Field("trigger_on"),
            Field.radios("basis", legend_size=Size.SMALL),
            Field("basis_why"),
            submit=SAVE,
        )


class ProvisionForm(PartForm):
    """What is needed, when, and what it may cost. `lots` are those that the commissioner may use: (framework, lots)."""

    lot_id = forms.TypedChoiceField(
        label="Lot",
        help_text="Lots of the frameworks that you may use",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose a lot that is on this page"},
    )
    phase = one_of("Age phase", Phase.choices)
    mode = one_of("Where should it take place?", Mode.choices)
    minutes = HoursField(label="Hours a week", help_text="For example 12 or 12.5", required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label="On which days?",
        help_text="Select all that would do",
        choices=WEEKDAYS,
        coerce=int,
        empty_value=[],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select only what is on this page"},
    )
    starts_on = DayField(what="the first day", label="First day", required=False)
    ends_on = DayField(what="the last day", label="Last day", required=False)
    budget_pence = MoneyField(
        label="What do you expect it to cost in all?",
        help_text="In pounds without VAT, from the first day to the last, for example 4,500",
        required=False,
    )
    SEVERAL = ("weekdays",)

    def shown(self, name, value):
        return Money(value).in_short if name == "budget_pence" and value is not None else super().shown(name, value)

    def __init__(self, *args, lots, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lot_id"].choices = [
            ("", "Choose a lot"),
            *((framework.title, [(lot.pk, str(lot)) for lot in found]) for framework, found in lots),
        ]
        self.helper = helper(
            "seen",
            Field.select("lot_id"),
            Field.radios("phase", legend_size=Size.SMALL),
            Field.radios("mode", legend_size=Size.SMALL),
            narrow("minutes", Fixed.FIVE),
            Field.checkboxes("weekdays", legend_size=Size.SMALL),
            Field("starts_on"),
            Field("ends_on"),
            narrow("budget_pence"),
            submit=SAVE,
        )

    def in_words(self, name, value):
        if name == "minutes":
            return f"{value / 60:g}" if value else ""
        if name == "lot_id":
            labels = {pk: label for _, found in self.fields["lot_id"].choices[1:] for pk, label in found}
            return labels.get(value, "")
        return super().in_words(name, value)


class NeedsForm(PartForm):
    """What every provider that is asked reads, and what the chosen one reads alone."""

    needs = several("What should the provider be set up for?", Need.choices)
    outline = LinesField(
        what="The outline",
        longest=2000,
        label="Outline for every provider that you ask",
        help_text="What would help, in a few sentences. Do not name the pupil, the family, the school or the street: "
        "providers read this before one is chosen",
        required=False,
    )
    need = LinesField(
        what="What the chosen provider has to know",
        label="What the chosen provider has to know",
        help_text="Needs, health, what works and what does not. Only the provider that you choose reads this",
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )
    risks = LinesField(
        what="The risks",
        label="Risks to the pupil and to others",
        help_text="Only the provider that you choose reads this. If there are none, say so",
        required=False,
    )
    SEVERAL = ("needs",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "seen",
            Field.checkboxes("needs", legend_size=Size.SMALL),
            Field("outline"),
            Field("need"),
            Field("risks"),
            submit=SAVE,
        )


class ViewsForm(PartForm):
    """Consent, and what the pupil and the parent or carer say."""

    consent = one_of("Consent of a parent or carer", states.Consent.choices)
    consent_by = NameField(what="The name", label="Who gave it", required=False)
    consent_on = DayField(what="the day of consent", label="On which day", required=False)
    consent_why = LinesField(
        what="Why",
        longest=1000,
        label="Why it is not needed, or what was said when it was refused",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    pupil_heard = one_of("Did you hear the pupil?", states.View.choices)
    pupil_view = LinesField(
        what="The pupil’s view", longest=2000, label="What the pupil said, or why you did not ask", required=False
    )
    parent_heard = one_of("Did you hear the parent or carer?", states.View.choices)
    parent_view = LinesField(
        what="The parent’s or carer’s view",
        longest=2000,
        label="What the parent or carer said, or why you did not ask",
        required=False,
    )
    DAYS = ("consent_on",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "seen",
            Fieldset(
                Field.radios("consent", legend_size=Size.SMALL),
                Field("consent_by"),
                Field("consent_on"),
                Field("consent_why"),
                legend="Consent",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(
                Field.radios("pupil_heard", legend_size=Size.SMALL),
                Field("pupil_view"),
                legend="The pupil’s view",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(
                Field.radios("parent_heard", legend_size=Size.SMALL),
                Field("parent_view"),
                legend="The parent’s or carer’s view",
                legend_size=Size.MEDIUM,
            ),
            submit=SAVE,
        )


class ContactForm(PartForm):
    """Whom the provider may ring about this referral."""

    phone_who = NameField(
        what="The name", label="Name", help_text="Somebody at your organisation, with what they do", required=False
    )
    phone = phone_field(label="Telephone number", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("seen", Field("phone_who"), narrow("phone", Fixed.TWENTY), submit=SAVE)

    def clean_phone(self):
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and not re.fullmatch(r"\+?[0-9 ()]{10,20}", phone):
            raise ValidationError("Enter a telephone number, like 01632 960100", code="phone")
        return phone


def another(form: forms.Form, label: str) -> None:
    """A second button that saves and comes back with one more row."""
    form.helper.add_input(Submit("more", label, css_class="govuk-button--secondary"))
