"""A review that was held, and the list of reviews."""

from __future__ import annotations

import datetime as dt

import django_filters
from crispy_forms_gds.layout import HTML, Field, Fixed, Size
from django import forms

from accounts.filters import Panel
from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from lots.forms.fields import WholeField, yes_or_no
from referrals.models import Review
from referrals.rules.reviewing import MOST_TARGETS, Words


def _said(label: str, what: str) -> LinesField:
    return LinesField(what=what, longest=4000, label=label, required=False, widget=forms.Textarea(attrs={"rows": 4}))


class HeldForm(forms.Form):
    """What was found at a review, whether the placement goes on, and when it is reviewed next."""

    held_on = DayField(what="the day on which the review was held", label="When was the review held?")
    pupil = _said("What did the pupil say?", "What the pupil said")
    parent = _said("What did a parent or carer say?", "What the parent or carer said")
    provider = _said("What did the provider say?", "What the provider said")
    targets_set = WholeField(
        what="The number of targets set", least=0, most=MOST_TARGETS, required=False, label="How many targets were set?"
    )
    targets_met = WholeField(
        what="The number of targets met", least=0, most=MOST_TARGETS, required=False, label="How many of them are met?"
    )
    goes_on = yes_or_no("Does the placement go on?", "Yes", "No, it ends")
    next = _said("What is done next, and by whom?", "What is done next")
    next_on = DayField(what="the day of the next review", label="When is the next review?", required=False)

    def __init__(self, *args, latest: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["next"].required = True
        self.fields["next"].error_messages["required"] = "Write what is done next, and by whom"
        self.fields["goes_on"].error_messages["required"] = "Choose whether the placement goes on"
        self.fields["next_on"].help_text = (
            f"By {latest.day} {latest:%B %Y} if you held this review today. Leave it empty for the latest day that is "
            "allowed. If the placement ends, the next review is on its last day"
        )
        self.helper = helper(
            Field("held_on"),
            HTML('<h2 class="govuk-heading-m">What was said</h2>'),
            *(Field(name) for name in ("pupil", "parent", "provider")),
            HTML('<h2 class="govuk-heading-m">How far it is</h2>'),
            narrow("targets_set", Fixed.THREE),
            narrow("targets_met", Fixed.THREE),
            Field.radios("goes_on", legend_size=Size.SMALL, inline=True),
            Field("next"),
            Field("next_on"),
            submit="Save the review",
        )

    def words(self) -> Words:
        """What was said."""
        return Words(**{name: self.cleaned_data[name] for name in ("pupil", "parent", "provider", "next")})


class ReviewFilter(Panel):
    """Reviews that are still to be held, or those that were."""

    show = django_filters.ChoiceFilter(
        label="Show", choices=[("held", "Reviews that were held")], empty_label="Reviews to be held", method="by_show"
    )

    class Meta:
        model = Review
        fields = []

    def by_show(self, queryset, name, value):
        return queryset

    @property
    def is_held(self) -> bool:
        """Whether those that were held are asked for."""
        return bool(self.is_bound and self.form.is_valid() and self.form.cleaned_data.get("show"))
