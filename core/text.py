"""Names and lines as people type them: one spelling (NFC), no invisible characters, a length that fits."""

from __future__ import annotations

import unicodedata

import regex
from django import forms
from django.core.exceptions import ValidationError

_BREAKS = {"\n", "\r", "\t"}


class BadText(ValueError):
    """The text holds something that a reader could not see or that no name has; the message says what."""


def tidy(text: str) -> str:
    """One spelling for one word: NFC, and single spaces inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def refuse_invisible(text: str, *, lines: bool = False) -> None:
    """Raise `BadText` for control characters, direction overrides, lone surrogates and private-use characters."""
    for character in text:
        if lines and character in _BREAKS:
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cs", "Co", "Cn"} or (category == "Cf" and character not in "\u200c\u200d"):
            raise BadText("must not include characters that cannot be seen, such as control characters")


def name(text: str, *, what: str, longest: int) -> str:
    """A person's or organisation's name, tidied. Raises `BadText` with a sentence in the user's words."""
    try:
        refuse_invisible(text)
    except BadText as error:
        raise BadText(f"{what} {error}") from None
    clean = tidy(text)
    if len(clean) > longest:
        raise BadText(f"{what} must be {longest} characters or fewer")
    if regex.search(r"[\p{Extended_Pictographic}&&[^\p{ASCII}]]", clean, flags=regex.V1):
        raise BadText(f"{what} must not include symbols such as emoji")
    if regex.search(r"[<>{}\[\]\\|]", clean):
        raise BadText(f"{what} must not include any of these: < > {{ }} [ ] \\ |")
    if clean and not regex.search(r"\p{L}", clean):
        raise BadText(f"{what} must include a letter")
    return clean


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
        text = unicodedata.normalize("NFC", "" if value in self.empty_values else str(value)).strip()
        text = text.replace("\r\n", "\n")
        try:
            refuse_invisible(text, lines=True)
        except BadText as error:
            raise ValidationError(f"{self.what} {error}", code="text") from error
        if len(text) > self.longest:
            raise ValidationError(f"{self.what} must be {self.longest:,} characters or fewer", code="length")
        return text
