"""What people type about prices: questions, answers, decisions, corrections, runs and signatures."""

from __future__ import annotations

from collections.abc import Mapping

from crispy_forms_gds.choices import Choice as Option
from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.forms.fields import helper, narrow
from core.fields import LinesField, MoneyField
from evaluation.rules import corrections, low_prices, runs
from evaluation.states import LowDecision


class OpenForm(forms.Form):
    """Nothing to type: somebody says that it shall be done."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(submit="Open the prices")


class RunForm(forms.Form):
    """Why prices are checked again, where a run was signed before."""

    why = LinesField(
        what="The reason",
        longest=runs.LONGEST,
        label="Why are the prices checked again?",
        help_text="It stands on the page of the run that it replaces, and in the report",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def __init__(self, *args, replaces: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not replaces:
            del self.fields["why"]
        parts = [Field.textarea("why", label_size=Size.SMALL)] if replaces else []
        self.helper = helper(*parts, submit="Check the prices")

    @property
    def given(self) -> str:
        """The reason, empty where none is asked for."""
        return self.cleaned_data.get("why", "")


class SignForm(forms.Form):
    """One tick for each kind of thing that the portal points out."""

    seen = forms.MultipleChoiceField(
        label="I have seen that",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "What is pointed out has changed meanwhile: look at it again"},
    )

    def __init__(self, *args, kinds: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = list(kinds.items())
        if not kinds:
            del self.fields["seen"]
        parts = [Field.checkboxes("seen", legend_size=Size.SMALL)] if kinds else []
        self.helper = helper(*parts, submit="Sign the price check")

    @property
    def ticked(self) -> list[str]:
        """The kinds that were ticked."""
        return self.cleaned_data.get("seen", [])


class AskLowForm(forms.Form):
    """A question about a price."""

    text = LinesField(
        what="The question",
        longest=low_prices.LONGEST,
        label="Your question",
        help_text="The bidder reads it as you write it, and does not learn who asks. Do not name other bidders, their "
        "prices or the average",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter your question"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.textarea("text", label_size=Size.SMALL), submit="Send the question to the bidder")


class AnswerLowForm(forms.Form):
    """The bidder's one answer."""

    text = LinesField(
        what="Your answer",
        longest=low_prices.LONGEST,
        label="Your answer",
        help_text="Say what the price covers, how you can do the work for it, or that it is a slip and what you meant",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter your answer"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.textarea("text", label_size=Size.MEDIUM, max_characters=low_prices.LONGEST), submit="Send the answer"
        )


_HINTS = {
    LowDecision.KEEP: "It goes into the average like every other price",
    LowDecision.DISREGARD: "None of its prices for this lot counts, and the bidder gets no place on it",
}


class DecideLowForm(forms.Form):
    """Whether the price counts, and why."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the price counts"},
    )
    reason = LinesField(
        what="The reason",
        longest=low_prices.LONGEST,
        label="Why?",
        help_text="Say what the bidder showed, or did not show. It stands in the report",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter the reason"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [Option(one.value, one.label, hint=_HINTS[one]) for one in LowDecision]
        self.helper = helper(
            Field.radios("decision", legend_size=Size.SMALL),
            Field.textarea("reason", label_size=Size.SMALL),
            submit="Save the decision",
        )


class CorrectForm(forms.Form):
    """The price that was meant, why that is obvious, and how the bidder agreed."""

    becomes = MoneyField(
        label="The price that was meant",
        help_text="In pounds and pence, like 45 or 1,234.50",
        error_messages={"required": "Enter the price that was meant"},
    )
    reason = LinesField(
        what="The reason",
        longest=corrections.LONGEST,
        label="Why is it an obvious error?",
        help_text="Somebody else must see it too, from what was submitted. A price that the bidder regrets is no error",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why it is an obvious error"},
    )
    consent = LinesField(
        what="The bidder’s consent",
        longest=corrections.LONGEST,
        label="How did the bidder agree?",
        help_text="Who, when, and in which words or where they can be read",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how the bidder agreed"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            narrow("becomes", label_size=Size.SMALL),
            Field.textarea("reason", label_size=Size.SMALL),
            Field.textarea("consent", label_size=Size.SMALL),
            submit="Propose the correction",
        )
