"""What a notice says: its JSON as dictionaries, lists, texts, truths, None, and each number as a `Decimal`.

A number is kept to its last digit, `1e9999` too, and is never infinite. Before one becomes an `int`, compare it with a
limit: writing out `1e999999` would take all the memory there is. Of a key that stands twice, the last counts.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation

from notices.rules import scan
from notices.rules.errors import BadNotice
from notices.rules.paths import Path, text

LARGEST = 10 * 1024 * 1024  # bytes; of what is read at once, since it takes many times as much memory
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_WORD = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?Infinity|NaN)', re.DOTALL)
_NUMBER = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?[0-9][0-9.eE+-]*+)', re.DOTALL)
_WORDS_FOR = (
    ("Expecting value", "a value is missing"),
    ("Expecting property name", "a key in quotation marks is missing"),
    ("Expecting ','", "a comma is missing"),
    ("Expecting ':'", "a colon is missing"),
    ("Extra data", "there is more after its end"),
    ("Unterminated string", "a text has no end"),
    ("Invalid control character", "a text holds a line break or another character that has to be written as an escape"),
    ("Invalid \\", "a text holds a backslash that begins no escape"),
)


class _NotANumber(ValueError):
    """The words NaN and Infinity, which Python's reader takes and JSON does not have."""


class _TooLarge(ValueError):
    """A number with an exponent of more than eighteen digits."""


def read(body: bytes, *, inside: Path = ()):
    """The value that `body` spells. `inside` is where it stands in its file, for the paths of errors.

    Raises `BadNotice` for what is not UTF-8 or not JSON, the words NaN and Infinity, more than 100 levels and more than
    10 MB."""
    if len(body) > LARGEST:
        raise BadNotice(f"One notice may be as large as {LARGEST // 1024**2} MB: this one is larger", text(inside))
    start = scan.begins(body)
    scan.Cursor(body, start, inside=inside).skip()
    written = body[start:].decode()
    numbers: dict[str, Decimal] = {}

    def number(spelled: str) -> Decimal:
        if spelled not in numbers:
            numbers[spelled] = _number(spelled)
        return numbers[spelled]

    try:
        return json.loads(written, parse_int=number, parse_float=number, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        at = start + len(written[: error.pos].encode())
        raise scan.not_json(body, at, _plain_words(error.msg), inside=inside) from None
    except _NotANumber as error:
        at = next(found.start() for found in _WORD.finditer(body) if found[1])
        raise BadNotice(f"{error} is not a number that JSON has", _path(body, at, inside)) from None
    except _TooLarge:
        at = next(found.start() for found in _NUMBER.finditer(body) if found[1] and not _fits(found[1]))
        raise BadNotice("The number has an exponent that nothing can hold", _path(body, at, inside)) from None


def _path(body: bytes, at: int, inside: Path) -> str:
    return text(inside + scan.where(body, at))


def _number(spelled: str) -> Decimal:
    try:
        return Decimal(spelled)
    except InvalidOperation:
        raise _TooLarge from None


def _fits(spelled: bytes) -> bool:
    try:
        _number(spelled.decode())
    except _TooLarge:
        return False
    return True


def _refuse(word: str):
    raise _NotANumber(word)


def _plain_words(message: str) -> str:
    return next((ours for theirs, ours in _WORDS_FOR if message.startswith(theirs)), "something is wrong")


def plain(words: str, longest: int | None = None) -> str:
    """The text as a database column can hold it: U+FFFD for NUL and for half a surrogate pair; cut to `longest`
    characters, the last of which is then an ellipsis."""
    clean = _UNKEEPABLE.sub("\ufffd", words)
    if longest is not None and len(clean) > longest:
        return f"{clean[: longest - 1]}…"
    return clean


def same(one, other) -> bool:
    """Whether two values say the same: `1` and `1.0` do, `1` and `true` do not; the order of keys does not matter."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other
