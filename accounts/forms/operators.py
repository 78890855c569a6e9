"""What operators fill in: the register of schools, and look-alike organisations."""

from __future__ import annotations

from crispy_forms_gds.layout import HTML, Field
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField


class ImportSchoolsForm(forms.Form):
    """The register's files."""

    file = forms.FileField(
        label="Establishment fields CSV",
        help_text="The file edubasealldata… from Get Information about Schools",
        allow_empty_file=True,
        error_messages={"required": "Select a file"},
    )
    links = forms.FileField(
        label="Establishment links CSV (optional)",
        help_text="The file links_edubasealldata…, which says which school took over from a closed one",
        required=False,
        allow_empty_file=True,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("file"), Field("links"), submit="Upload")
        self.helper.layout.append(HTML('{% include "components/upload_state.html" %}'))
        self.helper.attrs = {"data-portal-upload": ""}

    def given(self) -> list:
        """Those that were given, open for reading."""
        return [self.cleaned_data[name] for name in ("file", "links") if self.cleaned_data[name]]


class LookAlikeForm(forms.Form):
    """One organisation or two, and why."""

    decision = forms.ChoiceField(
        label="Are these the same organisation?",
        choices=[("same", "Yes, one organisation"), ("different", "No, two organisations")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether they are the same organisation"},
    )
    reason = LinesField(
        what="Reason",
        longest=2000,
        label="How do you know?",
        error_messages={"required": "Enter how you know"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.radios("decision"), Field("reason"), submit="Save")
