"""A document for the evidence library: its file, what it is, the days that it bears."""

from __future__ import annotations

from crispy_forms_gds.layout import HTML, Field, Size
from django import forms
from django.conf import settings

from accounts.forms.fields import DayField, helper
from core.fields import NameField
from files.forms import UploadField
from files.rules import refusals
from lots.forms.fields import yes_or_no
from providers.states import ItemKind

AGAIN = "Choose the file again: it was not kept, because something else on this page has to be put right"


def _title():
    return NameField(
        what="The title",
        label="What do you call this document?",
        help_text="For example, “Safeguarding policy”. Do not name pupils",
        error_messages={"required": "Enter what you call this document"},
    )


def _kind():
    return forms.ChoiceField(
        label="What is it?",
        choices=[("", "Choose one"), *ItemKind.choices],
        error_messages={"required": "Choose what it is", "invalid_choice": "Choose one of the options"},
    )


class VersionForm(forms.Form):
    """A file with its days. Somebody with the right rights could still send a picture of a certificate: it is asked."""

    file = UploadField(label="File")
    issued_on = DayField(
        what="the day it was issued", label="Issued on (optional)", required=False,
        help_text="As the document says, for example 27 3 2026",
    )  # fmt: skip
    expires_on = DayField(
        what="the day it expires", label="Expires on (optional)", required=False,
        help_text="The last day on which it counts, for example 26 3 2027. Leave empty if it bears none",
    )  # fmt: skip
    shows_dbs = yes_or_no("Does this file show a DBS certificate?", "Yes", "No")
    ORDER = ("file", "issued_on", "expires_on", "shows_dbs")
    SUBMIT = "Upload the new version"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shows_dbs"].error_messages["required"] = "Say whether this file shows a DBS certificate"
        looks = {
            "kind": Field.select("kind"),
            "shows_dbs": Field.radios("shows_dbs", legend_size=Size.SMALL, inline=True),
        }
        self.helper = helper(*[looks.get(name, Field(name)) for name in self.ORDER], submit=self.SUBMIT)
        self.helper.layout.append(HTML('{% include "components/upload_state.html" %}'))
        self.helper.attrs = {
            "data-portal-upload": "",
            "data-portal-largest": str(settings.FILE_MAX_BYTES),
            "data-portal-too-large": refusals.too_large(settings.FILE_MAX_BYTES),
        }

    def clean_shows_dbs(self):
        if self.cleaned_data["shows_dbs"]:
            raise forms.ValidationError(refusals.NO_CERTIFICATES, code="dbs")
        return False

    def clean(self):
        data = super().clean()
        another = self.has_error("shows_dbs", "dbs")  # then it is another file that has to be chosen
        if data.get("file") and set(self.errors) - {"file"} and not another:
            self.add_error("file", AGAIN)
        return data

    def facts(self) -> dict:
        """What the action takes besides the file."""
        return {name: self.cleaned_data[name] for name in self.ORDER if name not in {"file", "shows_dbs"}}


class ItemForm(VersionForm):
    """A new document."""

    title = _title()
    kind = _kind()
    ORDER = ("title", "kind", *VersionForm.ORDER)
    SUBMIT = "Add to the library"
    field_order = ORDER


class RenameForm(forms.Form):
    """What a document is called."""

    title = _title()
    kind = _kind()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("title"), Field.select("kind"), submit="Save")
