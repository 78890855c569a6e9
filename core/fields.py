"""Form fields of the whole portal: money, names, lines of text."""

from __future__ import annotations

import unicodedata

import regex
from django import forms
from django.core.exceptions import ValidationError

from core.money import Money, NotMoney
from core.text import BadText, name, refuse_invisible, refuse_long


class MoneyField(forms.CharField):
    """A form field that gives integer pence."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clean(self, value):
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            return Money.parse(text).pence
        except NotMoney as error:
            raise ValidationError(str(error), code="money") from error


class NameField(forms.CharField):
    """A form field for a name. `what` starts the error: "Organisation name must be 200 characters or fewer"."""

    def __init__(self, *, what: str, longest: int = 200, latin: bool = False, **kwargs):
        self.what, self.longest, self.latin = what, longest, latin
        super().__init__(**kwargs)

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value)
        try:
            clean = name(text, what=self.what, longest=self.longest)
        except BadText as error:
            raise ValidationError(str(error), code="name") from error
        if self.latin and regex.search(r"[\p{L}&&[^\p{Latin}]]", clean, flags=regex.V1):
            raise ValidationError(f"{self.what} must use letters of the Latin alphabet only", code="script")
        return clean


class LinesField(forms.CharField):
    """A form field for several lines of text."""

    def __init__(self, *, what: str, longest: int = 4000, **kwargs):
        self.what, self.longest = what, longest
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(**kwargs)

    def to_python(self, value):
        text = ("" if value in self.empty_values else str(value)).strip().replace("\r\n", "\n")
        try:
            refuse_long(text, self.longest)
            text = unicodedata.normalize("NFC", text)
            refuse_invisible(text, lines=True)
        except BadText as error:
            raise ValidationError(f"{self.what} {error}", code="text") from error
        if len(text) > self.longest:
            raise ValidationError(f"{self.what} must be {self.longest:,} characters or fewer", code="length")
        return text
