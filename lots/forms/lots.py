"""Lots: one by one, and several at once in a table."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import MoneyField
from core.money import Money
from lots.forms.fields import KeptField, keep
from lots.forms.setup import LONGEST
from lots.rules import outline
from lots.rules.outline import LotDraft
from lots.rules.refusals import Refused
from lots.states import LETTERS

PARTS = [(letter, f"{letter}: {phase.label}") for letter, phase in LETTERS.items()]
ROWS = 8


class LotForm(forms.Form):
    """One lot."""

    number = KeptField(
        what="The number", longest=20, lines=1, label="Number",
        error_messages={"required": "Enter the number of the lot"},
    )  # fmt: skip
    title = KeptField(
        what="The title", longest=500, lines=1, label="Title",
        error_messages={"required": "Enter the title of the lot"},
    )  # fmt: skip
    bids = forms.ChoiceField(
        label="How do providers get a place?",
        choices=[
            ("bid", "They bid for this lot"),
            ("auto", "It comes with a place on any other lot; nobody bids for it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how providers get a place", "invalid_choice": "Choose one of the two"},
    )
    letters = forms.MultipleChoiceField(
        label="Parts of the lot",
        help_text="Providers choose which of them they offer. A lot without parts is bid for as a whole",
        choices=PARTS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose only parts that are listed", "invalid_list": "Choose parts"},
    )
    description = KeptField(
        what="The description", longest=LONGEST, lines=6, label="What the lot is for (optional)", required=False
    )
    net_pence = MoneyField(label="Value excluding VAT (optional)", required=False)
    gross_pence = MoneyField(label="Value including VAT (optional)", required=False)
    for_small = forms.BooleanField(label="Suited to small and medium-sized businesses", required=False)
    for_voluntary = forms.BooleanField(
        label="Suited to charities, voluntary bodies and social enterprises", required=False
    )
    regions = KeptField(
        what="The regions", longest=LONGEST, lines=3, label="Where it is delivered (optional)", required=False,
        help_text="Codes of regions as notices use them, like UKH21, one on each line",
    )  # fmt: skip

    def __init__(self, *args, lot=None, framework, proposed: str = "", **kwargs):
        super().__init__(*args, initial=_initial(lot) if lot else {"number": proposed, "bids": "bid"}, **kwargs)
        keep(self)
        first = [narrow("number", Fixed.FIVE)]
        if lot and framework.ocid:
            del self.fields["number"]  # the notice knows the lot by it
            first = []
        self.helper = helper(
            *first,
            Field("title"),
            Field.radios("bids", legend_size=Size.SMALL),
            Field.checkboxes("letters", legend_size=Size.SMALL),
            Field("description"),
            Fieldset(
                narrow("net_pence", Fixed.TWENTY),
                narrow("gross_pence", Fixed.TWENTY),
                legend="Value",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(
                Field.checkbox("for_small"), Field.checkbox("for_voluntary"), Field("regions"),
                legend="Who it suits, and where",
                legend_size=Size.MEDIUM,
            ),
            submit="Save",
        )  # fmt: skip
        self.lot = lot

    def clean_regions(self):
        """Codes, each once, as they were written."""
        codes = [line.strip() for line in self.cleaned_data["regions"].splitlines() if line.strip()]
        if any(len(code) > 60 for code in codes):
            raise forms.ValidationError("Each region must be 60 characters or fewer")
        if len(codes) > 100:
            raise forms.ValidationError("Enter 100 regions or fewer")
        return tuple(dict.fromkeys(codes))

    def draft(self) -> LotDraft:
        """What the action takes."""
        data = self.cleaned_data
        kept = self.lot.number if self.lot else ""
        return LotDraft(
            number=data.get("number", kept),
            title=data["title"],
            letters=tuple(sorted(data["letters"])),
            is_auto=data["bids"] == "auto",
            description=data["description"],
            net_pence=data["net_pence"],
            gross_pence=data["gross_pence"],
            for_small=data["for_small"],
            for_voluntary=data["for_voluntary"],
            regions=data["regions"],
        )


def _initial(lot) -> dict:
    names = ("number", "title", "description", "for_small", "for_voluntary")
    money = {name: getattr(lot, name) for name in ("net_pence", "gross_pence")}
    regions = sorted(lot.regions.all(), key=lambda region: (region.position, region.pk))
    return {
        **{name: getattr(lot, name) for name in names},
        **{name: Money(pence).in_short for name, pence in money.items() if pence is not None},
        "bids": "auto" if lot.is_auto else "bid",
        "letters": [part.letter for part in lot.sub_lots.all()],
        "regions": "\n".join(region.code for region in regions),
    }


class LotsForm(forms.Form):
    """A table of several lots. A row without a title, parts and values is left out."""

    def __init__(self, *args, taken, **kwargs):
        super().__init__(*args, **kwargs)
        proposed = int(outline.next_number(taken))
        for row in range(1, ROWS + 1):
            text = {"class": "govuk-input"}
            self.fields[f"number_{row}"] = KeptField(
                what="The number", longest=20, lines=1, label=f"Number, row {row}", required=False,
                initial=str(proposed + row - 1), widget=forms.TextInput(attrs=text),
            )  # fmt: skip
            self.fields[f"title_{row}"] = KeptField(
                what="The title", longest=500, lines=1, label=f"Title, row {row}", required=False,
                widget=forms.TextInput(attrs=text),
            )  # fmt: skip
            for letter, phase in LETTERS.items():
                self.fields[f"part_{letter}_{row}"] = _tick(f"{letter}: {phase.label}, row {row}")
            self.fields[f"auto_{row}"] = _tick(f"Comes with the others, row {row}")
            for name, what in (("net", "excluding"), ("gross", "including")):
                self.fields[f"{name}_{row}"] = MoneyField(
                    label=f"Value {what} VAT, row {row}", required=False, widget=forms.TextInput(attrs=text)
                )
        self.taken = list(taken)

    def rows(self) -> list[dict]:
        """The fields of each row, for the table."""
        return [
            {
                "number": self[f"number_{row}"],
                "title": self[f"title_{row}"],
                "parts": [(self[f"part_{letter}_{row}"], phase.label) for letter, phase in LETTERS.items()],
                "auto": self[f"auto_{row}"],
                "net": self[f"net_{row}"],
                "gross": self[f"gross_{row}"],
            }
            for row in range(1, ROWS + 1)
        ]

    def clean(self):
        cleaned = super().clean()
        self.drafts, numbers = [], list(self.taken)
        for row in range(1, ROWS + 1):
            if self._blank(row):
                continue
            draft = self._draft(row)
            if not draft.title and f"title_{row}" not in self.errors:
                self.add_error(f"title_{row}", f"Enter the title of lot {draft.number}".strip())
            try:
                outline.check_lot(draft, numbers)
            except Refused as refusal:
                field = {"net_pence": "net", "gross_pence": "gross", "letters": "part_A"}.get(
                    refusal.field, refusal.field
                )
                self.add_error(f"{field}_{row}", str(refusal))
            numbers.append(draft.number)
            self.drafts.append(draft)
        if not self.drafts and not self.errors:
            self.add_error("title_1", "Enter the title of at least one lot")
        return cleaned

    def _blank(self, row: int) -> bool:
        names = ["title", "net", "gross", "auto", *[f"part_{letter}" for letter in LETTERS]]
        return not any(self.cleaned_data.get(f"{name}_{row}") or f"{name}_{row}" in self.errors for name in names)

    def _draft(self, row: int) -> LotDraft:
        data = self.cleaned_data
        return LotDraft(
            number=data.get(f"number_{row}") or "",
            title=data.get(f"title_{row}") or "",
            letters=tuple(letter for letter in LETTERS if data.get(f"part_{letter}_{row}")),
            is_auto=bool(data.get(f"auto_{row}")),
            net_pence=data.get(f"net_{row}"),
            gross_pence=data.get(f"gross_{row}"),
        )


def _tick(label: str) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"class": "govuk-checkboxes__input"})
    return forms.BooleanField(label=label, required=False, widget=widget)
