"""What is typed about KPIs: one with its lines, its days, the answer to a question, a set for a whole framework."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from contracts.models import Contract
from contracts.rules.kpis import LEAST_DAYS, MOST_DAYS, MOST_LINES, KpiText, LineText
from contracts.states import Asked, Fed, LineKind, Side
from core.fields import LinesField, NameField
from lots.forms.fields import WholeField, yes_or_no

SPARE = 3
DAILY, SELDOM = "daily", "seldom"
# How a line is answered: one choice for what it is, where the answer comes from and how often it is asked.
HOW: dict[str, tuple[str, tuple[str, str, str, str]]] = {
    "daily": ("The provider says so with every report", (LineKind.STANDARD, Fed.SAID, Asked.DAILY, "")),
    "term": (
        "The provider says so each term, and when something changes",
        (LineKind.STANDARD, Fed.SAID, Asked.TERM, ""),
    ),
    "registers": ("From the registers", (LineKind.STANDARD, Fed.REGISTERS, Asked.DAILY, "")),
    "absences": (
        "From absences, and how soon they were told",
        (LineKind.STANDARD, Fed.ABSENCES, Asked.DAILY, ""),
    ),
    "concerns": ("From concerns that were raised", (LineKind.STANDARD, Fed.CONCERNS, Asked.DAILY, "")),
    "incidents": ("From incidents and first aid", (LineKind.STANDARD, Fed.INCIDENTS, Asked.DAILY, "")),
    "drills": ("From fire drills", (LineKind.STANDARD, Fed.DRILLS, Asked.DAILY, "")),
    "buyer": ("It is a question, which the buyer answers", (LineKind.QUESTION, Fed.SAID, Asked.DAILY, Side.BUYER)),
    "supplier": (
        "It is a question, which the provider answers",
        (LineKind.QUESTION, Fed.SAID, Asked.DAILY, Side.SUPPLIER),
    ),
}


def how_of(line: LineText) -> str:
    """The choice that says how a line is answered."""
    told = (line.kind, line.fed, line.asked, line.side)
    return next((name for name, (_, parts) in HOW.items() if parts == told), "daily")


class OftenForm(forms.Form):
    """From which day, and how many reporting days are between two reports."""

    from_on = DayField(what="the first day", label="From which day is it reported on?")
    often = forms.ChoiceField(
        label="How often does the provider report?",
        choices=[(DAILY, "Every day on which the provider teaches"), (SELDOM, "Less often")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how often the provider reports",
            "invalid_choice": "Choose one of the two",
        },
    )
    days = WholeField(
        what="The number of days",
        least=LEAST_DAYS,
        most=MOST_DAYS,
        required=False,
        label="If less often, how many days apart?",
        help_text="Only days on which the provider teaches are counted. For example, 5 is about once a week",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("often") == SELDOM and cleaned.get("days") is None and "days" not in self.errors:
            self.add_error("days", "Enter how many days apart the reports are")
        if cleaned.get("often") == DAILY:
            self.errors.pop("days", None)
            cleaned["days"] = 1
        return cleaned

    def often_fields(self) -> list:
        """The three as they stand on a page."""
        return [Field("from_on"), Field.radios("often", legend_size=Size.SMALL), narrow("days", Fixed.THREE)]

    @staticmethod
    def often_of(days: int) -> dict:
        """What they show of a KPI that there is."""
        return {"often": DAILY if days == 1 else SELDOM, "days": None if days == 1 else days}


class FiveForm(OftenForm):
    """The usual five on one agreement."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(*self.often_fields(), submit="Add the five measures")


class KpiForm(OftenForm):
    """One KPI. A line without text is left out."""

    title = NameField(what="The title", label="Title", error_messages={"required": "Enter the title"})

    def __init__(self, *args, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_LINES + 1):
            self.fields[f"text_{number}"] = LinesField(
                what=f"Line {number}",
                longest=1000,
                required=False,
                label="What must be so, or what is asked",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"how_{number}"] = forms.ChoiceField(
                label="How it is answered",
                choices=[(name, label) for name, (label, _) in HOW.items()],
                required=False,
                error_messages={"invalid_choice": "Choose one of these"},
            )
        rows = [
            Fieldset(Field(f"text_{number}"), Field(f"how_{number}"), legend=f"Line {number}", legend_size=Size.SMALL)
            for number in range(1, self._shown() + 1)
        ]
        self.helper = helper(Field("title"), *self.often_fields(), *rows, submit=submit)

    @staticmethod
    def initial_of(text: KpiText) -> dict:
        """What the form shows of a KPI that there is."""
        found = {"title": text.title}
        for number, line in enumerate(text.lines, 1):
            found |= {f"text_{number}": line.text, f"how_{number}": how_of(line)}
        return found

    def _shown(self) -> int:
        held = [n for n in range(1, MOST_LINES + 1) if self.initial.get(f"text_{n}") or self.data.get(f"text_{n}")]
        return min(MOST_LINES, max(held, default=0) + SPARE)

    def clean(self):
        cleaned = super().clean()
        self.lines: list[LineText] = []
        for number in range(1, MOST_LINES + 1):
            text = " ".join((cleaned.get(f"text_{number}") or "").split())
            if text.casefold() in {line.text.casefold() for line in self.lines}:
                self.add_error(f"text_{number}", f"Line {number} stands above already: change it, or empty it")
            elif text:
                self.lines.append(LineText(text, *HOW[cleaned.get(f"how_{number}") or "daily"][1]))
        return cleaned

    @property
    def text(self) -> KpiText:
        """The KPI as it is typed."""
        return KpiText(self.cleaned_data["title"], tuple(self.lines))


class EndForm(forms.Form):
    """The last day of a KPI."""

    until_on = DayField(what="the last day", label="What is the last day that is reported on?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("until_on"), submit="End this measure", warning=True)


class AnswerForm(forms.Form):
    """Yes or no, since when, and what is to be said about it."""

    yes = yes_or_no("Your answer", "Yes", "No")
    answered_on = DayField(what="the day", label="Since when is that so?")
    words = LinesField(
        what="What you write",
        longest=1000,
        required=False,
        label="What is to be said about it?",
        help_text="If your answer is no, write what stands in the way. Both sides read this. Do not name a child",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.radios("yes", legend_size=Size.SMALL, inline=True),
            Field("answered_on"),
            Field("words"),
            submit="Save the answer",
        )


class FrameworkKpisForm(OftenForm):
    """Which KPIs the agreements of a framework get."""

    like = forms.ChoiceField(
        label="Which measures?",
        required=False,
        help_text="Measures of another agreement keep its own days between reports",
        error_messages={"invalid_choice": "Choose one of these"},
    )

    def __init__(self, *args, patterns: Iterable[Contract], today: dt.date, **kwargs):
        kwargs.setdefault("initial", {"from_on": today, "often": DAILY})
        super().__init__(*args, **kwargs)
        self.patterns = {str(one.pk): one for one in patterns}
        same = [(pk, f"The same as {one.supplier.name}, {one.reference}") for pk, one in self.patterns.items()]
        self.fields["like"].choices = [("", "The usual five"), *same]
        self.helper = helper(Field("like"), *self.often_fields(), submit="Put these measures on the agreements")

    @property
    def chosen(self) -> Contract | None:
        """The agreement whose KPIs are taken; None for the usual five."""
        return self.patterns.get(self.cleaned_data["like"])
