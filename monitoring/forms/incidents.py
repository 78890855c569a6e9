"""What is written down of incidents and fire drills."""

from __future__ import annotations

from crispy_forms_gds.layout import HTML, Field, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from lots.forms.fields import TimeField, WholeField
from lots.forms.places import choice
from monitoring.actions.incidents import Happened
from monitoring.rules.times import moment
from monitoring.states import IncidentKind

RIDDOR = (
    "A death, a broken bone other than in a finger, thumb or toe, a lasting injury, an injury from work that keeps "
    "somebody from it for more than seven days, a child taken from the scene to hospital because of how the place or "
    "the activity was run. Report it to the Health and Safety Executive yourself"
)


def _tick(label: str, **kwargs) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **kwargs)


class IncidentForm(forms.Form):
    """What happened, when and where, what was done, and who was told."""

    kind = choice("What was it?", IncidentKind.choices, required="Choose what it was")
    placement = forms.ChoiceField(label="Which pupil was in it?", required=False)
    site = forms.ChoiceField(label="Where?", required=False)
    happened_on = DayField(what="the day on which it happened", label="On which day?")
    happened_time = TimeField(
        label="At what time?",
        help_text="For example, 10:45am",
        error_messages={"required": "Enter the time at which it happened"},
    )
    words = LinesField(
        what="What happened",
        longest=4000,
        label="What happened, and what did you do?",
        error_messages={"required": "Write what happened and what you did"},
    )
    first_aid = _tick("First aid was given")
    hospital = _tick("Somebody was taken to hospital")
    reportable = _tick("It must be reported to the Health and Safety Executive (RIDDOR)", help_text=RIDDOR)
    told_on = DayField(what="the day on which a parent or carer was told", label="On which day?", required=False)
    told_time = TimeField(label="At what time?", required=False, help_text="For example, 3:15pm")

    def __init__(self, *args, placements, sites, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.placements = {str(one.pk): one for one in placements}
        self.sites = {str(one.pk): one for one in sites}
        names = [(key, one.whom) for key, one in self.placements.items()]
        self.fields["placement"].choices = [("", "No pupil"), *names]
        self.fields["site"].choices = [("", "Somewhere else"), *((key, one.name) for key, one in self.sites.items())]
        shown = [Field.radios("kind", legend_size=Size.SMALL)]
        for name, rows in (("placement", self.placements), ("site", self.sites)):
            if rows:
                shown.append(Field.select(name))
            else:
                del self.fields[name]
        self.helper = helper(
            *shown,
            Field("happened_on"),
            narrow("happened_time", Fixed.TEN),
            Field("words"),
            *(Field.checkbox(name) for name in ("first_aid", "hospital", "reportable")),
            HTML('<h2 class="govuk-heading-m">When was a parent or carer told?</h2>'),
            Field("told_on"),
            narrow("told_time", Fixed.TEN),
            submit=submit,
        )

    def clean(self):
        said = super().clean()
        if bool(said.get("told_on")) != bool(said.get("told_time")) and not self.errors.keys() & {
            "told_on",
            "told_time",
        }:
            missing = "told_time" if said.get("told_on") else "told_on"
            self.add_error(missing, "Enter both the day and the time at which a parent or carer was told, or neither")
        return said

    def happened(self) -> Happened:
        """All of it."""
        said = self.cleaned_data
        told = moment(said["told_on"], said["told_time"]) if said["told_on"] else None
        return Happened(
            kind=said["kind"],
            happened_at=moment(said["happened_on"], said["happened_time"]),
            words=said["words"],
            placement=self.placements.get(said.get("placement") or ""),
            site=self.sites.get(said.get("site") or ""),
            first_aid=said["first_aid"],
            hospital=said["hospital"],
            reportable=said["reportable"],
            parent_told_at=told,
        )


class DrillForm(forms.Form):
    """A fire drill."""

    held_on = DayField(what="the day of the drill", label="When was the drill?")
    site = forms.ChoiceField(label="Where?", required=False)
    minutes = WholeField(what="Minutes", least=0, most=120, label="Minutes until everybody was out", required=False)
    seconds = WholeField(what="Seconds", least=0, most=59, label="Seconds", required=False)
    people = WholeField(
        what="The number of people",
        least=1,
        most=2000,
        label="How many people left the building?",
        error_messages={"required": "Enter how many people left the building"},
    )
    words = LinesField(
        what="What you noticed",
        longest=1000,
        label="What did you notice, and what will you change?",
        help_text="Name nobody",
        required=False,
    )

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.sites = {str(one.pk): one for one in sites}
        self.fields["site"].choices = [("", "All sites"), *((key, one.name) for key, one in self.sites.items())]
        where = [Field.select("site")] if self.sites else []
        if not self.sites:
            del self.fields["site"]
        self.helper = helper(
            Field("held_on"),
            *where,
            narrow("minutes", Fixed.THREE),
            narrow("seconds", Fixed.THREE),
            narrow("people", Fixed.FOUR),
            Field.textarea("words", rows=4),
            submit="Save the drill",
        )

    def clean(self):
        said = super().clean()
        self.took = 60 * (said.get("minutes") or 0) + (said.get("seconds") or 0)
        if not self.took and not self.errors.keys() & {"minutes", "seconds"}:
            self.add_error("minutes", "Enter how long it took until everybody was out")
        return said
