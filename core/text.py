"""Names and lines as people type them: one spelling (NFC), no invisible characters, a length that fits.

Pure: the form fields built on it stand in `core.fields`."""

from __future__ import annotations

import unicodedata

import regex

_BREAKS = {"\n", "\r", "\t"}


class BadText(ValueError):
    """The text holds something that a reader could not see or that no name has; the message says what."""


def tidy(text: str) -> str:
    """One spelling for one word: NFC, and single spaces inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def refuse_long(text: str, longest: int) -> None:
    """Raise `BadText` for what cannot fit however it is spelled. Asked before anything else looks at the text: putting
    marks in order (NFC) takes Python the square of their number, which is hours for what one form can carry."""
    if len(text) > 2 * longest:
        raise BadText(f"must be {longest:,} characters or fewer")


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
        refuse_long(text, longest)
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
