"""Asking one bidder, and the bidder's one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crispy_forms_gds.choices import Choice as Option
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField
from evaluation.queries.clarifications import Choice
from evaluation.rules import clarifying as rules
from evaluation.states import Cure
from lots.rules.timetable import in_words
from providers.forms.library import ItemForm
from providers.rules.reading import Held

WHOLE = 0  # the standard as a whole
DOCUMENT = "document"


class AskForm(forms.Form):
    """A question, and what it is about; beside each the asker reads what the bidder may send."""

    evidence = forms.TypedChoiceField(
        label="What do you ask about?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you ask about",
            "invalid_choice": "Choose what you ask about: this cannot be asked about here",
        },
    )
    text = LinesField(
        what="The question",
        longest=rules.LONGEST_QUESTION,
        label="Your question",
        help_text="The bidder reads it as you write it, and does not learn who asks. Ask for what is unclear. Do not "
        "say what you think of the bid, and do not name other bidders",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter your question"},
    )

    def __init__(self, *args, choices: Sequence[Choice], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = [
            Option(one.evidence or WHOLE, one.title, hint=f"The bidder may send: {_lower(one.may_send)}")
            for one in choices
            if one.cure != Cure.NOTHING
        ]
        self.helper = helper(
            Field.radios("evidence", legend_size=Size.SMALL), Field.textarea("text", label_size=Size.SMALL),
            submit="Send the question to the bidder",
        )  # fmt: skip

    @property
    def asked(self) -> dict:
        """What the action takes."""
        return {"evidence_id": self.cleaned_data["evidence"] or None, "text": self.cleaned_data["text"]}


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _within(*fields) -> FormHelper:
    """A part of a form whose tags and buttons the page draws itself."""
    made = FormHelper()
    made.layout = Layout(*fields)
    made.form_tag = False
    made.disable_csrf = True
    return made


class AnswerForm(forms.Form):
    """The answer, and where one may be sent a document out of the library."""

    text = LinesField(
        what="Your answer",
        longest=rules.LONGEST_ANSWER,
        label="Your answer",
        help_text="Answer what is asked, and say where in your documents it stands. Do not name pupils",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter your answer"},
    )
    document = forms.TypedChoiceField(
        label="A document from your library (optional)",
        help_text="Choose the document again, or a newer one. If it is not in your library, upload it below",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose a document that is in your library"},
    )

    def __init__(self, *args, cure: str, library: Iterable[Held] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        parts = [Field.textarea("text", label_size=Size.MEDIUM, max_characters=rules.LONGEST_ANSWER)]
        if cure == Cure.REPLACE:
            papers = [(one.version, _label(one)) for one in library if one.usable]
            self.fields["document"].choices = [("", "No document"), *papers]
            parts.append(Field.select("document", label_size=Size.MEDIUM))
        else:
            del self.fields["document"]
        self.helper = _within(*parts)

    @property
    def answer(self) -> dict:
        """What the action takes."""
        return {"text": self.cleaned_data["text"], "version": self.cleaned_data.get("document")}


def _label(held: Held) -> str:
    return f"{held.title} (until {in_words(held.expires_on)})" if held.expires_on else held.title


class NewDocumentForm(ItemForm):
    """A document that goes into the library and is chosen for the answer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        fields = [Field.select(name) if name == "kind" else Field(name) for name in self.ORDER if name != "shows_dbs"]
        self.helper = _within(*fields, Field.radios("shows_dbs", legend_size=Size.SMALL, inline=True))
