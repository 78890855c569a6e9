"""What is typed to extend, pause, resume and end a placement, to lower its price, and to say what came of it."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, MoneyField
from lots.forms.fields import WholeField
from referrals.states import Destination, Ended

NOT_ABOUT = "The provider and the home school read this. Do not name the pupil or write about health"


def _revision() -> WholeField:
    return WholeField(what="The page", least=0, most=999_999_999, widget=forms.HiddenInput, required=False)


def reason_field(label: str = "Why?", error: str = "Write why", longest: int = 1000) -> LinesField:
    """The reason of a change, which both sides read."""
    return LinesField(
        what="The reason", longest=longest, label=label, help_text=NOT_ABOUT,
        widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": error},
    )  # fmt: skip


def agreed_field() -> forms.BooleanField:
    """A change of the agreement is agreed with the provider before it is written down."""
    return forms.BooleanField(
        label="The provider has agreed to this change", error_messages={"required": "Tick that the provider has agreed"}
    )


def more_fields() -> dict[str, LinesField]:
    """The two reasons that are owed only where the page asks for them."""
    return {
        "hours_reason": LinesField(
            what="The reason", longest=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
            label="If the pupil’s whole week is longer than 25 hours, why?",
            help_text="All placements of the pupil are counted together",
        ),
        "over_reason": LinesField(
            what="The reason", longest=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
            label="If more is spent than the value of the lot or the framework, why?",
            help_text="The buyer’s officers are told that there is a reason. Do not name the pupil",
        ),
    }  # fmt: skip


class SeenForm(forms.Form):
    """A form that knows which state of the placement its page showed."""

    revision = _revision()

    @property
    def seen(self) -> int:
        return self.cleaned_data.get("revision") or 0


class ExtendForm(SeenForm):
    """Until when it lasts now."""

    ends_on = DayField(what="the new last day", label="New last day")
    reason = reason_field("Why is it extended?", "Write why it is extended")
    agreed = agreed_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= more_fields()
        self.helper = helper(
            "revision", Field("ends_on"), Field("reason"), Field("hours_reason"), Field("over_reason"),
            Field.checkbox("agreed"), submit="Extend the placement",
        )  # fmt: skip


class PriceForm(SeenForm):
    """What one unit costs from a day on."""

    from_on = DayField(what="the first day", label="From which day?")
    pence = MoneyField(label="New price of one unit, without VAT", error_messages={"required": "Enter the new price"})
    reason = reason_field("Why is it lower?", "Write why it is lower")
    agreed = agreed_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "revision", Field("from_on"), narrow("pence", Fixed.TEN, spellcheck="false"), Field("reason"),
            Field.checkbox("agreed"), submit="Write down the lower price",
        )  # fmt: skip


class PauseForm(SeenForm):
    """From when to when no session takes place."""

    from_on = DayField(what="the first day without sessions", label="First day without sessions")
    until_on = DayField(
        what="the last day without sessions", label="Last day without sessions, if you know it", required=False,
        help_text="Leave this empty if nobody knows. The placement then stays paused until you say that it goes on",
    )  # fmt: skip
    reason = reason_field("Why is it paused?", "Write why it is paused")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "revision", Field("from_on"), Field("until_on"), Field("reason"), submit="Pause the placement"
        )


class ResumeForm(SeenForm):
    """When it goes on."""

    on = DayField(what="the first day with sessions", label="First day with sessions again")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("revision", Field("on"), submit="Let it go on")


class OutcomeForm(SeenForm):
    """What came of it. While the end is still to come nothing of it is owed."""

    destination = forms.ChoiceField(
        label="Where does the pupil go?", choices=Destination.choices, widget=forms.RadioSelect,
        error_messages={"required": "Select where the pupil goes", "invalid_choice": "Select one of these"},
    )  # fmt: skip
    targets_set = WholeField(what="The number of targets set", least=0, most=99, label="How many targets were set?",
                             required=False)  # fmt: skip
    targets_met = WholeField(what="The number of targets met", least=0, most=99, label="How many of them were met?",
                             required=False)  # fmt: skip
    note = LinesField(
        what="The note", longest=4000, required=False, label="What should be remembered of this placement?",
        help_text="Your colleagues who work with pupils read this, nobody else",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("revision", *self._outcome(), submit="Save what came of it")

    def _outcome(self) -> list:
        numbers = (narrow("targets_set", Fixed.THREE), narrow("targets_met", Fixed.THREE))
        return [Field.radios("destination", legend_size=Size.SMALL), *numbers, Field("note")]

    @property
    def told(self) -> dict:
        """As the action reads it."""
        told = self.cleaned_data
        return {
            "destination": told.get("destination") or "",
            "met": told.get("targets_met"),
            "of": told.get("targets_set"),
            "note": told.get("note") or "",
        }


class EndForm(OutcomeForm):
    """When and why it ends. `charged` is the last charged day that the page has shown: the second press confirms it."""

    charged = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    last_on = DayField(what="the last day", label="Last day with sessions")
    notice_on = DayField(
        what="the day on which you gave notice", label="On which day did you tell the provider?",
        help_text="Today counts from now. An earlier day counts from its end",
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Why does it end?", choices=[one for one in Ended.choices if one[0] != Ended.COMPLETED],
        widget=forms.RadioSelect,
        error_messages={"required": "Select why it ends", "invalid_choice": "Select one of these"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["destination"].required = False
        self.fields["destination"].choices = [("", "Nobody knows yet"), *Destination.choices]
        self.confirm(False)

    def confirm(self, ready: bool) -> None:
        """Whether the next press ends it."""
        self.helper = helper(
            "revision", "charged", Field("last_on"), Field("notice_on"), Field.radios("reason", legend_size=Size.SMALL),
            Fieldset(*self._outcome(), legend="What came of it, if you know already", legend_size=Size.MEDIUM),
            submit="End the placement" if ready else "Continue", warning=ready,
        )  # fmt: skip
