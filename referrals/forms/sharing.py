"""What is typed about agreements to share data, how a commissioner refers, a list of pupils, a record kept longer."""

from __future__ import annotations

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import HTML, Field, Fixed, Size
from django import forms
from django.conf import settings

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, MoneyField, NameField
from core.money import Money
from files.forms import UploadField
from files.rules import refusals
from lots.forms.fields import WholeField
from lots.forms.places import choice
from referrals.queries.outside import provider_numbered
from referrals.rules import csv_pupils
from referrals.rules.sharing import MEANS, mark_of
from referrals.states import Processing

AGAIN = "Choose the file again: it was not kept, because something else on this page has to be put right"


class AgreementForm(forms.Form):
    """An agreement that both have signed."""

    provider = forms.TypedChoiceField(
        label="Provider",
        help_text="Those that are on a framework now",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"required": "Choose the provider", "invalid_choice": "Choose a provider from the list"},
    )
    processing = choice(
        "What is the provider, in data protection law?",
        [Choice(kind.value, kind.label, hint=MEANS[kind]) for kind in Processing],
        required="Choose what the provider is",
        help_text="You are always a controller. The agreement says what the provider is",
    )
    number = forms.RegexField(
        regex=r"^[0-9A-Za-z ]{5,10}$",
        label="Or a provider on no framework, by its UKPRN, company or charity number, or URN",
        required=False,
        error_messages={"invalid": "Enter the number as its register has it, like 10012345 or 01234567"},
    )
    reference = NameField(
        what="The reference",
        longest=60,
        label="Your reference (optional)",
        help_text="For example, DSA 14 of 2026",
        required=False,
    )
    purposes = LinesField(
        what="The purposes",
        longest=2000,
        label="What may the provider use the data for?",
        help_text="As the agreement says, for example: teaching the pupils placed with it, keeping them safe, telling "
        "you about attendance. Do not name pupils",
        error_messages={"required": "Enter what the provider may use the data for"},
    )
    contact_name = NameField(
        what="The name",
        label="Whom do people ask about this agreement?",
        help_text="For example, your data protection officer",
        error_messages={"required": "Enter who answers questions about this agreement"},
    )
    contact_email = forms.EmailField(
        label="Their email address",
        max_length=254,
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
            "max_length": "The email address must be 254 characters or fewer",
        },
    )
    signed_on = DayField(
        what="the day on which the last of the two signed", label="When had both signed it?",
        help_text="For example, 27 3 2026",
    )  # fmt: skip
    starts_on = DayField(
        what="the first day", label="First day on which data may be shared", help_text="For example, 1 9 2026"
    )
    ends_on = DayField(
        what="the last day", label="Last day (optional)", required=False,
        help_text="For example, 31 8 2028. Leave empty if it runs until somebody ends it",
    )  # fmt: skip
    file = UploadField(label="The signed agreement (optional)", required=False, help_text="A PDF")
    ORDER = ("provider", "number", "processing", "reference", "purposes", "contact_name", "contact_email")

    def __init__(self, *args, providers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [("", "Choose a provider"), *((one.pk, one.name) for one in providers)]
        looks = {
            "provider": Field.select("provider"),
            "processing": Field.radios("processing", legend_size=Size.SMALL),
            "number": narrow("number"),
            "reference": narrow("reference", Fixed.TWENTY),
            "contact_name": narrow("contact_name", Fixed.THIRTY),
        }
        self.helper = helper(
            *[looks.get(name, Field(name)) for name in (*self.ORDER, "signed_on", "starts_on", "ends_on", "file")],
            submit="Write the agreement down",
        )
        self.helper.layout.append(HTML('{% include "components/upload_state.html" %}'))
        self.helper.attrs = {
            "data-portal-upload": "",
            "data-portal-largest": str(settings.FILE_MAX_BYTES),
            "data-portal-too-large": refusals.too_large(settings.FILE_MAX_BYTES),
        }

    def clean_number(self):
        return self.cleaned_data["number"].replace(" ", "").upper()

    def clean(self):
        data = super().clean()
        if not {"provider", "number"} & set(self.errors):
            self._find(data)
        if data.get("file") and set(self.errors) - {"file"}:
            self.add_error("file", AGAIN)
        return data

    def _find(self, data) -> None:
        """The provider that was chosen, or the one with the number."""
        if data["provider"] and data["number"]:
            self.add_error("number", "Choose a provider or enter a number, not both")
        elif data["number"]:
            found = provider_numbered(data["number"])
            if found is None:
                self.add_error("number", "No provider in the portal has this number. Check it, or ask it to sign up")
            else:
                data["provider"] = found.pk
        elif not data["provider"]:
            self.add_error("provider", "Choose the provider")


class EndAgreementForm(forms.Form):
    """Why an agreement ends."""

    reason = LinesField(
        what="The reason",
        longest=2000,
        label="Why does it end?",
        help_text="Both sides read it. Do not name pupils",
        error_messages={"required": "Say why it ends"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="End the agreement now", warning=True)


class TermsForm(forms.Form):
    """How a commissioner refers."""

    approve_above = MoneyField(
        label="Above what cost does a referral need a budget holder’s approval?",
        help_text="For the whole of one referral, without VAT, for example £5,000. Enter 0 if every referral does",
        error_messages={"required": "Enter an amount, like £5,000"},
    )
    answer_days = WholeField(
        what="The number of working days",
        least=1,
        most=20,
        label="How many working days do providers have to answer?",
        help_text="From 1 to 20. They are reminded one working day before the last moment",
        error_messages={"required": "Enter a number of working days, like 3"},
    )
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, terms, **kwargs):
        kwargs["initial"] = {
            "approve_above": Money(terms.approve_above_pence).in_short,
            "answer_days": terms.answer_days,
            "seen": mark_of(terms.approve_above_pence, terms.answer_days),
        }
        super().__init__(*args, **kwargs)
        self.helper = helper(
            narrow("approve_above", Fixed.TEN), narrow("answer_days", Fixed.THREE), "seen", submit="Save"
        )

    def seen_now(self, terms) -> None:
        """What the next attempt has seen: the error says what stands."""
        self.data = self.data.copy()
        self.data["seen"] = mark_of(terms.approve_above_pence, terms.answer_days)


class ListField(forms.FileField):
    """A list as a CSV file, of at most `most` bytes; `too_large` is said of a larger one."""

    def __init__(self, *, most: int, too_large: str, **kwargs):
        self.most, self.too_large = most, too_large
        kwargs.setdefault("error_messages", {"required": "Choose a file"})
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ".csv,text/csv"}))
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        """The file as it came, of a size that is read. Raises ValidationError."""
        upload = super().clean(data, initial)
        if upload and upload.size > self.most:
            raise forms.ValidationError(self.too_large, code="size")
        return upload


class ImportForm(forms.Form):
    """A list, and what is done with it."""

    CHECK, ALL, GOOD = "check", "all", "good"
    file = ListField(
        most=csv_pupils.MOST_BYTES,
        too_large=csv_pupils.TOO_LARGE,
        label="The list",
        help_text="A CSV file, 5 MB and 20,000 pupils at most",
    )
    what = choice(
        "What shall happen?",
        [
            (CHECK, "Check the list only, bring nobody in"),
            (ALL, "Bring everybody in, if every row is right"),
            (GOOD, "Bring in the rows that are right, and leave out the others"),
        ],
        required="Choose what shall happen",
        initial=CHECK,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("file"), Field.radios("what", legend_size=Size.SMALL), submit="Go on")


class KeepForm(forms.Form):
    """Why a record is kept longer."""

    reason = LinesField(
        what="The reason",
        longest=500,
        label="Why must the record be kept?",
        help_text="For example, a claim or an inquiry, with its reference",
        error_messages={"required": "Say why the record must be kept"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Keep this record")
