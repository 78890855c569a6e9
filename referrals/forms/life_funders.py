"""Who pays a placement from a day on."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from lots.forms.fields import WholeField
from referrals.forms.life import SeenForm, reason_field
from referrals.forms.placing import ShareField
from referrals.queries.placements import school_by_urn
from referrals.rules.placing import MOST_SHARES, percent

CELLS = ("funder", "urn", "share")


class FundersForm(SeenForm):
    """`payers` are offered by name, `kept` are the shares that hold, as (funder, hundredths of a per cent)."""

    from_on = DayField(what="the first day", label="From which day?", help_text="It may have passed")
    reason = reason_field("Why does it change?", "Write why it changes", longest=300)

    def __init__(self, data=None, *, payers, kept, initial):
        super().__init__(data, initial=initial)
        choices = [("", "Choose who pays"), *((one.pk, one.name) for one in payers)]
        for number in range(1, MOST_SHARES + 1):
            self._add(number, choices)
        for number, (funder, share) in enumerate(kept[:MOST_SHARES], 1):
            self.initial |= {f"funder_{number}": funder, f"share_{number}": percent(share)}
        rows = [self._row(number) for number in range(1, self._shown(len(kept)) + 1)]
        self.helper = helper("revision", Field("from_on"), *rows, Field("reason"), submit="Change who pays")

    def _add(self, number: int, choices) -> None:
        self.fields |= {
            f"funder_{number}": forms.TypedChoiceField(
                label="Who pays", choices=choices, coerce=int, empty_value=None, required=False,
                error_messages={"invalid_choice": "Select one of these, or enter the URN of another school"},
            ),
            f"urn_{number}": WholeField(
                what="The URN", least=100_000, most=999_999, label="Or another school, by its URN", required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            ),
            f"share_{number}": ShareField(label="Share, in per cent", required=False),
        }  # fmt: skip

    def _row(self, number: int) -> Fieldset:
        fields = (Field(f"funder_{number}"), narrow(f"urn_{number}", Fixed.TEN), narrow(f"share_{number}", Fixed.FIVE))
        return Fieldset(*fields, legend=f"Payer {number}", legend_size=Size.MEDIUM)

    def _shown(self, kept: int) -> int:
        sent = [n for n in range(1, MOST_SHARES + 1) if any(self.data.get(f"{cell}_{n}") for cell in CELLS)]
        return min(MOST_SHARES, max([kept, *sent]) + 1)

    def clean(self):
        cleaned = super().clean()
        self.shares = []
        for number in range(1, MOST_SHARES + 1):
            self._read(number)
        return cleaned

    def _read(self, number: int) -> None:
        if any(f"{cell}_{number}" in self.errors for cell in CELLS):
            return
        funder, urn, share = (self.cleaned_data.get(f"{cell}_{number}") for cell in CELLS)
        if urn and not funder:
            found = school_by_urn(str(urn))
            if found is None:
                self.add_error(f"urn_{number}", "There is no open school with this URN. Check it")
                return
            funder = found.pk
        if funder and share is None:
            self.add_error(f"share_{number}", "Enter the share in per cent, like 100")
        elif share is not None and not funder:
            self.add_error(f"funder_{number}", "Select who pays this share")
        elif funder:
            self.shares.append((funder, share))
