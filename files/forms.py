"""The field that takes a file. It looks at its shape alone; its content is looked at by `files.store.keep`."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from files.rules import refusals

# What a browser offers first; whoever chooses otherwise is told by the content.
ACCEPT = ".pdf,.docx,.xlsx,.pptx,.odt,.png,.jpg,.jpeg"


class UploadField(forms.FileField):
    """One file: there, not empty, not larger than `FILE_MAX_BYTES`."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {}).setdefault("required", "Select a file")
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPT}))
        most = settings.FILE_MAX_BYTES // refusals.MEGABYTE
        kwargs.setdefault(
            "help_text", f"PDF, Word, Excel, PowerPoint, OpenDocument text, PNG or JPEG, {most} MB at most"
        )
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        """The file as it came. Raises ValidationError."""
        upload = super().clean(data, initial)
        if upload and upload is data:
            if not upload.size:
                raise ValidationError(refusals.EMPTY, code="empty")
            if upload.size > settings.FILE_MAX_BYTES:
                raise ValidationError(refusals.too_large(settings.FILE_MAX_BYTES), code="size")
        return upload
