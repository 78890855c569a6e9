"""What a provider says about itself when it registers, and what can be changed later."""

from __future__ import annotations

from crispy_forms_gds.layout import HTML, Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import IdentifierField, helper, narrow
from accounts.rules import identifiers, people
from core.fields import LinesField, NameField

NUMBERS = ("companies_house", "charity_number", "ukprn", "urn", "ppon", "share_code")
ADDRESS = ("street", "town", "postcode")


def _name():
    return NameField(
        what="Organisation name",
        latin=True,
        label="Organisation name",
        help_text="As it stands on your contracts or your register",
        error_messages={"required": "Enter your organisation’s name"},
    )


class Numbers(forms.Form):
    """The numbers by which registers know an organisation."""

    companies_house = IdentifierField(
        rule=identifiers.companies_house,
        label="Companies House number",
        help_text="For example, 01234567",
        required=False,
    )
    charity_number = IdentifierField(
        rule=identifiers.charity_number, label="Charity number", help_text="For example, 1234567", required=False
    )
    ukprn = IdentifierField(
        rule=identifiers.ukprn,
        label="UK provider reference number (UKPRN)",
        help_text="8 digits, for example 10012345",
        required=False,
    )
    urn = IdentifierField(
        rule=identifiers.urn,
        label="Unique reference number (URN)",
        help_text="For registered independent schools: 6 digits, for example 123456",
        required=False,
    )
    ppon = IdentifierField(
        rule=identifiers.ppon,
        label="Public procurement organisation number (PPON)",
        help_text="For example, ABCD-1234-EFGH. You get one when you register on Find a Tender",
        required=False,
    )
    share_code = IdentifierField(
        rule=identifiers.share_code,
        label="Supplier information share code",
        help_text="8 characters, for example 6BcD7fGh. You make one on Find a Tender",
        required=False,
    )


class Address(forms.Form):
    """Where the organisation can be written to."""

    street = NameField(
        what="Building and street",
        label="Building and street",
        error_messages={"required": "Enter a building and street"},
    )
    town = NameField(
        what="Town or city", longest=100, label="Town or city", error_messages={"required": "Enter a town or city"}
    )
    postcode = IdentifierField(
        rule=identifiers.postcode, label="Postcode", error_messages={"required": "Enter a postcode"}
    )


class RegisterForm(Address, Numbers):
    """Everything that registering asks; one page, checked as a whole."""

    name = _name()
    sole_tutor = forms.BooleanField(label="I am a sole tutor and have none of these numbers", required=False)
    no_number_reason = LinesField(
        what="Why you have no number",
        longest=500,
        label="If you have no number, say why",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            narrow("name", Fixed.THIRTY),
            Fieldset(
                HTML('<p class="govuk-body">Enter at least one. Leave out those that you do not have.</p>'),
                *[narrow(number, Fixed.TWENTY) for number in NUMBERS],
                Field.checkbox("sole_tutor"),
                Field("no_number_reason"),
                legend="Registered numbers",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(
                narrow("street", Fixed.THIRTY),
                narrow("town", Fixed.TWENTY),
                narrow("postcode", Fixed.TEN),
                legend="Address",
                legend_size=Size.MEDIUM,
            ),
            submit="Continue",
        )

    def clean(self):
        cleaned = super().clean()
        numbers = {number: cleaned.get(number) or "" for number in NUMBERS}
        if not set(NUMBERS) & set(self.errors) and "no_number_reason" not in self.errors:
            try:
                people.check_provider_identified(
                    numbers, cleaned.get("sole_tutor", False), cleaned.get("no_number_reason", "")
                )
            except people.Refused as refusal:
                field = "no_number_reason" if cleaned.get("sole_tutor") else "companies_house"
                self.add_error(field, str(refusal))
        return cleaned

    def answers(self) -> dict:
        """What the action takes."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "numbers": {number: data[number] for number in NUMBERS},
            "sole_tutor": data["sole_tutor"],
            "no_number_reason": data["no_number_reason"],
            **{part: data[part] for part in ADDRESS},
        }

    def typed(self) -> list[tuple[str, str]]:
        """(name, value) of every field as it was typed, to be carried through the check page."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    def rows(self) -> list[tuple[str, str]]:
        """(label, answer) for checking; an answer that was left out says so."""
        data = self.cleaned_data
        rows = [("Organisation name", data["name"])]
        rows += [(self.fields[number].label, data[number] or "Not given") for number in NUMBERS]
        if not any(data[number] for number in NUMBERS):
            rows.append(("Why there is no number", data["no_number_reason"]))
        return rows + [(self.fields[part].label, data[part]) for part in ADDRESS]


class _EditForm(forms.Form):
    """Changes to an organisation; only fields that its kind has."""

    def __init__(self, *args, organisation, **kwargs):
        kwargs.setdefault("initial", {name: getattr(organisation, name) or "" for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.helper = helper(*[Field(name) for name in self.fields], submit="Save")

    def changes(self) -> dict[str, str]:
        """Field → value, as the action takes them."""
        return {name: self.cleaned_data[name] for name in self.fields}


class EditProviderForm(_EditForm, Address, Numbers):
    """A provider changes its name, numbers and address."""

    name = _name()
    no_number_reason = LinesField(
        what="Why you have no number",
        longest=500,
        label="If you have no number, say why",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["name", *NUMBERS, "no_number_reason", *ADDRESS]


class EditOrganisationForm(_EditForm, Address):
    """A council or a trust changes its name and address."""

    name = _name()
    field_order = ["name", *ADDRESS]


class OpenAuthorityForm(forms.Form):
    """A council, for the command line."""

    name = _name()
    la_code = forms.RegexField(r"\A[0-9]{3}\Z", error_messages={"invalid": "The council’s code is 3 digits, like 821"})
    admin_email = forms.EmailField(max_length=254)
