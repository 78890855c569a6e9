"""The parts about the bidder, its lots and its prices."""

from __future__ import annotations

from dataclasses import dataclass

from crispy_forms_gds.layout import HTML, Field, Fixed, Size
from django import forms
from django.utils.html import escape, format_html

from core.templatetags.portal import in_words
from providers.forms.parts import DayTypedField, OneField, PartForm, SeveralField, TextField
from providers.rules import lots, organisation, prices
from providers.rules.prices import Pool
from providers.rules.typed import text
from providers.states import ItemKind, Vat


class ProviderForm(forms.Form):
    """For which of one's providers to apply."""

    provider = forms.TypedChoiceField(
        label="Which organisation is applying?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the organisation that is applying",
            "invalid_choice": "Choose one of your organisations",
        },
    )

    def __init__(self, *args, providers: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [(pk, escape(name)) for pk, name in providers]
        if len(providers) == 1:
            self.fields["provider"].widget = forms.HiddenInput()
            self.fields["provider"].initial = providers[0][0]


class OrganisationForm(PartForm):
    """About the bidder."""

    more_buttons = (("upload", "Save, and upload the PDF"),)

    share_code = TextField(label="Share code")
    evidence_cdp = OneField(
        label="The PDF of your supplier information",
        hint="Download it from Find a Tender: open “Supplier information”, choose to share it, then save the PDF. "
        "If it is not in this list, upload it with the button at the end of the page",
        widget=forms.Select,
    )
    cdp_on = DayTypedField(
        label="When did you make the PDF?",
        hint="For example, 27 3 2027. Leave it empty if your library says when it was issued",
    )
    contact_name = TextField(label="Name")
    contact_email = TextField(label="Email address")
    contact_phone = TextField(label="Telephone number (optional)")
    size = OneField(
        label="How many people work for you?",
        hint="Count owners, employees and partner organisations. The buyer must say in its notices how many small and "
        "medium-sized firms it contracts with",
        choices=list(organisation.SIZES.items()),
    )
    vcse = OneField(
        label="Are you a voluntary, community or social enterprise?",
        hint="For example a charity, a community interest company or a co-operative that puts what it earns back in",
        choices=[("yes", "Yes"), ("no", "No")],
    )
    since = TextField(label="In which year did you begin?")
    history = TextField(
        label="What have you done so far?",
        hint="In a few sentences: which pupils, for whom, since when. A new organisation says who runs it and what "
        "they did before",
        lines=6,
    )

    def build(self):
        code = self.context.bidder.numbers.get("share_code")
        self.fields["share_code"].help_text = (
            f"8 characters, from “Supplier information” in Find a Tender. Leave it empty to use the one in your "
            f"registration, {code}"
            if code
            else "8 characters, from “Supplier information” in Find a Tender, with small and capital letters as shown"
        )
        self.fields["evidence_cdp"].choices = [("", "Choose a document"), *self._papers()]

    def _papers(self) -> list[tuple[str, str]]:
        """The documents of the right kind, and whichever was chosen."""
        chosen = self.data.get("evidence_cdp")
        return [
            (str(one.version), f"{one.title}{_dated(one)}{'' if one.is_current else ' (an earlier version)'}")
            for one in self.context.library.values()
            if str(one.version) == chosen or (one.kind == ItemKind.CDP and one.is_current)
        ]

    def layout(self):
        return [
            HTML('<h2 class="govuk-heading-m">Supplier information</h2>'),
            Field.text("share_code", field_width=Fixed.TEN),
            Field.select("evidence_cdp"),
            Field("cdp_on"),
            HTML('<h2 class="govuk-heading-m">Whom the buyer writes to about this application</h2>'),
            Field.text("contact_name"),
            Field.text("contact_email"),
            Field.text("contact_phone", field_width=Fixed.TWENTY),
            HTML('<h2 class="govuk-heading-m">About you</h2>'),
            Field.radios("size", legend_size=Size.SMALL),
            Field.radios("vcse", legend_size=Size.SMALL, inline=True),
            Field.text("since", field_width=Fixed.FOUR),
            Field.textarea("history", max_characters=organisation.LONGEST_HISTORY),
        ]


def _dated(held) -> str:
    return f", {in_words(held.issued_on, with_time=False)}" if held.issued_on else ""


class LotsForm(PartForm):
    """One group of boxes for each lot that can be bid for."""

    def build(self):
        for lot in self.context.offer.biddable:
            choices = [
                (str(part.pk), format_html("Lot {}{}: {}", lot.number, part.letter, part.phase_name))
                for part in lot.parts
            ]
            self.fields[lots.field_of(lot)] = SeveralField(
                label=format_html("Lot {}: <bdi>{}</bdi>", lot.number, lot.title),
                hint=escape(_short(lot.description)),
                choices=choices or [(lots.WHOLE, "The whole lot")],
            )

    def layout(self):
        return [
            Field.checkboxes(lots.field_of(lot), legend_size=Size.MEDIUM, small=True)
            for lot in self.context.offer.biddable
        ]


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 300 else line[:300].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True)
class PriceRow:
    """One price with its fields. `hourly` is for the bidder's information alone."""

    pool: Pool
    price: object
    vat: object
    hours: object | None
    hourly: str


class PricesForm(PartForm):
    """A price for each pool; drawn by its own template."""

    live_template = "providers/parts/hourly.html"

    def build(self):
        vat = "without VAT" if self.context.offer.net else "with VAT"
        self.fields[prices.VAT_ALL] = OneField(
            label="How is VAT charged on your prices?",
            choices=Vat.choices,
            hint="If one price differs, say so beside it",
        )
        for pool in prices.pools(self.context):
            name = pool.name[:1].upper() + pool.name[1:]
            self.fields[f"price_{pool.key}"] = TextField(
                label=format_html(
                    'Price for each {}<span class="govuk-visually-hidden"> of {}</span>, {}',
                    pool.line.unit_name, name, vat,
                )
            )  # fmt: skip
            self.fields[f"vat_{pool.key}"] = OneField(
                label=format_html('VAT<span class="govuk-visually-hidden"> for {}</span>', name),
                choices=[("", "As for all prices"), *Vat.choices],
                widget=forms.Select,
            )
            if pool.line.unit in prices.MOST_HOURS:
                self.fields[f"hours_{pool.key}"] = TextField(
                    label=format_html(
                        'Hours in each {}<span class="govuk-visually-hidden"> of {}</span> (optional)',
                        pool.line.unit_name, name,
                    )
                )  # fmt: skip
        for name, field in self.fields.items():
            if name.startswith("price_"):
                field.widget.attrs |= {"class": "govuk-input govuk-input--width-10", "inputmode": "decimal"}
            if name.startswith("hours_"):
                field.widget.attrs |= {"class": "govuk-input govuk-input--width-4", "inputmode": "decimal"}
            if name.startswith("vat_") and name != prices.VAT_ALL:
                field.widget.attrs["class"] = "govuk-select"

    @property
    def asks_hours(self) -> bool:
        """Whether any unit but the hour is priced."""
        return any(name.startswith("hours_") for name in self.fields)

    @property
    def groups(self) -> list[tuple]:
        """The lots that are priced, each with its rows."""
        found: dict[int, tuple] = {}
        for pool in prices.pools(self.context):
            found.setdefault(pool.lot.pk, (pool.lot, []))[1].append(self._row(pool))
        return list(found.values())

    def _row(self, pool: Pool) -> PriceRow:
        hours = f"hours_{pool.key}"
        return PriceRow(
            pool,
            self[f"price_{pool.key}"],
            self[f"vat_{pool.key}"],
            self[hours] if hours in self.fields else None,
            self._hourly(pool),
        )

    def _hourly(self, pool: Pool) -> str:
        typed = self.typed()
        pence, _ = prices.read_price(text(typed, f"price_{pool.key}"))
        hours = prices.read_hours(text(typed, f"hours_{pool.key}"), pool.line.unit)
        return str(prices.hourly(pence, hours)) if pence and hours else ""
