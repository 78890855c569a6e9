"""What a provider lists in its profile: sites, insurances, accreditations."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, IdentifierField, helper, narrow
from accounts.rules import identifiers
from core.fields import LinesField, MoneyField, NameField
from core.money import Money
from lots.forms.fields import KeptField, WholeField, said, yes_or_no
from lots.states import Phase
from providers.forms.seen import SeenForm, several
from providers.states import InsuranceKind, SiteKind


class SiteForm(SeenForm):
    """Where pupils are taught."""

    name = NameField(
        what="The name", label="Name of the site", help_text="Anybody can read this",
        error_messages={"required": "Enter what you call the site"},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="What kind of site is it?",
        choices=SiteKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of site it is", "invalid_choice": "Choose one of the options"},
    )
    street = NameField(what="Building and street", label="Building and street", required=False)
    town = NameField(
        what="Town or city", longest=100, label="Town or city", help_text="Anybody can read this", required=False
    )
    postcode = IdentifierField(rule=identifiers.postcode, label="Postcode", required=False)
    uprn = IdentifierField(
        rule=identifiers.uprn, label="UPRN (optional)", required=False,
        help_text="The unique property reference number of the address. Nobody but you and buyers sees it",
    )  # fmt: skip
    show_address = yes_or_no(
        "Can anybody read the street and the postcode?",
        "Yes",
        "No, only the town. Choose this if somebody lives there",
        initial="yes",
    )
    phases = several("Age phases taught there", Phase.choices)
    places = WholeField(
        what="How many pupils", most=5000, label="How many pupils can you teach there at one time? (optional)",
        help_text="Only you and buyers that you apply to see this", required=False,
    )  # fmt: skip

    def shown(self, name, value):
        return said(value) if name == "show_address" else value

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "seen",
            Field("name"),
            Field.radios("kind", legend_size=Size.SMALL),
            Fieldset(
                Field("street"),
                narrow("town", Fixed.TWENTY),
                narrow("postcode", Fixed.TEN),
                narrow("uprn", Fixed.TWENTY),
                Field.radios("show_address", legend_size=Size.SMALL),
                legend="Address, for a building or outdoor site",
                legend_size=Size.MEDIUM,
            ),
            Field.checkboxes("phases", legend_size=Size.SMALL),
            narrow("places", Fixed.FIVE),
            submit="Save",
        )


class InsuranceForm(SeenForm):
    """A policy of insurance. `documents` are those of the library: (key, title)."""

    kind = forms.ChoiceField(
        label="What does it insure?",
        choices=InsuranceKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it insures", "invalid_choice": "Choose one of the options"},
    )
    insurer = NameField(what="The insurer", label="Insurer", error_messages={"required": "Enter who insures you"})
    policy_number = KeptField(
        what="The policy number", longest=100, lines=1, label="Policy number (optional)", required=False
    )
    cover_pence = MoneyField(
        label="Cover for one claim",
        help_text="In pounds, for example 5,000,000",
        error_messages={"required": "Enter what the insurance covers"},
    )
    activities = LinesField(
        what="The activities", longest=2000, label="Activities that it names (optional)", required=False,
        help_text="For example climbing or work with animals, if the policy lists them",
    )  # fmt: skip
    starts_on = DayField(what="the first day of cover", label="First day of cover (optional)", required=False)
    ends_on = DayField(what="the last day of cover", label="Last day of cover")
    item_id = forms.TypedChoiceField(
        label="Its certificate in your evidence library (optional)",
        help_text="The certificate’s own last day then tells when it runs out",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose a document that is in your evidence library"},
    )

    def shown(self, name, value):
        return Money(value).in_short if name == "cover_pence" and value is not None else value

    def __init__(self, *args, documents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item_id"].choices = [("", "None"), *((str(pk), title) for pk, title in documents)]
        self.helper = helper(
            "seen",
            Field.radios("kind", legend_size=Size.SMALL),
            Field("insurer"),
            narrow("policy_number", Fixed.TWENTY),
            narrow("cover_pence", Fixed.TWENTY),
            Field("activities"),
            Field("starts_on"),
            Field("ends_on"),
            Field.select("item_id"),
            submit="Save",
        )


class AccreditationForm(SeenForm):
    """Who has looked at the provider and says so."""

    by = NameField(
        what="The name", label="Who has accredited you?", help_text="A council, an exam centre, a professional body",
        error_messages={"required": "Enter who has accredited you"},
    )  # fmt: skip
    what = NameField(what="What for", longest=300, label="What for? (optional)", required=False)
    given_on = DayField(what="the day it was given", label="Since (optional)", required=False)
    ends_on = DayField(what="the day it ends", label="Until (optional)", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("seen", Field("by"), Field("what"), Field("given_on"), Field("ends_on"), submit="Save")
