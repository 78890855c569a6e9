"""What a provider types of a change, and what a commissioner types of a decision."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.forms.fields import DayField, helper
from core.fields import LinesField
from lots.forms.places import choice
from referrals.rules.events import LONGEST, TOLD_BY_HAND


class ChangeForm(forms.Form):
    """A change, as facts."""

    kind = choice(
        "What has changed?", [(one.value, one.label) for one in TOLD_BY_HAND], required="Select what has changed"
    )
    happened_on = DayField(
        what="the day of the change",
        label="From which day?",
        help_text="A day of the last or the next 90 days. For example, 9 11 2026",
    )
    facts = LinesField(
        what="What has changed",
        longest=LONGEST,
        label="What has changed?",
        help_text="Facts that matter to a pupil’s school, for example: the lead teacher of the workshop has changed, "
        "or the site moves to Mill Lane. Do not name pupils, and do not write why somebody left",
        error_messages={"required": "Say what has changed"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.radios("kind", legend_size=Size.SMALL),
            Field("happened_on"),
            Field("facts"),
            submit="Tell commissioners",
        )


class DecisionForm(forms.Form):
    """What is decided, and the safeguards or the reason."""

    decided = choice("What do you decide?", [], required="Select what you decide")
    reason = LinesField(
        what="The safeguards or the reason",
        longest=2000,
        label="Which safeguards are in place, or why?",
        help_text="If the placement goes on: what you have checked, and what keeps the pupil safe. Otherwise: why. The "
        "provider does not read this",
        error_messages={"required": "Say which safeguards are in place, or why you decide so"},
    )

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decided"].choices = [(one.value, words) for one, words in choices.items()]
        self.helper = helper(Field.radios("decided", legend_size=Size.SMALL), Field("reason"), submit="Decide")
