"""What a person decides about a document that ran out."""

from __future__ import annotations

import django_filters
from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.filters import Panel
from accounts.forms.fields import helper
from lots.forms.places import choice, reason
from monitoring.models import Proposal
from monitoring.states import Answered, Effect

CHOICES = {
    Effect.HOLD: [
        (Answered.YES, "Place no new pupils until it is renewed"),
        (Answered.NO, "Place new pupils again, although it is not renewed"),
    ],
    Effect.SUSPEND: [
        (Answered.YES, "Suspend the provider’s places on this framework"),
        (Answered.NO, "Do not suspend them, and place new pupils again"),
    ],
}


class AnswerForm(forms.Form):
    """Yes or no, and why. A hold that was agreed can only be ended."""

    answer = choice("What happens?", [], required="Choose what happens")
    reason = reason("Why?", help_text="Your own officers read this, and it is kept")

    def __init__(self, *args, effect: str, answered: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        choices = CHOICES[Effect(effect)]
        self.fields["answer"].choices = choices[1:] if answered else choices
        self.helper = helper(
            Field.radios("answer", legend_size=Size.SMALL), Field("reason"), submit="Save the decision"
        )


class ProposalFilter(Panel):
    """What is to be decided, or everything."""

    show = django_filters.ChoiceFilter(
        label="Show", choices=[("all", "Everything, also what was renewed")], empty_label="What is not renewed",
        method="by_show",
    )  # fmt: skip

    class Meta:
        model = Proposal
        fields = []

    def by_show(self, queryset, name, value):
        return queryset

    @property
    def is_all(self) -> bool:
        """Whether what was renewed is asked for too."""
        return bool(self.is_bound and self.form.is_valid() and self.form.cleaned_data.get("show"))
