"""Bringing a notice's file in."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError


class ImportNoticeForm(forms.Form):
    """One file, not empty and not larger than is read."""

    file = forms.FileField(
        label="The notice as OCDS data (JSON)",
        allow_empty_file=True,
        error_messages={"required": "Select a file"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        most = settings.NOTICE_FILE_MAX_BYTES // 1024**2
        self.fields["file"].help_text = f"One release, a release package or a record package, {most} MB at most"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.size:
            raise ValidationError("The file is empty. Download the notice again", code="empty")
        if file.size > settings.NOTICE_FILE_MAX_BYTES:
            most = settings.NOTICE_FILE_MAX_BYTES // 1024**2
            raise ValidationError(
                f"The file is larger than {most} MB. Choose the notice by itself, or a package of fewer notices",
                code="size",
            )
        return file
