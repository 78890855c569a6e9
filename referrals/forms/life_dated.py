"""One session on a day of its own: added to an agreed placement, or taken away again."""

from __future__ import annotations

from collections.abc import Sequence

from crispy_forms_gds.layout import Field, Fixed
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from lots.forms.fields import TimeField
from providers.models import Site
from referrals.forms.life import SeenForm, agreed_field, more_fields, reason_field
from referrals.queries.placing import Part
from referrals.states import Runs

ELSEWHERE = 0  # at the pupil's home or in the community: the address says where


class DatedForm(SeenForm):
    """When and where; `sites` are the provider's."""

    day = DayField(what="the day", label="On which day?", help_text="It takes place on that day whoever is closed then")
    starts = TimeField(label="From", error_messages={"required": "Enter when it starts"})
    ends = TimeField(label="To", error_messages={"required": "Enter when it ends"})
    site = forms.TypedChoiceField(
        label="Where",
        coerce=int,
        empty_value=None,
        error_messages={"required": "Select where", "invalid_choice": "Select one of these"},
    )
    address = LinesField(
        what="The address",
        longest=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Address, if it is at none of the provider’s sites",
    )
    reason = reason_field("Why is there one session more?", "Write why there is one session more")
    agreed = agreed_field()

    def __init__(self, *args, sites: Sequence[Site], **kwargs):
        super().__init__(*args, **kwargs)
        self.sites = {one.pk: one for one in sites}
        self.fields["site"].choices = [
            ("", "Choose where"),
            *((pk, one.name) for pk, one in self.sites.items()),
            (ELSEWHERE, "At an address that you write down"),
        ]
        self.fields["over_reason"] = more_fields()["over_reason"]
        self.helper = helper(
            "revision",
            Field("day"),
            narrow("starts", Fixed.TEN),
            narrow("ends", Fixed.TEN),
            Field("site"),
            Field("address"),
            Field("reason"),
            Field("over_reason"),
            Field.checkbox("agreed"),
            submit="Add this session",
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("site") == ELSEWHERE and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", "Enter the address")
        return cleaned

    @property
    def part(self) -> Part:
        """The session as it is typed."""
        told = self.cleaned_data
        site = self.sites.get(told["site"])
        address = "" if site else told["address"]
        return Part(told["day"].weekday(), told["starts"], told["ends"], site, Runs.DATES, address)


class DatedGoneForm(SeenForm):
    """Why it does not take place."""

    reason = reason_field("Why does it not take place?", "Write why it does not take place")
    agreed = agreed_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "revision", Field("reason"), Field.checkbox("agreed"), submit="Take this session away", warning=True
        )
