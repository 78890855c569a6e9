"""A later deadline, as days and times in England."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import LinesField
from core.templatetags.portal import to_the_second
from lots.forms.timetable import day_field, moment_of, shown_as, time_field
from lots.rules.timetable import MIDDAY
from providers.rules.deadline_moves import Move

KEEP = "Leave it empty to keep what stands"


class MoveForm(forms.Form):
    """What the deadline becomes, and why. What stays empty stays as it is."""

    closes_at = day_field("Day of the new deadline", "the day of the new deadline", help_text="A working day")
    closes_time = time_field("Time")
    enquiries_until = day_field("New last day for questions (optional)", "the last day for questions", help_text=KEEP)
    enquiries_time = time_field("Time")
    award_by_on = day_field("You now expect to award by (optional)", "the day by which you expect to award")
    reason = LinesField(
        what="The reason",
        longest=4000,
        label="Why?",
        help_text="Everybody reads this: name no bidder",
        error_messages={"required": "Say why: everybody reads it"},
    )
    submit = "Check what everybody will be told"

    def __init__(self, *args, framework, **kwargs):
        closes, asks = framework.closes_at, framework.enquiries_until
        initial = {
            "closes_time": shown_as(closes)[1] if closes else MIDDAY,
            "enquiries_time": shown_as(asks)[1] if asks else MIDDAY,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["award_by_on"].help_text = KEEP
        self.helper = helper(*self.before(), *self.parts(), submit=self.submit)

    def before(self) -> list:
        """What is asked first."""
        return []

    def parts(self) -> list:
        """The fields in order."""
        return [
            Fieldset(
                Field("closes_at"), narrow("closes_time", Fixed.TEN), legend="New deadline", legend_size=Size.MEDIUM
            ),
            Fieldset(
                Field("enquiries_until"), narrow("enquiries_time", Fixed.TEN), Field("award_by_on"),
                legend="What follows from it", legend_size=Size.MEDIUM,
            ),
            Field("reason"),
        ]  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        closes = moment_of(self, "closes_at", "closes_time")
        asks = moment_of(self, "enquiries_until", "enquiries_time")
        if closes is None and "closes_at" not in self.errors and "closes_time" not in self.errors:
            self.add_error("closes_at", "Enter the day of the new deadline")
        if closes is not None:
            self.move = Move(closes, asks, cleaned.get("award_by_on"))
        return cleaned


class OutageForm(MoveForm):
    """The same after an outage of the portal, which is named."""

    outage = forms.TypedChoiceField(
        label="When was the portal out of order?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose when the portal was out of order",
            "invalid_choice": "Choose when the portal was out of order",
        },
    )

    def __init__(self, *args, outages, **kwargs):
        super().__init__(*args, **kwargs)
        self.outages = {one.pk: one for one in outages}
        self.fields["outage"].choices = [
            (one.pk, f"{to_the_second(one.began_at)} to {to_the_second(one.ended_at) if one.ended_at else 'now'}")
            for one in outages
        ]

    def before(self) -> list:
        return [Field.radios("outage", legend_size=Size.MEDIUM)]

    @property
    def chosen(self):
        """The outage."""
        return self.outages[self.cleaned_data["outage"]]
