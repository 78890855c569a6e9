"""Where a pupil is on the roll, a record offered to another commissioner, two records put together."""

from __future__ import annotations

from collections.abc import Sequence

from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.filters import SearchField
from accounts.forms.fields import DayField, helper
from core.fields import LinesField
from referrals.forms.picking import Find, PickingForm
from referrals.forms.stale import StaleForm
from referrals.models import Pupil
from referrals.rules import merging
from referrals.rules.pupils import Roll, Who
from referrals.states import EnrolmentKind, NoSchool, Sex


class EnrolmentForm(PickingForm):
    """Where a pupil is on the roll from a day on."""

    kind = forms.ChoiceField(
        label="Where is the pupil on the roll?",
        choices=EnrolmentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where the pupil is on the roll", "invalid_choice": "Choose one of these"},
    )
    words = SearchField(
        label="Which school?", help_text="Its name or URN. Leave it empty if the pupil is on no roll", required=False
    )
    why_none = forms.ChoiceField(
        label="If at no school, why?", choices=[("", "At a school"), *NoSchool.choices], required=False
    )
    from_on = DayField(what="the first day", label="First day")
    until_on = DayField(
        what="the last day", label="Last day (optional)", help_text="Only if it is over already", required=False
    )

    def __init__(self, data=None, *, find: Find, **kwargs):
        super().__init__(data, find=find, **kwargs)
        self.roll = None

    @property
    def helper(self):
        picked = [Field.radios("picked", legend_size=Size.SMALL)] if "picked" in self.picking else []
        return helper(
            Field.radios("kind", legend_size=Size.MEDIUM),
            "words",
            *picked,
            Field.select("why_none"),
            Field("from_on"),
            Field("until_on"),
            submit="Save",
        )

    def clean(self):
        cleaned = super().clean()
        kind, why = cleaned.get("kind"), cleaned.get("why_none", "")
        at_school = kind in {EnrolmentKind.MAIN, EnrolmentKind.OTHER}
        school = self.pick(cleaned, needed="Enter the name or URN of the school") if at_school else None
        if kind == EnrolmentKind.NONE and not why and "why_none" not in self.errors:
            self.add_error("why_none", "Choose why the pupil is on no school’s roll")
        if not self.errors:
            self.roll = Roll(
                kind, cleaned["from_on"], school.pk if school else None, "" if at_school else why, cleaned["until_on"]
            )
        return cleaned


class EndEnrolmentForm(forms.Form):
    """The last day on the roll."""

    until_on = DayField(what="the last day", label="Last day")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("until_on"), submit="Save")


class CorrectEnrolmentForm(forms.Form):
    """Both days of an enrolment, as they should be."""

    from_on = DayField(what="the first day", label="First day")
    until_on = DayField(
        what="the last day", label="Last day (optional)", help_text="Leave it empty if it lasts", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("from_on"), Field("until_on"), submit="Correct the dates")


class MoveForm(PickingForm):
    """Offer a record to another commissioner."""

    words = SearchField(
        label="Which school, trust or council?", help_text="Its name or, for a school, its URN", required=False
    )
    reason = LinesField(
        what="The reason",
        longest=1000,
        label="Why does the record move?",
        help_text="The other side reads this before it accepts. Do not name the pupil or say what the pupil needs",
        error_messages={"required": "Say why the record moves, for example a new school from a day on"},
    )

    def __init__(self, data=None, *, find: Find, **kwargs):
        super().__init__(data, find=find, **kwargs)
        self.taker = None

    @property
    def helper(self):
        picked = [Field.radios("picked", legend_size=Size.SMALL)] if "picked" in self.picking else []
        return helper("words", *picked, Field.textarea("reason", rows=3), submit="Offer the record")

    def clean(self):
        cleaned = super().clean()
        self.taker = self.pick(cleaned, needed="Enter the name of the school, trust or council")
        return cleaned


class AnswerForm(forms.Form):
    """Accept a record, or decline it."""

    answer = forms.ChoiceField(
        label="Do you accept the record?",
        choices=[("accept", "Accept: the pupil is ours from now on"), ("decline", "Decline")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether you accept the record",
            "invalid_choice": "Choose whether you accept the record",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.radios("answer", legend_size=Size.MEDIUM), submit="Send the answer")


class WithdrawForm(forms.Form):
    """Take an offer back."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(submit="Take the offer back", warning=True)


class OtherRecordForm(forms.Form):
    """Which other record is of the same pupil. `others` are those to choose from."""

    words = SearchField(
        label="Look for another name (optional)", help_text="A name under which the pupil may stand", required=False
    )
    other = forms.TypedChoiceField(
        label="Which record is of the same pupil?",
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of these records"},
    )

    def __init__(self, *args, others: Sequence[Pupil], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [
            (str(one.pk), f"{one.first_names} {one.last_name}, born {one.born_on.day} {one.born_on:%B %Y}")
            for one in others
        ]
        shown = [Field.radios("other", legend_size=Size.MEDIUM)] if others else []
        self.helper = helper(*shown, "words", submit="Continue")


class MergeForm(StaleForm):
    """What stays of each thing that two records say differently, and why they are put together."""

    other_revision = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2_000_000_000,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Open the page again: it was sent incomplete"
        ),
    )
    reason = LinesField(
        what="The reason",
        longest=1000,
        label="How do you know that it is one pupil?",
        error_messages={"required": "Say how you know that it is one pupil"},
    )

    def __init__(self, *args, kept: Who, gone: Who, **kwargs):
        super().__init__(*args, **kwargs)
        self.apart = merging.differing(kept, gone)
        for name in self.apart:
            part = merging.PARTS[name]
            choices = [(merging.KEPT, self.said(kept, name)), (merging.GONE, self.said(gone, name))]
            if part.joins:
                choices.append((merging.BOTH, "Both, one after the other"))
            self.fields[name] = forms.ChoiceField(
                label=part.label,
                choices=choices,
                initial=merging.safer(kept, gone, name),
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Choose which is right: {part.label.lower()}",
                    "invalid_choice": "Choose one of these",
                },
            )
        self.helper = helper(
            "revision",
            "other_revision",
            *(Field.radios(name, legend_size=Size.SMALL) for name in self.apart),
            Field.textarea("reason", rows=3),
            submit="Put the records together",
        )

    def see(self, revision: int) -> None:
        """From now on it has seen both records as the page shows them now."""
        self.data = self.data.copy()
        for name in ("revision", "other_revision"):
            self.data[name] = str(self.initial[name])

    @staticmethod
    def said(who: Who, name: str) -> str:
        """What a record says of a part, in words."""
        found = merging.values(who, name)
        if name == "name":
            return f"{who.first_names} {who.last_name}" + (f", known as {who.known_as}" if who.known_as else "")
        if name == "sex":
            return dict(Sex.choices).get(found[0], "")
        words = [("Yes" if one else "No") if isinstance(one, bool) else one for one in found]
        days = [f"{one.day} {one:%B %Y}" if hasattr(one, "strftime") else one for one in words]
        return ", ".join(one for one in days if one)

    def choices(self) -> dict[str, str]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in self.apart}
