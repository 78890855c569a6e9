"""The answer to an alert."""

from __future__ import annotations

from crispy_forms_gds.layout import Field
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField
from monitoring.rules.alarms import LONGEST_DONE


class AnswerForm(forms.Form):
    """What was done about a pupil who has not arrived."""

    done = LinesField(
        what="What was done",
        longest=LONGEST_DONE,
        label="What have you done?",
        help_text="For example whom you rang and what they said. This ends the alert: nobody more is told",
        error_messages={"required": "Write what was done"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, action: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("done"), submit="Answer the alert")
        self.helper.form_action = action
