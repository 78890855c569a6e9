"""A provider's profile, group by group. Each form says what it saw when it was opened (`SeenForm`)."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, IdentifierField, helper, narrow
from accounts.forms.passwords import EmailField
from accounts.rules import identifiers
from core.fields import LinesField, NameField
from lots.forms.fields import WholeField
from lots.states import Phase
from providers.forms.seen import SeenForm, WebField, phone_field, several
from providers.states import Need, Registration

OLDEST = 25  # years: until then education is owed to somebody with a plan (Children and Families Act 2014)


class AboutForm(SeenForm):
    """What the provider offers, in its own words."""

    description = LinesField(
        what="What you offer",
        label="What you offer",
        help_text="For schools, councils and parents: what a week looks like, and whom it suits. Do not name pupils",
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )
    website = WebField(label="Website (optional)")
    sole_tutor = forms.BooleanField(
        label="I am a sole tutor: nobody else works for me",
        help_text="Some standards are asked otherwise of a sole tutor",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "seen", Field("description"), Field("website"), Field.checkbox("sole_tutor"), submit="Save"
        )


class TeachingForm(SeenForm):
    """Who is taught."""

    phases = several("Age phases", Phase.choices)
    lowest_age = WholeField(what="The lowest age", least=2, most=OLDEST, label="Lowest age", required=False)
    highest_age = WholeField(what="The highest age", least=2, most=OLDEST, label="Highest age", required=False)
    needs = several("Needs that you are set up for", Need.choices)
    places = WholeField(
        what="How many pupils",
        most=5000,
        label="How many pupils can you teach at one time?",
        help_text="Only you and buyers that you apply to see this",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "seen",
            Field.checkboxes("phases", legend_size=Size.SMALL),
            narrow("lowest_age", Fixed.THREE),
            narrow("highest_age", Fixed.THREE),
            Field.checkboxes("needs", legend_size=Size.SMALL),
            narrow("places", Fixed.FIVE),
            submit="Save",
        )


class RegistrationForm(SeenForm):
    """Whether it is a school."""

    registration = forms.ChoiceField(
        label="Are you a school registered with the Department for Education?",
        choices=Registration.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the options"},
    )
    school_urn = IdentifierField(
        rule=identifiers.urn,
        label="URN, if you are a registered school",
        help_text="6 digits. It is on Get Information about Schools",
        required=False,
    )
    why_not_registered = LinesField(
        what="Why you are not registered",
        longest=2000,
        label="If you are not, say why",
        help_text="A place that teaches five or more pupils full time, or one with a plan or in care, has to be "
        "registered (Education and Skills Act 2008)",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "seen",
            Field.radios("registration", legend_size=Size.SMALL),
            narrow("school_urn", Fixed.TEN),
            Field("why_not_registered"),
            submit="Save",
        )


class OfstedForm(SeenForm):
    """The last inspection."""

    ofsted_outcome = NameField(
        what="What the last inspection found",
        label="What the last inspection found (optional)",
        help_text="In the words of the report. Leave empty if you have not been inspected",
        required=False,
    )
    ofsted_on = DayField(what="the day of the inspection", label="Day of the inspection (optional)", required=False)
    ofsted_url = WebField(label="Address of the report (optional)")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("seen", Field("ofsted_outcome"), Field("ofsted_on"), Field("ofsted_url"), submit="Save")


class SafeguardingForm(SeenForm):
    """The designated safeguarding lead: never public."""

    lead_name = NameField(what="The name", label="Name", required=False)
    lead_email = EmailField()
    lead_phone = phone_field(label="Telephone number", required=False)
    lead_trained_on = DayField(
        what="the day of the last training", label="Day of the last safeguarding training", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead_email"].required = False
        self.fields["lead_email"].widget.attrs["autocomplete"] = "off"  # it may be somebody else's
        self.helper = helper(
            "seen",
            Field("lead_name"),
            narrow("lead_email", Fixed.THIRTY),
            narrow("lead_phone", Fixed.TWENTY),
            Field("lead_trained_on"),
            submit="Save",
        )


FORMS = {
    "about": AboutForm,
    "teaching": TeachingForm,
    "registration": RegistrationForm,
    "ofsted": OfstedForm,
    "safeguarding": SafeguardingForm,
}
