"""The form of one topic of policies: its values, the reason, the text that goes to all bidders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from crispy_forms_gds.layout import HTML, Field, Fixed, Size
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from lots.rules import policies as rules
from lots.rules.policies import Policy, Topic, Value
from lots.rules.refusals import Refused

PREVIEW = (
    '<noscript><button class="govuk-button govuk-button--secondary" name="preview" value="1">'
    "Update the example</button></noscript>"
)


class FigureField(forms.CharField):
    """A percentage or a number of a policy, in digits."""

    def __init__(self, *, policy: Policy, **kwargs):
        self.policy = policy
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "numeric"

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value).strip().removesuffix("%").strip()
        try:
            return rules.read(self.policy, text)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="figure") from refusal

    def validate(self, value):
        """A policy that may be empty says so itself."""


def _choice(policy: Policy, options) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=policy.label,
        help_text=policy.hint,
        choices=options,
        widget=forms.RadioSelect,
        error_messages={
            "required": f"{policy.label}: choose one of the options",
            "invalid_choice": f"{policy.label}: choose one of the options",
        },
    )


def _field(policy: Policy) -> forms.Field:
    if policy.kind == "choice":
        return _choice(policy, policy.options)
    if policy.kind == "yes_no":
        return _choice(policy, [("yes", "Yes"), ("no", "No")])
    if policy.kind == "day":
        return DayField(what=f"the {policy.label.lower()}", label=policy.label, help_text=policy.hint, required=False)
    if policy.kind == "text":
        return LinesField(
            what=policy.label, longest=rules.LONGEST, label=policy.label, help_text=policy.hint, required=False
        )
    label = f"{policy.label} ({'%' if policy.kind == 'percent' else policy.unit})"
    return FigureField(policy=policy, label=label, help_text=policy.hint, required=False)


def _shown(policy: Policy, value: Value) -> Value:
    """What stands in the field: a day as a day, all else as its text."""
    return value if isinstance(value, dt.date) else rules.written(value)


def _laid_out(policy: Policy):
    if policy.kind in {"choice", "yes_no"}:
        return Field.radios(policy.code, legend_size=Size.SMALL)
    if policy.kind in {"percent", "number"}:
        return narrow(policy.code, Fixed.THREE)
    return Field(policy.code)


class PolicyForm(forms.Form):
    """The policies of one topic. Whether a reason is owed is the action's to say."""

    reason = LinesField(
        what="The reason", longest=2000, label="Reason", required=False,
        help_text="Needed where you depart from what stands pre-selected. Shown to your colleagues and kept.",
    )  # fmt: skip
    clarification = LinesField(
        what="The text to all bidders", longest=2000, label="Text that goes to all bidders", required=False,
        help_text="Shown on the public page of the framework from its publication. Name no bidder.",
    )  # fmt: skip

    def __init__(self, *args, topic: Topic, values: Mapping[str, Value], to_all: bool, initial: dict, **kwargs):
        shown = {policy.code: _shown(policy, values[policy.code]) for policy in topic.policies}
        super().__init__(*args, initial=shown | initial, **kwargs)
        self.topic = topic
        codes = [policy.code for policy in topic.policies]
        for policy in topic.policies:
            self.fields[policy.code] = _field(policy)
        if not to_all:
            del self.fields["clarification"]
        elif topic.policies:
            self.fields["reason"].help_text = (
                "Needed: the choice decides who wins, and the notice does not settle it. Shown to your colleagues and "
                "kept."
            )
        self.order_fields([*codes, "reason", "clarification"])
        parts = [_laid_out(policy) for policy in topic.policies] + [HTML(PREVIEW), Field("reason")]
        parts += [Field("clarification")] if to_all else []
        self.helper = helper(*parts, submit="Save")
        self.helper.attrs = {
            "hx-post": "",
            "hx-trigger": "input delay:300ms",
            "hx-vals": '{"preview": "1"}',
            "hx-select": "#example",
            "hx-target": "#example",
            "hx-swap": "outerHTML",
            "hx-sync": "this:queue last",
        }

    def values(self) -> dict[str, Value]:
        """The values of the policies that were understood."""
        found = {}
        for policy in self.topic.policies:
            if policy.code in self.cleaned_data:
                value = self.cleaned_data[policy.code]
                found[policy.code] = value == "yes" if policy.kind == "yes_no" else value
        return found
