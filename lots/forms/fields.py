"""Fields for times, whole numbers, and texts that came from a notice."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from core.fields import LinesField
from lots.rules import timetable
from lots.rules.refusals import Refused


def _folded(text: str) -> str:
    """A text as a form sends it back: which breaks lines in its own way and drops the space around it."""
    return text.replace("\r\n", "\n").strip()


class KeptField(LinesField):
    """Lines of text. What stands there already is given back to the letter while nobody changes it, however long or
    odd it is: a text from a notice is corrected by a person, never by a form."""

    kept = ""

    def __init__(self, *, lines: int = 5, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput())
        self.single = lines == 1
        super().__init__(**kwargs)

    def to_python(self, value):
        if self.kept and isinstance(value, str) and _folded(value) == _folded(self.kept):
            return self.kept
        text = super().to_python(value)
        return " ".join(text.split()) if self.single else text


def keep(form: forms.Form) -> None:
    """Tell the form's texts what stands there already."""
    for name, field in form.fields.items():
        if isinstance(field, KeptField):
            field.kept = form.initial.get(name) or ""


class WholeField(forms.CharField):
    """A whole number in digits. `what` starts the error: "The limit of lots must be a whole number from 1 to 100"."""

    def __init__(self, *, what: str, least: int = 1, most: int = 100_000, **kwargs):
        self.what, self.least, self.most = what, least, most
        super().__init__(**kwargs)

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value).strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
            raise ValidationError(
                f"{self.what} must be a whole number from {self.least} to {self.most:,}", code="number"
            )
        return int(text)


class TimeField(forms.CharField):
    """A time of day as people write it; the rule says what it could mean."""

    def prepare_value(self, value):
        return timetable.time_in_words(value) if hasattr(value, "hour") else value

    def to_python(self, value):
        text = unicodedata.normalize("NFC", value[:40]).strip() if isinstance(value, str) else ""
        if not text:
            return None
        try:
            return timetable.parse_time(text)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="time") from refusal


def yes_or_no(label: str, yes: str, no: str, **kwargs) -> forms.TypedChoiceField:
    """Two radio buttons that give True and False."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": f"Choose one: {label.lower()}", "invalid_choice": "Choose one of the two"},
        **kwargs,
    )


def said(value: bool) -> str:
    """What such a pair of buttons shows."""
    return "yes" if value else "no"
