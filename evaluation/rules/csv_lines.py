"""A CSV that somebody made with a spreadsheet, as lines and records with the numbers of their lines. Whatever is no
text, or could be read in two ways, is refused."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import IO, NamedTuple

_LONGEST_LINE = 64 * 1024  # bytes
_SAVE_AS = "In the spreadsheet, choose “Save as” and “CSV UTF-8”"
_ENDS = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Fault(NamedTuple):
    """What is wrong on which line (0: with the whole file), and what to type instead."""

    line: int
    words: str

    def __str__(self):
        return f"Line {self.line}: {self.words}" if self.line else self.words


class BadPriceFile(ValueError):
    """The list cannot be checked. Nothing of it counts: one wrong price changes an average for all."""

    def __init__(self, *faults: Fault, more: bool = False):
        self.faults, self.more = faults, more
        super().__init__("\n".join(map(str, faults)))


def lines_of(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Lines as text, with their numbers. Raises `BadPriceFile` for what is no text."""
    number = 0
    while raw := file.readline(_LONGEST_LINE + 1):
        number += 1
        if number == 1:
            raw = _beginning(raw)
        if len(raw) > _LONGEST_LINE:
            raise BadPriceFile(
                Fault(number, f"The line is longer than {_LONGEST_LINE // 1024} KB. Is this a CSV file?")
            )
        if b"\0" in raw:
            raise BadPriceFile(Fault(number, f"There is a sign (NUL) that no text holds. {_SAVE_AS}"))
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise BadPriceFile(Fault(number, f"The text is not UTF-8. {_SAVE_AS}")) from None
        if "\r" in text[:-2]:  # line ends of an old Macintosh
            parts = _ENDS.findall(text)
            yield from ((number + at, part) for at, part in enumerate(parts))
            number += len(parts) - 1
        else:
            yield number, text


def _beginning(raw: bytes) -> bytes:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadPriceFile(Fault(0, f"The file is “Unicode text” (UTF-16), not CSV. {_SAVE_AS}"))
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadPriceFile(Fault(0, f"The file is a workbook, not CSV. {_SAVE_AS}"))
    return raw.removeprefix(b"\xef\xbb\xbf")


def records(number: int, first: str, lines: Iterator[tuple[int, str]], separator: str) -> Iterator:
    """Rows with the line on which each begins."""
    at = number

    def texts():
        nonlocal at
        yield first
        for at, line in lines:  # noqa: B007  # read below
            yield line

    rows = csv.reader(texts(), delimiter=separator, skipinitialspace=True, strict=True)
    began = number
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            raise BadPriceFile(Fault(began, "The quotes do not match. Write a quote inside a value twice")) from None
        yield began, row
        began = at + 1
