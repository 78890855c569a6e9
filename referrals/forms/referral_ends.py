"""Documents of a referral, its confirmation and its end, and the budget holder's answer."""

from __future__ import annotations

from crispy_forms_gds.layout import HTML, Field, Size
from django import forms
from django.conf import settings

from accounts.forms.fields import helper, narrow
from core.fields import LinesField, MoneyField, NameField
from core.money import Money
from files.forms import UploadField
from files.rules import refusals
from lots.forms.fields import WholeField, yes_or_no
from providers.forms.library import AGAIN


class DocumentForm(forms.Form):
    """A document that the chosen provider reads."""

    title = NameField(
        what="The title",
        label="What is this document?",
        help_text="For example, “Education, health and care plan”. Do not name the pupil",
        error_messages={"required": "Enter what this document is"},
    )
    file = UploadField(label="File")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("title"), Field("file"), submit="Add the document")
        self.helper.layout.append(HTML('{% include "components/upload_state.html" %}'))
        self.helper.attrs = {
            "data-portal-upload": "",
            "data-portal-largest": str(settings.FILE_MAX_BYTES),
            "data-portal-too-large": refusals.too_large(settings.FILE_MAX_BYTES),
        }

    def clean(self):
        data = super().clean()
        if data.get("file") and "title" in self.errors:
            self.add_error("file", AGAIN)
        return data


class ConfirmForm(forms.Form):
    """Everything was looked at; which revision, the page says."""

    revision = WholeField(what="The page", least=0, most=999_999_999, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("revision", submit=submit)


class CloseForm(forms.Form):
    """Why a referral ends."""

    reason = LinesField(
        what="The reason",
        longest=500,
        label="Why do you close it?",
        help_text="Do not name the pupil",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why you close it"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Close the referral", warning=True)


class AnswerForm(forms.Form):
    """A budget holder’s yes or no."""

    yes = yes_or_no("May it cost this?", "Yes", "No")
    up_to_pence = MoneyField(
        label="If yes, up to how much?",
        help_text="In pounds, not below what was asked. An offer up to this amount needs no other answer from you",
        required=False,
    )
    answer = LinesField(
        what="The reason",
        longest=500,
        label="If no, why not?",
        help_text="Whoever asked reads this. Do not name pupils",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args, pence: int, **kwargs):
        super().__init__(*args, initial={"up_to_pence": Money(pence).in_short}, **kwargs)
        self.fields["yes"].error_messages["required"] = "Choose yes or no"
        self.helper = helper(
            Field.radios("yes", legend_size=Size.SMALL, inline=True),
            narrow("up_to_pence"),
            Field("answer"),
            submit="Send your answer",
        )
