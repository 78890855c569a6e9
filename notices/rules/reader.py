"""Takes facts out of a notice's tree one by one, and keeps where each stood and what could not be read.

Two outcomes for what is wrong. What the notice says in so many words and no framework can have (an amount that is no
number, a day that does not exist, euros) is refused: `BadNotice`. What cannot be understood is not said: the fact stays
empty, and an `Unread` says so with its place. Nothing is corrected in silence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from notices.rules import amounts, dates, paths
from notices.rules.errors import BadNotice
from notices.rules.paths import Path
from notices.rules.tree import plain

CURRENCY = "GBP"
LONGEST_QUOTE = 300
LONGEST_DIGITS = 30
MOST_LISTED = 1_000


@dataclass(frozen=True)
class Unread:
    """Something in the notice that was not understood, so that the portal left it empty. `also` are further places
    that it has to do with."""

    path: Path
    text: str
    why: str
    also: tuple[tuple[Path, str], ...] = ()


def quoted(value: object) -> str:
    """Whatever stands in a notice, short enough to be shown beside its path."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "nothing" if value is None else str(value)
    return plain(text, LONGEST_QUOTE) if text.strip() else "an empty text"


def digits(value: object) -> str | None:
    """A whole number's digits, which some notices write where the standard has a text (`id`)."""
    if (
        not isinstance(value, Decimal)
        or not -1 < value.adjusted() < LONGEST_DIGITS
        or value != value.to_integral_value()
    ):
        return None
    return format(value, ".0f")


class Reader:
    """Reads a tree. `sources` grows with the path of each fact read under a key, `unread` with what was not."""

    def __init__(self, tree: dict):
        self.tree = tree
        self.sources: dict[str, Path] = {}
        self.unread: list[Unread] = []

    def get(self, path: Path) -> object:
        return paths.get(self.tree, path)

    def missed(self, path: Path, why: str, *also: Path) -> None:
        """Note that what stands at `path` was not understood."""
        self.unread.append(
            Unread(path, quoted(self.get(path)), why, tuple((one, quoted(self.get(one))) for one in also))
        )

    def found(self, key: str, path: Path) -> None:
        """Note where a fact stands; without a key there is no fact to note."""
        if key:
            self.sources[key] = path

    def text(self, path: Path, key: str = "", *, longest: int = 0) -> str:
        """A text; a whole number stands for its digits. Longer than `longest` it is left empty: cut, it is another."""
        value = self.get(path)
        if value is None:
            return ""
        value = digits(value) or value
        if not isinstance(value, str):
            self.missed(path, "A text should stand here.")
            return ""
        if longest and len(value) > longest:
            self.missed(path, f"The portal keeps {longest:,} characters here, and this has {len(value):,}.")
            return ""
        kept = plain(value)
        if kept != value:
            self.missed(path, "This text holds characters that no database can keep. The portal shows \ufffd for them.")
        self.found(key, path)
        return kept

    def flag(self, path: Path, key: str = "", *, otherwise: bool = False) -> bool:
        """True or false; `otherwise` where nothing is said."""
        value = self.get(path)
        if isinstance(value, bool):
            self.found(key, path)
            return value
        if value is not None:
            self.missed(path, "Either true or false should stand here.")
        return otherwise

    def limit(self, path: Path, key: str) -> int | None:
        """How many at most; None where nothing is said or the notice says "no maximum"."""
        value = self.get(path)
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise BadNotice(f"The limit must be a number, and here it is: {quoted(value)}", paths.text(path))
        self.found(key, path)
        return amounts.limit(value, path)

    def value(self, path: Path, keys: Mapping[str, str], prefix: str = "") -> dict[str, int | None]:
        """The amounts of a value in pence by fact key. Amounts in no named currency are not said."""
        read: dict[str, int | None] = dict.fromkeys(keys)
        value = self.get(path)
        if value is not None and not isinstance(value, dict):
            self.missed(path, "A value with its amount and currency should stand here.")
        said = {key: (*path, name) for key, name in keys.items() if self.get((*path, name)) is not None}
        if not said:
            return read
        currency = self.get((*path, "currency"))
        if currency is None:
            self.missed(path, "The notice does not say in which currency this is.")
            return read
        if currency != CURRENCY:
            where = paths.text((*path, "currency"))
            raise BadNotice(f"Amounts must be in pounds (GBP), and here the currency is: {quoted(currency)}", where)
        for key, at in said.items():
            amount = self.get(at)
            if not isinstance(amount, Decimal):
                raise BadNotice(f"The amount must be a number, and here it is: {quoted(amount)}", paths.text(at))
            read[key] = amounts.pence(amount, at)
            self.found(prefix + key, at)
        return read

    def _date(self, path: Path) -> dates.Written | None:
        value = self.get(path)
        if value is None:
            return None
        if not isinstance(value, str):
            self.missed(path, "A date should stand here.")
            return None
        try:
            read = dates.written(value)
        except dates.NoSuchDate:
            raise BadNotice(f"There is no such date: {quoted(value)}", paths.text(path)) from None
        if read is None:
            self.missed(path, "This can be read as more than one date, or as none. Notices write 2026-09-01.")
        return read

    def day(self, path: Path, key: str = "") -> dt.date | None:
        """A day in England."""
        read = self._date(path)
        if read is None:
            return None
        self.found(key, path)
        return read.in_england.date()

    def moment(self, path: Path, key: str = "") -> dt.datetime | None:
        """A moment. Without a time or without an offset it is not said: a deadline an hour off is a wrong deadline."""
        read = self._date(path)
        if read is None:
            return None
        if read.moment is None:
            self.missed(path, "The notice does not say which moment this is: the time or its offset is missing.")
            return None
        self.found(key, path)
        return read.moment.astimezone(dt.UTC)

    def listed(self, path: Path, *, most: int = MOST_LISTED) -> list:
        """What is in a list. Raises `BadNotice` where there is more than any framework has."""
        value = self.get(path)
        if value is None:
            return []
        if not isinstance(value, list):
            self.missed(path, "A list should stand here.")
            return []
        if len(value) > most:
            raise BadNotice(f"There may be {most:,} of these at most, and here are {len(value):,}", paths.text(path))
        return value

    def objects(self, path: Path, *, most: int = MOST_LISTED) -> Iterator[tuple[Path, dict]]:
        """Each object in a list, with its path. Anything else in the list is noted."""
        for index, element in enumerate(self.listed(path, most=most)):
            if isinstance(element, dict):
                yield (*path, index), element
            else:
                self.missed((*path, index), "An object should stand here.")

    def texts(self, path: Path) -> list[str]:
        """The texts in a list; anything else in it is noted."""
        found = [self.text((*path, index)) for index in range(len(self.listed(path)))]
        return [text for text in found if text]
