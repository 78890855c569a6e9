"""A placement outside a framework, and a list of those that already run."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, MoneyField
from lots.forms.places import choice
from lots.states import Unit
from referrals.forms.placing import MOST_SESSIONS, SAYS, PlacingForm
from referrals.forms.sharing import ListField
from referrals.queries.outside import Deal
from referrals.queries.placing import Part
from referrals.rules import csv_placements
from referrals.states import Basis, Reason, Route, Runs

MOST_POUNDS = 100_000


class ProviderForm(forms.Form):
    """With whom: those with which there is an agreement to share pupil data."""

    provider = forms.TypedChoiceField(
        label="Provider",
        help_text="Those with which you have an agreement to share pupil data in force",
        coerce=int,
        error_messages={"required": "Choose the provider", "invalid_choice": "Choose a provider from the list"},
    )

    def __init__(self, *args, providers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [("", "Choose a provider"), *((one.pk, one.name) for one in providers)]
        self.helper = helper(Field.select("provider"), submit="Go on")
        self.helper.form_method = "get"


class OutsideForm(PlacingForm):
    """All that is agreed with a provider outside a framework. The week is typed, each session at one of the provider's
    sites or at an address."""

    route = choice(
        "What is it?",
        [
            (Route.SPOT, "A new placement, bought outside a framework"),
            (Route.LEGACY, "A placement that was agreed before the portal"),
        ],
        required="Choose what it is",
    )
    outside_reason = LinesField(
        what="The reason", longest=1000, widget=forms.Textarea(attrs={"rows": 3}),
        label="Why is it outside a framework?",
        help_text="For example, nobody on the framework teaches this. Do not name the pupil",
        error_messages={"required": "Enter why it is outside a framework"},
    )  # fmt: skip
    agreed_on = DayField(
        what="when it was agreed", label="If it was agreed before the portal, when?", required=False,
        help_text="For example, 27 3 2026",
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Why is the provision arranged?", choices=[("", "Choose a reason"), *Reason.choices],
        error_messages={"required": "Choose the reason", "invalid_choice": "Choose a reason from the list"},
    )  # fmt: skip
    basis = forms.ChoiceField(
        label="Under which power or duty?", choices=[("", "Choose one"), *Basis.choices],
        error_messages={"required": "Choose the power or duty", "invalid_choice": "Choose one from the list"},
    )  # fmt: skip
    unit = forms.ChoiceField(
        label="The price is for one", choices=[("", "Choose a unit"), *Unit.choices],
        error_messages={"required": "Choose what the price is for", "invalid_choice": "Choose one from the list"},
    )  # fmt: skip
    pence = MoneyField(
        label="Price of one, without VAT", help_text="For example, £45 or £45.50",
        error_messages={"required": "Enter the price, like £45"},
    )  # fmt: skip
    referral = forms.TypedChoiceField(
        label="Referral that it is of (optional)", coerce=int, empty_value=None, required=False,
        help_text="Needed only if it costs more than may be spent without a budget holder",
        error_messages={"invalid_choice": "Choose a referral from the list"},
    )  # fmt: skip
    over_reason = LinesField(
        what="The reason", longest=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        label="If more is spent with this provider than the threshold, why?",
        help_text="Only if the page says so. Do not name the pupil",
    )  # fmt: skip

    def __init__(self, data=None, *, referrals=(), changes=False, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["referral"].choices = [
            ("", "None"),
            *((one.pk, f"Referral {one.pk}, {one.get_state_display().lower()}") for one in referrals),
        ]
        above = [
            Field.radios("route", legend_size=Size.SMALL), Field("outside_reason"), Field("agreed_on"),
            Field.select("reason"), Field.select("basis"), Field.select("unit"), narrow("pence", Fixed.TEN),
        ]  # fmt: skip
        if changes:
            for name in ("route", "agreed_on", "referral"):
                del self.fields[name]
            above = [one for one in above if not {"route", "agreed_on"} & set(one.fields)]
        below = [Field("over_reason")] if changes else [Field.select("referral"), Field("over_reason")]
        self.helper.layout.fields[1:1] = above
        self.helper.layout.fields += below

    def _typed(self) -> list:
        sets = super()._typed()
        for number in range(1, MOST_SESSIONS + 1):
            self.fields[f"site_{number}"].label = "Site"
            self.fields[f"address_{number}"] = forms.CharField(
                label="Or the address, at home or in the community", max_length=300, required=False,
                error_messages={"max_length": "The address must be 300 characters or fewer"},
            )  # fmt: skip
        for number, one in enumerate(sets, 1):
            one.fields.insert(4, Field(f"address_{number}"))
        return sets

    def _typed_parts(self) -> list[Part]:
        found = []
        for number in range(1, MOST_SESSIONS + 1):
            part = self._part(number)
            found += [part] if part else []
        return found

    def _part(self, number: int) -> Part | None:
        told = {
            cell: self.cleaned_data.get(f"{cell}_{number}") for cell in ("weekday", "from", "to", "site", "address")
        }
        if all(value in (None, "") for value in told.values()):
            return None
        address = (told.pop("address") or "").strip()
        wrong = [cell for cell, value in told.items() if value is None and not (cell == "site" and address)]
        for cell in wrong:
            if f"{cell}_{number}" not in self.errors:
                self.add_error(f"{cell}_{number}", f"Session {number}: {SAYS[cell]}")
        if told["site"] and address:
            wrong.append("site")
            self.add_error(f"site_{number}", f"Session {number}: choose a site or enter an address, not both")
        if wrong:
            return None
        runs = self.cleaned_data.get(f"runs_{number}") or Runs.SCHOOL
        return Part(told["weekday"], told["from"], told["to"], self.sites.get(told["site"]), runs, address)

    def clean_pence(self):
        pence = self.cleaned_data["pence"]
        if pence is not None and not 1 <= pence <= MOST_POUNDS * 100:
            raise forms.ValidationError(f"The price must be more than £0 and £{MOST_POUNDS:,} at the most")
        return pence

    def deal(self, provider: int, *, route: str = "", referral: int | None = None) -> Deal:
        """What was typed; `route` and `referral` where they cannot be changed any more."""
        told = self.cleaned_data
        return Deal(
            provider=provider,
            route=route or told["route"],
            unit=told["unit"],
            pence=told["pence"],
            reason=told["reason"],
            basis=told["basis"],
            outside_reason=told["outside_reason"],
            over_reason=told["over_reason"],
            agreed_on=told.get("agreed_on"),
            referral=told.get("referral", referral),
        )


class ImportPlacementsForm(forms.Form):
    """A list, and what is done with it."""

    CHECK, ALL, GOOD = "check", "all", "good"
    file = ListField(
        most=csv_placements.MOST_BYTES,
        too_large=csv_placements.TOO_LARGE,
        label="The list",
        help_text="A CSV file, 2 MB and 2,000 placements at most",
    )
    what = choice(
        "What shall happen?",
        [
            (CHECK, "Check the list only, bring nothing in"),
            (ALL, "Bring everything in, if every row is right"),
            (GOOD, "Bring in the rows that are right, and leave out the others"),
        ],
        required="Choose what shall happen",
        initial=CHECK,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("file"), Field.radios("what", legend_size=Size.SMALL), submit="Go on")
