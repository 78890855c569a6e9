"""What is sent of registers: one pupil's mark, everybody else's, and the days that a page of codes asks for."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from lots.forms.fields import TimeField
from monitoring.rules.registers import Entry
from monitoring.states import Mark
from referrals.states import AbsenceReason

UNDO = "undo"
MOST_AT_ONCE = 300  # marked as present by one button
LONGEST_WAIT = 14 * 24 * 3600  # seconds for which a tap may have waited for a connection
# Not known yet stands first: it is what is true of most absences when they are marked.
REASONS = [
    (AbsenceReason.UNKNOWN.value, AbsenceReason.UNKNOWN.label),
    *((one.value, one.label) for one in AbsenceReason if one != AbsenceReason.UNKNOWN),
]
BESIDE = ("arrived", "left", "reason", "note")
OLD_PAGE = "This page is old. Look at the register as it is now, then mark again"


class MarkForm(forms.Form):
    """One pupil's mark, with whatever is said beside it. A button of the register sends the mark alone; what is not
    sent stays as it was while the mark stays. `key` is this form's own, so that sent twice it stands once."""

    mark = forms.ChoiceField(
        label="Was the pupil there?",
        choices=Mark.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose present, late or absent",
            "invalid_choice": "Choose present, late or absent",
        },
    )
    arrived = TimeField(label="If late: when did they arrive?", required=False, help_text="For example, 9:45")
    left = TimeField(label="If they left early: when?", required=False, help_text="For example, 13:10")
    reason = forms.ChoiceField(
        label="If absent: why?",
        choices=REASONS,
        required=False,
        help_text="As far as you know now. You can change it later",
        error_messages={"invalid_choice": "Choose one of the reasons"},
    )
    note = LinesField(
        what="The note",
        longest=500,
        label="Note (optional)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever works with the pupil at the school or the council can read it. For a concern use the page "
        "Concerns",
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE})
    site = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)
    ago = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LONGEST_WAIT)

    def __init__(self, data=None, *, stands: Entry):
        said = {name: getattr(stands, name) for name in BESIDE}
        super().__init__(data, initial=said | {"mark": stands.mark, "key": uuid.uuid4()})
        if stands.mark:
            self.fields["mark"].choices = [*Mark.choices, (UNDO, "Not marked yet: take my last tap back")]
        self.helper = helper(
            Field.radios("mark", legend_size=Size.MEDIUM),
            narrow("arrived", Fixed.FIVE),
            Field("reason"),
            narrow("left", Fixed.FIVE),
            Field("note"),
            "key",
            "site",
            submit="Save the mark",
        )

    def told(self) -> dict[str, Any]:
        """What was sent beside the mark."""
        return {name: self.cleaned_data[name] for name in BESIDE if name in self.data}

    @property
    def marked(self) -> str:
        """The mark; empty where the last one is taken back."""
        mark = self.cleaned_data["mark"]
        return "" if mark == UNDO else mark

    @property
    def waited(self) -> dt.timedelta:
        """How long the tap waited for a connection."""
        return dt.timedelta(seconds=self.cleaned_data["ago"] or 0)


class RestForm(forms.Form):
    """Everybody of a group whom nobody has marked: `keys` are `session:key`, a key of its own for each."""

    day = forms.DateField(required=False)
    site = forms.IntegerField(required=False, min_value=0, max_value=2**62)

    def clean(self):
        data, keys = super().clean(), {}
        sent = self.data.getlist("keys")
        try:
            for one in sent[: MOST_AT_ONCE + 1]:
                session, _, key = one.partition(":")
                keys[int(session)] = uuid.UUID(key)
        except ValueError as error:
            raise forms.ValidationError(OLD_PAGE) from error
        if not keys or len(sent) > MOST_AT_ONCE or len(set(keys.values())) < len(keys):
            raise forms.ValidationError(OLD_PAGE)
        if not all(0 < one < 2**62 for one in keys):
            raise forms.ValidationError(OLD_PAGE)
        return data | {"keys": keys}


class DaysForm(forms.Form):
    """A day, or the week that it is in."""

    day = DayField(what="the day", label="Day")
    span = forms.ChoiceField(
        label="Show",
        choices=[("day", "This day"), ("week", "The week that it is in")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the day or its week", "invalid_choice": "Choose the day or its week"},
    )

    def __init__(self, data, *, day: dt.date):
        asked = data if "day_0" in data else None
        super().__init__(asked, initial={"day": day, "span": "day"})
        self.helper = helper(Field("day"), Field.radios("span", inline=True, legend_size=Size.SMALL), submit="Show")
        self.helper.form_method = "get"

    @property
    def asked(self) -> tuple[dt.date, dt.date] | None:
        """From which day to which, both counted; None where what was asked cannot be read."""
        said = self.initial if not self.is_bound else self.cleaned_data if self.is_valid() else None
        if said is None:
            return None
        day = said["day"]
        if said["span"] == "day":
            return day, day
        monday = day - dt.timedelta(days=day.weekday())
        return monday, monday + dt.timedelta(days=6)

    @property
    def query(self) -> str:
        """The same as a query string, for the files."""
        said = self.cleaned_data if self.is_bound else self.initial
        day = said["day"]
        parts = {f"day_{i}": part for i, part in enumerate((day.day, day.month, day.year))}
        return "?" + urlencode(parts | {"span": said["span"]})
