"""The dates of a framework, as days and times in England."""

from __future__ import annotations

import datetime as dt

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from lots.forms.fields import KeptField, TimeField
from lots.rules import timetable
from lots.rules.refusals import Refused
from lots.rules.timetable import Timetable
from lots.states import KeyDateKind


def day_field(label: str, what: str, **kwargs) -> DayField:
    """A day that may be left out."""
    return DayField(what=what, label=label, required=False, **kwargs)


def time_field(label: str) -> TimeField:
    """The time that stands beside it."""
    return TimeField(label=label, help_text="UK time, for example midday or 2:30pm", required=False)


def shown_as(at: dt.datetime) -> tuple[dt.date, dt.time]:
    """The day and the time in England that a field shows of a moment: no seconds."""
    there = at.astimezone(timetable.ENGLAND)
    return there.date(), there.time().replace(second=0, microsecond=0)


def moment_of(form: forms.Form, day: str, time: str, *, stands: dt.datetime | None = None) -> dt.datetime | None:
    """The moment of two fields; one that nobody changed stays as it stands, to the second. What is missing or
    impossible becomes the field's error."""
    on, at = form.cleaned_data.get(day), form.cleaned_data.get(time)
    if on is None or at is None:
        if on and time not in form.errors:
            form.add_error(time, "Enter the time too")
        return None
    if stands and (on, at) == shown_as(stands):
        return stands
    try:
        return timetable.moment_in_england(on, at)
    except Refused as refusal:
        form.add_error(time, str(refusal))
        return None


class TimetableForm(forms.Form):
    """The framework's own dates. `closes_at` and `enquiries_until` are days here; their times stand beside them."""

    enquiries_until = day_field("Last day for questions", "the last day for questions")
    enquiries_time = time_field("Time")
    closes_at = day_field(
        "Day of the deadline", "the day of the deadline", help_text="A working day, for example 20 4 2027"
    )
    closes_time = time_field("Time")
    award_by_on = day_field("You expect to award by", "the day by which you expect to award")
    starts_on = day_field("First day of the framework", "the first day of the framework")
    ends_on = day_field("Last day of the framework", "the last day of the framework")
    scheme_ends_on = day_field(
        "Last day of the whole scheme",
        "the last day of the whole scheme",
        help_text="After all re-openings: 8 years from the first award at most",
    )
    reason = LinesField(
        what="The reason",
        longest=4000,
        label="If it runs longer than 8 years, why? (optional)",
        help_text="Section 49(2)(c) of the Procurement Act 2023 ends an open framework after 8 years. Ask your "
        "lawyers; what they say is recorded here",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    MOMENTS = {"enquiries_until": "enquiries_time", "closes_at": "closes_time"}

    def __init__(self, *args, framework, reason: str = "", **kwargs):
        initial = {name: getattr(framework, name) for name in timetable.LABELS} | {"reason": reason}
        for day, time in self.MOMENTS.items():
            initial[day], initial[time] = shown_as(initial[day]) if initial[day] else (None, timetable.MIDDAY)
        super().__init__(*args, initial=initial, **kwargs)
        self.framework = framework
        ends = ["starts_on", "ends_on", "scheme_ends_on"]
        if not framework.is_open:
            del self.fields["scheme_ends_on"], self.fields["reason"]
            ends = ends[:2]
        self.helper = helper(
            _block("Questions from providers", Field("enquiries_until"), narrow("enquiries_time", Fixed.TEN)),
            _block("Deadline for applications", Field("closes_at"), narrow("closes_time", Fixed.TEN)),
            _block("Award", Field("award_by_on")),
            _block("Term", *[Field(name) for name in ends], *([Field("reason")] if framework.is_open else [])),
            submit="Save and return",
        )

    def clean(self):
        cleaned = super().clean()
        moments = {
            day: moment_of(self, day, time, stands=getattr(self.framework, day)) for day, time in self.MOMENTS.items()
        }
        days = ("award_by_on", "starts_on", "ends_on")
        kept = cleaned.get("scheme_ends_on") if "scheme_ends_on" in self.fields else self.framework.scheme_ends_on
        self.dates = Timetable(**moments, **{name: cleaned.get(name) for name in days}, scheme_ends_on=kept)
        return cleaned


def _block(legend: str, *fields) -> Fieldset:
    return Fieldset(*fields, legend=legend, legend_size=Size.MEDIUM)


class KeyDateForm(forms.Form):
    """A meeting, a planned notice, a planned re-opening."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=KeyDateKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is", "invalid_choice": "Choose what it is"},
    )
    day = DayField(what="the day", label="Day")
    time = TimeField(label="Time", help_text="UK time, for example 2pm", error_messages={"required": "Enter the time"})
    description = KeptField(
        what="The words", longest=1000, lines=3, label="Where and what for (optional)", required=False
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"time": timetable.MIDDAY, "kind": KeyDateKind.ENGAGEMENT})
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.radios("kind", legend_size=Size.SMALL),
            Field("day"),
            narrow("time", Fixed.TEN),
            Field("description"),
            submit="Save",
        )

    def clean(self):
        cleaned = super().clean()
        self.moment = moment_of(self, "day", "time")
        return cleaned
