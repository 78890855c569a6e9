"""Price lines: one, several of the usual ones for several lots, or those of one lot for others."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.forms.fields import helper
from lots.forms.fields import KeptField, keep, said, yes_or_no
from lots.rules.price_lines import USUAL, Line
from lots.states import Gated, Group, Mode, Unit


def _choice(label: str, states, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "Choose"), *states.choices],
        error_messages={"required": f"Choose: {label.lower()}", "invalid_choice": f"Choose: {label.lower()}"},
        **kwargs,
    )


class LineForm(forms.Form):
    """One price line."""

    title = KeptField(
        what="The name", longest=200, lines=1, label="Name of the price line",
        help_text="For example, “Half-day session, small group”",
        error_messages={"required": "Enter the name of the price line"},
    )  # fmt: skip
    unit = _choice("Price for each", Unit)
    mode = _choice("Where it is", Mode)
    group = _choice("How many pupils share it", Group)
    includes = KeptField(
        what="What is included", longest=4000, lines=3, label="What is included (optional)", required=False,
        help_text="For example, materials, meals or travel",
    )  # fmt: skip
    gated = forms.ChoiceField(
        label="Is its price compared?",
        choices=[
            (Gated.GATED, "Yes: a price too far above the average of all bids fails"),
            (Gated.QUOTED, "No: it is asked for, not compared"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether its price is compared", "invalid_choice": "Choose one of the two"},
    )
    required = yes_or_no("Must every bid for the lot have this price?", "Yes", "No: a bid may leave it out")

    def __init__(self, *args, line: Line, **kwargs):
        initial = {name: getattr(line, name) for name in ("title", "unit", "mode", "group", "includes", "gated")}
        super().__init__(*args, initial=initial | {"required": said(line.required)}, **kwargs)
        keep(self)
        self.helper = helper(
            Field("title"),
            *[Field.select(name) for name in ("unit", "mode", "group")],
            Field("includes"),
            Field.radios("gated", legend_size=Size.SMALL),
            Field.radios("required", legend_size=Size.SMALL),
            submit="Save",
        )

    def line(self) -> Line:
        """What the action takes."""
        return Line(**self.cleaned_data)


def _lots(**kwargs) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label="For which lots?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one lot",
            "invalid_choice": "Choose only lots of this framework",
            "invalid_list": "Choose lots",
        },
        **kwargs,
    )


class UsualLinesForm(forms.Form):
    """Usual price lines for several lots."""

    usual = forms.MultipleChoiceField(
        label="Which price lines?",
        help_text="In each lot the first one is compared; further ones are only asked for, until you change that",
        choices=[(code, line.title) for code, line in USUAL.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one price line",
            "invalid_choice": "Choose only price lines that are listed",
            "invalid_list": "Choose price lines",
        },
    )
    lots = _lots()

    def __init__(self, *args, lots, **kwargs):
        kwargs["initial"] = {"lots": [lot.pk for lot in lots if not lot.is_auto]}
        super().__init__(*args, **kwargs)
        self.fields["lots"].choices = [(lot.pk, str(lot)) for lot in lots]
        self.helper = helper(
            Field.checkboxes("usual", legend_size=Size.SMALL),
            Field.checkboxes("lots", legend_size=Size.SMALL),
            submit="Add these price lines",
        )

    def lines(self) -> list[Line]:
        """The lines that were ticked, in the order of the list."""
        return [line for code, line in USUAL.items() if code in self.cleaned_data["usual"]]


class CopyLinesForm(forms.Form):
    """The lots that get the price lines of another one."""

    lots = _lots()

    def __init__(self, *args, lots, **kwargs):
        kwargs["initial"] = {"lots": [lot.pk for lot in lots if not lot.is_auto]}
        super().__init__(*args, **kwargs)
        self.fields["lots"].choices = [(lot.pk, str(lot)) for lot in lots]
        self.helper = helper(Field.checkboxes("lots", legend_size=Size.SMALL), submit="Copy to these lots")
