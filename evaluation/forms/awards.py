"""What people type about awards."""

from __future__ import annotations

import re

from crispy_forms_gds.layout import Field, Fixed
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from evaluation.rules.standstill import check_number
from lots.rules.refusals import Refused

_LINE = re.compile(r"\s*(?:bid\s+)?([0-9]{1,9})\s*(?:,\s*lot\s+([^:]{1,20}?)\s*)?:\s*(\S.*)", re.IGNORECASE)


class LeftOutField(LinesField):
    """One bid on each line: its number, a lot where only that lot is meant, and the reason. Gives the reasons by
    (number of the bid, number of the lot or None)."""

    def to_python(self, value):
        found = {}
        for number, line in enumerate(super().to_python(value).split("\n"), start=1):
            if not line.strip():
                continue
            match = _LINE.fullmatch(line)
            if match is None:
                raise ValidationError(
                    f"Line {number} is not a bid’s number, a colon and the reason, like “12: ranked 101st by price”",
                    code="line",
                )
            key = int(match[1]), match[2]
            if key in found:
                raise ValidationError(f"Line {number} names the same bid as a line before it", code="twice")
            found[key] = match[3].strip()
        return found


class ProposeForm(forms.Form):
    """A note for whoever approves; over a limit also how the published rule was applied."""

    rule_applied = LinesField(
        what="How the rule was applied",
        longest=4000,
        label="How you applied the published rule",
        help_text="So that somebody else who applies it gets the same list",
        required=False,
    )
    left_out = LeftOutField(
        what="The list",
        longest=100_000,
        label="Who is left out, one on each line",
        help_text="The bid’s number, a colon, and the reason that the bidder reads: “12: ranked 101st by price”. "
        "For one lot alone: “12, lot 3: the seventh of its lots”",
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    note = LinesField(
        what="The note",
        longest=2000,
        label="Note for whoever approves (optional)",
        required=False,
    )

    def __init__(self, *args, over: bool, **kwargs):
        super().__init__(*args, **kwargs)
        names = ["rule_applied", "left_out", "note"] if over else ["note"]
        for name in set(self.fields) - set(names):
            del self.fields[name]
        self.helper = helper(*[Field(name) for name in names], submit="Propose this award")


class SendBackForm(forms.Form):
    """Why an award is sent back."""

    note = LinesField(
        what="The reason",
        longest=2000,
        label="Why it is sent back, or what has to change",
        error_messages={"required": "Enter why it is sent back"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("note"), submit="Send it back", warning=True)


class PublicationForm(forms.Form):
    """Which notice was published, and when."""

    notice_number = forms.CharField(
        label="Notice number on Find a Tender",
        help_text="Six figures, a hyphen and the year, for example 012345-2026",
        max_length=40,
        error_messages={
            "required": "Enter the notice number",
            "max_length": "Enter the notice number as Find a Tender shows it, like 012345-2026",
        },
    )
    published_on = DayField(what="the day of publication", label="Day on which it was published")

    def __init__(self, *args, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(narrow("notice_number", Fixed.TWENTY), Field("published_on"), submit=submit)

    def clean_notice_number(self):
        number = self.cleaned_data["notice_number"].replace("–", "-").replace("‑", "-")
        try:
            check_number(number)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="number") from refusal
        return number


class TakeBackForm(forms.Form):
    """Why an award is taken back."""

    reason = LinesField(
        what="The reason",
        longest=2000,
        label="Why the award is taken back",
        help_text="The bidder reads this",
        error_messages={"required": "Enter why the award is taken back"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Ask to take it back", warning=True)
