"""One cell of a list of pupils: what it says, or what to type instead. No message holds what stood in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from accounts.rules.identifiers import WrongIdentifier, urn
from core.text import BadText, name
from referrals.rules import pupils
from referrals.states import Sex

LONGEST_CELL = 1000  # characters; a row with a longer one is a problem of its own
_YES = {"y", "yes", "t", "true", "1"}
_NO = {"", "n", "no", "f", "false", "0", "none"}
# SEN codes of the school census: E is an education, health and care plan, K support without one, N nothing.
_PLAN = _YES | {"e", "ehcp", "ehc plan", "education health and care plan", "education, health and care plan"}
_NO_PLAN = _NO | {"k", "sen support", "no sen", "no special educational need", "sen k"}
_SEXES = {"f": Sex.FEMALE, "female": Sex.FEMALE, "girl": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE, "boy": Sex.MALE}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class WrongCell(ValueError):
    """A cell that cannot be read; the message says what to type."""


BAD = (WrongCell, BadText, WrongIdentifier)


def plain(cell: str) -> str:
    """What a cell says, without what spreadsheets put around it: `="0012"` and `'-1` are ways to keep a text a text."""
    if len(cell) > LONGEST_CELL:
        raise WrongCell(f"must be {LONGEST_CELL:,} characters or fewer")
    text = cell.strip()
    if wrapped := re.fullmatch(r'="([^"]*)"', text):
        text = wrapped.group(1).strip()
    if text.startswith("'") and text[1:].startswith(_FORMULA):
        text = text[1:].strip()
    if text.startswith(_FORMULA):
        raise WrongCell(f"must not begin with {text[0]}: a spreadsheet would take it for a formula")
    return text


def _name(what: str, *, needed: bool = True) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if needed and not text:
            raise WrongCell("is empty")
        return name(text, what=what, longest=200) if text else ""

    return reader


def _day(*, needed: bool) -> Callable[[str], dt.date | None]:
    def reader(text: str) -> dt.date | None:
        if not text:
            if needed:
                raise WrongCell("is empty")
            return None
        bare = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", text)
        for layout in _DAYS:
            if bare.isascii() and re.search(r"[0-9]{4}", bare):
                try:
                    return dt.datetime.strptime(bare, layout).date()  # noqa: DTZ007  # a day has no time zone
                except ValueError:
                    continue
        raise WrongCell("must be a date like 04/05/2012 (day, month, year) or 2012-05-04")

    return reader


def _one_of(yes: set[str], no: set[str], words: str) -> Callable[[str], bool]:
    def reader(text: str) -> bool:
        said = text.casefold()
        if said in yes or said.split(" - ")[0] in yes:
            return True
        if said in no or said.split(" - ")[0] in no:
            return False
        raise WrongCell(words)

    return reader


def _sex(text: str) -> str:
    if text and text.casefold() not in _SEXES:
        raise WrongCell("must be F or M, as the school census asks, or empty")
    return _SEXES[text.casefold()].value if text else ""


def _number(rule: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: rule(text) if text else ""


def _upn(text: str) -> str:
    try:
        return pupils.upn(text)
    except WrongIdentifier:
        raise WrongCell(
            "must be a letter and 12 digits that belong together, as the school’s system prints it. Leave it empty "
            "where there is none"
        ) from None


READERS: dict[str, Callable[[str], object]] = {
    "upn": _number(_upn),
    "uln": _number(pupils.uln),
    "first_names": _name("First names"),
    "last_name": _name("Last name"),
    "known_as": _name("Known as", needed=False),
    "born_on": _day(needed=True),
    "sex": _sex,
    "has_ehcp": _one_of(_PLAN, _NO_PLAN, "must be Yes or No, or a SEN code: E, K or N"),
    "looked_after": _one_of(_YES, _NO, "must be Yes or No"),
    "school": _number(urn),
    "from_on": _day(needed=False),
}
