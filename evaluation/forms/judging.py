"""The form of a verdict, and how the queue is narrowed."""

from __future__ import annotations

from collections.abc import Iterable

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Fixed, Layout, Size
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField
from evaluation.rules import judging as rules
from evaluation.rules.judging import Verdict

LOCK = "lock"
TO_DO, WAITING, LOCKED = "", "waiting", "locked"
# The first button of a form is what the Enter key presses: saving can be taken back, locking cannot.
ENTER = '<button type="submit" name="save" value="Save" class="govuk-visually-hidden" tabindex="-1">Save</button>'


class QueueForm(forms.Form):
    """How the queue is narrowed. What makes no sense filters nothing."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[(TO_DO, "To do"), (WAITING, "Waiting for the bidder"), (LOCKED, "Locked")],
    )
    theme = forms.TypedChoiceField(label="Theme", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, themes: Iterable, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", "All themes"), *((theme.pk, str(theme)) for theme in themes)]

    @property
    def wanted(self) -> tuple[str, int | None]:
        """What to show, and of which theme."""
        self.is_valid()
        return self.cleaned_data.get("show", TO_DO), self.cleaned_data.get("theme")


class GiveOutForm(forms.Form):
    """Nothing but the button."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(submit="Give out")


class VerdictForm(forms.Form):
    """One verdict. `documents` are those that can be named as where it is seen; nothing is required to save."""

    outcome = forms.ChoiceField(
        label="Your judgement",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the judgements"},
    )
    reason = LinesField(
        what="Your reason",
        longest=rules.LONGEST_REASON,
        label="Your reason",
        help_text="The bidder reads it if the standard is failed. Say what you saw and where, not who you are",
        required=False,
    )
    version = forms.TypedChoiceField(
        label="Document in which you saw it",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choose one of the documents on this page"},
    )
    pages = LinesField(
        what="Pages",
        longest=rules.LONGEST_PAGES,
        label="Pages",
        help_text="For example, 3 or 4 to 6",
        required=False,
        widget=forms.TextInput,
    )
    revision = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, *args, documents: Iterable[tuple[int, str]], reader: bool, **kwargs):
        super().__init__(*args, **kwargs)
        documents = list(documents)
        self.fields["outcome"].choices = rules.labels(reader=reader)
        self.fields["version"].choices = [("", "None of them"), *documents]
        self.fields["revision"].widget.attrs["autocomplete"] = "off"
        shown = [Field.radios("outcome", legend_size=Size.SMALL), Field.textarea("reason", rows=4)]
        if documents:
            shown.append(Field.select("version"))
        self.helper = FormHelper()
        self.helper.attrs = {"data-judging": ""}
        self.helper.layout = Layout(
            HTML(ENTER),
            *shown,
            Field.text("pages", field_width=Fixed.TEN),
            Field("revision"),
            Button.primary(LOCK, "Lock and go on"),
            Button.secondary("save", "Save"),
        )

    @property
    def verdict(self) -> Verdict:
        """What was typed."""
        typed = self.cleaned_data
        return Verdict(typed["outcome"], typed["reason"], typed["version"], typed["pages"])

    @property
    def seen(self) -> int:
        """The revision that the page showed."""
        return self.cleaned_data["revision"] or 0

    @classmethod
    def initial_of(cls, verdict: Verdict, revision: int) -> dict:
        """What is saved, for the form."""
        return vars(verdict) | {"revision": revision}
