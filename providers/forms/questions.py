"""Asking, answering, writing to one another, and narrowing the log."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField
from providers.rules import messages, questions

NOT_YOURSELF = (
    "Your question is published with the answer, for everybody. We show nobody who asked. Do not name yourself, your "
    "places or your staff, and nothing about your prices"
)


class LogForm(forms.Form):
    """How the log is narrowed. What makes no sense filters nothing."""

    words = forms.CharField(label="Words", required=False, max_length=200)
    kind = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "Everything"),
            (questions.ANSWER, "Answers to questions"),
            (questions.CLARIFICATION, "Clarifications by the buyer"),
        ],
    )

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked for, as far as it makes sense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class AskForm(forms.Form):
    """A question; whoever leads several providers says for which."""

    provider = forms.TypedChoiceField(
        label="Who asks?",
        help_text="Nobody but you and your colleagues sees this",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who asks", "invalid_choice": "Choose who asks"},
    )
    text = LinesField(
        what="The question",
        longest=questions.LONGEST,
        label="Your question",
        help_text=NOT_YOURSELF,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter your question"},
    )

    def __init__(self, *args, providers, **kwargs):
        super().__init__(*args, **kwargs)
        self.providers = {one.pk: one for one in providers}
        parts = [Field("text")]
        if len(providers) == 1:
            del self.fields["provider"]
        else:
            self.fields["provider"].choices = [(one.pk, one.name) for one in providers]
            parts = [Field.radios("provider", legend_size=Size.SMALL), *parts]
        self.helper = helper(*parts, submit="Send the question")

    @property
    def provider_asking(self):
        """In whose name."""
        return self.providers[self.cleaned_data.get("provider") or next(iter(self.providers))]


def _asked() -> LinesField:
    return LinesField(
        what="The question",
        longest=questions.LONGEST,
        label="The question, as everybody will read it",
        help_text="Change what could tell who asked: a place, a name, a way of writing",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter the question, as everybody will read it"},
    )


def _answer() -> LinesField:
    return LinesField(
        what="The answer",
        longest=questions.LONGEST_ANSWER,
        label="The answer",
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Enter the answer"},
    )


class AnswerForm(forms.Form):
    """An answer to one open question or several; without any, what the buyer says of its own accord."""

    also = forms.TypedMultipleChoiceField(
        label="Does it answer other questions too?",
        help_text="They count as answered. What is published is the question above",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "One of these questions has been answered meanwhile: choose again"},
    )
    text = _answer()

    def __init__(self, *args, question=None, others=(), **kwargs):
        if question is not None:
            kwargs.setdefault("initial", {"asked": question.text})
        super().__init__(*args, **kwargs)
        parts = [Field("text")]
        if question is not None:
            self.fields["asked"] = _asked()
            parts = [Field("asked"), *parts]
        else:
            self.fields["text"].label = "What do you want everybody to know?"
            self.fields["text"].error_messages["required"] = "Enter what you want everybody to know"
        if others:
            self.fields["also"].choices = [(one.number, f"Question {one.number}: {one.text[:200]}") for one in others]
            parts.append(Field.checkboxes("also", legend_size=Size.SMALL))
        else:
            del self.fields["also"]
        self.helper = helper(*parts, submit="Publish to everybody")


class EditForm(forms.Form):
    """A further version of an answer."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)
    text = _answer()
    why_changed = LinesField(
        what="What you changed",
        longest=2000,
        label="What did you change, and why?",
        help_text="Everybody reads this beside the answer, and can open what stood there before",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you changed and why"},
    )

    def __init__(self, *args, stands, **kwargs):
        initial = {"version": stands.number, "asked": stands.asked, "text": stands.text}
        super().__init__(*args, initial=initial, **kwargs)
        parts = [Field("version"), Field("text"), Field("why_changed")]
        if stands.asked:
            self.fields["asked"] = _asked()
            parts.insert(1, Field("asked"))
        self.helper = helper(*parts, submit="Publish the change")


class MessageForm(forms.Form):
    """A message to one side."""

    text = LinesField(
        what="The message",
        longest=messages.LONGEST,
        label="Your message",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter your message"},
    )

    def __init__(self, *args, submit: str = "Send", hint: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = hint
        self.helper = helper(Field("text"), submit=submit)


class HelpForm(forms.Form):
    """What keeps somebody from applying, and how they can be reached at once."""

    text = LinesField(
        what="What you need help with",
        longest=messages.LONGEST,
        label="What do you need help with?",
        help_text="Say what you tried, when, and what you saw",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what you need help with"},
    )
    reach = LinesField(
        what="How to reach you",
        longest=200,
        label="How can you be reached at once? (optional)",
        help_text="A telephone number, for example. The buyer’s officers see it with your request, and may know from "
        "it who you are. Without it they answer here",
        widget=forms.TextInput(),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("text"), Field("reach"), submit="Ask for help")

    def clean_reach(self):
        return " ".join(self.cleaned_data["reach"].split())
