"""A framework described by hand: its title, what it is, who may use it, why it is given up."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import LinesField, MoneyField
from core.money import Money
from lots.forms.fields import KeptField, WholeField, keep, said, yes_or_no
from lots.states import CallOff

LONGEST = 20_000


def _title():
    return KeptField(
        what="The title",
        longest=500,
        lines=1,
        label="Title of the framework",
        help_text="As providers will read it, for example “Alternative provision open framework”",
        error_messages={"required": "Enter the title of the framework"},
    )


def _is_open():
    return yes_or_no(
        "Is it an open framework?",
        "Yes: it is opened again for new providers, for 8 years at most",
        "No: providers join once, at the start",
    )


class StartForm(forms.Form):
    """What is needed to begin."""

    title = _title()
    is_open = _is_open()

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"is_open": "yes"})
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field("title"), Field.radios("is_open", legend_size=Size.SMALL), submit="Start this framework"
        )


class AboutForm(forms.Form):
    """What is said of a framework as a whole."""

    title = _title()
    reference = KeptField(
        what="Your reference", longest=200, lines=1, label="Your reference (optional)", required=False,
        help_text="The number by which your council knows this procurement",
    )  # fmt: skip
    description = KeptField(
        what="What the framework is for", longest=LONGEST, lines=8, label="What the framework is for", required=False
    )
    is_open = _is_open()
    light_touch = yes_or_no(
        "Is it a light touch framework?",
        "Yes: education is, whatever the amount",
        "No",
    )
    with_competition = yes_or_no(
        "How is a provider chosen for a pupil?",
        "By a further competition between providers",
        "Directly, by the rules of the framework",
    )
    net_pence = MoneyField(
        label="Estimated value excluding VAT", help_text="In pounds, all years together", required=False
    )
    gross_pence = MoneyField(label="Estimated value including VAT", required=False)
    max_participants = WholeField(
        what="The limit of providers",
        label="Most providers on the framework (optional)",
        help_text="Leave empty for no limit. With a limit nobody can be carried over at a re-opening only because they "
        "are on the framework already (Procurement Act 2023, section 49(5))",
        required=False,
    )
    max_lots = WholeField(
        what="The limit of lots", most=1000, label="Most lots for one provider (optional)", required=False
    )
    criteria = KeptField(
        what="How bids are judged", longest=LONGEST, label="How bids are judged (optional)", required=False
    )
    how_to_apply = KeptField(what="How to apply", longest=LONGEST, label="How to apply (optional)", required=False)
    payment_terms = KeptField(what="Payment terms", longest=LONGEST, label="Payment terms (optional)", required=False)
    risks = KeptField(
        what="Known risks", longest=LONGEST, label="Known risks (optional)", required=False,
        help_text="What could change the framework while it runs",
    )  # fmt: skip

    BOOLEANS = ("is_open", "light_touch", "with_competition")
    MONEY = ("net_pence", "gross_pence")

    def __init__(self, *args, framework, **kwargs):
        initial = {name: getattr(framework, name) for name in self.base_fields}
        initial |= {name: said(initial[name]) for name in self.BOOLEANS}
        initial |= {name: Money(initial[name]).in_short for name in self.MONEY if initial[name] is not None}
        super().__init__(*args, initial=initial, **kwargs)
        keep(self)
        self.helper = helper(
            Field("title"),
            narrow("reference", Fixed.TWENTY),
            Field("description"),
            *[Field.radios(name, legend_size=Size.SMALL) for name in self.BOOLEANS],
            Fieldset(
                narrow("net_pence", Fixed.TWENTY),
                narrow("gross_pence", Fixed.TWENTY),
                legend="Value",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(
                narrow("max_participants", Fixed.FIVE),
                narrow("max_lots", Fixed.FIVE),
                legend="Limits",
                legend_size=Size.MEDIUM,
            ),
            Fieldset(
                Field("criteria"), Field("how_to_apply"), Field("payment_terms"), Field("risks"),
                legend="What providers should know",
                legend_size=Size.MEDIUM,
            ),
            submit="Save and return",
        )  # fmt: skip


class UsersForm(forms.Form):
    """Who may use a framework beside its buyer."""

    call_off = forms.ChoiceField(
        label="Who may use the framework?",
        choices=[
            (CallOff.BUYER, "Only us"),
            (CallOff.NAMED, "We, and those named below"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may use the framework", "invalid_choice": "Choose one of the two"},
    )
    schools_of_area = forms.BooleanField(label="Schools in our area, maintained or not", required=False)
    area = LinesField(
        what="The description of these schools",
        longest=300,
        label="How the notice calls these schools",
        widget=forms.TextInput(),
        required=False,
    )
    named = LinesField(
        what="The list of names",
        longest=60_000,
        label="Others by name",
        help_text="One on each line: the name of a council, trust or school, or a school’s URN",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.radios("call_off", legend_size=Size.SMALL),
            Field.checkbox("schools_of_area"),
            Field("area"),
            Field("named"),
            submit="Save and return",
        )

    def clean_named(self):
        names = [" ".join(line.split()) for line in self.cleaned_data["named"].splitlines()]
        names = [name for name in names if name]
        if any(len(name) > 300 for name in names):
            raise forms.ValidationError("Each name must be 300 characters or fewer")
        return names

    def clean_area(self):
        return " ".join(self.cleaned_data["area"].split())

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("schools_of_area") and not cleaned.get("area") and "area" not in self.errors:
            self.add_error("area", "Enter how the notice calls these schools")
        return cleaned


class PublishForm(forms.Form):
    """Nothing but the tick that says yes."""

    sure = forms.BooleanField(
        label="I have checked all of this. I know that it cannot be changed afterwards",
        error_messages={"required": "Tick the box to say that you have checked"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.checkbox("sure"), submit="Publish the framework")


class WithdrawForm(forms.Form):
    """Why a published framework is given up; a draft needs no reason."""

    reason = LinesField(
        what="The reason",
        longest=4000,
        label="Why is it withdrawn?",
        help_text="Everybody who reads the framework’s page sees this",
        error_messages={"required": "Say why the framework is withdrawn"},
    )

    def __init__(self, *args, published: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not published:
            del self.fields["reason"]
        parts = [Field("reason")] if published else []
        submit = "Withdraw the framework" if published else "Delete this draft"
        self.helper = helper(*parts, submit=submit, warning=True)
