"""Where each value of a JSON text begins and ends, in bytes, without reading what it says (ADR 14).

Works on bytes and on a mapped file alike. Nothing here recurses, and no pattern can go back over what it has passed.
Values that are stepped over are only held to their brackets and quotation marks: `tree.read` holds them to the rest.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from notices.rules.errors import BadNotice
from notices.rules.paths import Path, text

MOST_DEEP = 100
_CHUNK = 1 << 20
_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_SPACE = re.compile(rb"[ \t\n\r]*+")
_KEY = re.compile(_TEXT, re.DOTALL)
_ATOM = re.compile(_TEXT + rb"|[-+.0-9A-Za-z]++", re.DOTALL)
_TO_BRACKET = re.compile(rb'[^"\[\]{}]*+(?:' + _TEXT + rb'[^"\[\]{}]*+)*+', re.DOTALL)
_TOKEN = re.compile(_TEXT + rb'?|[{}\[\],:]|[^\s"{}\[\],:]++', re.DOTALL)
_CLOSES = {ord("{"): ord("}"), ord("["): ord("]")}
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_OTHER_FILES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP, Word or Excel file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"<", "a web page or XML"),
)


class Member(NamedTuple):
    """A key of an object: what it says, where it begins and where it ends, quotation marks and all."""

    key: str
    start: int
    end: int


def begins(buffer) -> int:
    """Where the JSON begins: behind a byte order mark, if there is one. Raises `BadNotice` for what is no UTF-8."""
    head = bytes(buffer[:64])
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            raise BadNotice(f"The file is in {encoding}. Save it as UTF-8")
    for mark, what in _OTHER_FILES:
        if head.lstrip(b" \t\r\n").startswith(mark):
            raise BadNotice(f"This is {what}, not JSON. Choose the notice as OCDS in JSON")
    if b"\x00" in head[:4]:
        raise BadNotice("The file is in UTF-16 or UTF-32. Save it as UTF-8")
    decoder = codecs.getincrementaldecoder("utf-8")()
    for at in range(0, len(buffer), _CHUNK):
        try:
            decoder.decode(buffer[at : at + _CHUNK], final=at + _CHUNK >= len(buffer))
        except UnicodeDecodeError as error:
            wrong = error.object[error.start]
            raise BadNotice(
                f"The file is not in UTF-8 (a byte 0x{wrong:02X} does not belong there). It may be in Windows-1252: "
                "save it as UTF-8"
            ) from None
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if _SPACE.match(buffer, start).end() == len(buffer):
        raise BadNotice("The file is empty")
    return start


class Cursor:
    """A place in a JSON text, moved forward by whoever walks it: `members` and `items` go in, `skip` goes past."""

    def __init__(self, buffer, at: int = 0, *, inside: Path = ()):
        self.buffer = buffer
        self.at = at
        self.inside = inside
        self.depth = 0

    def first(self) -> str:
        """The first character of the value that comes next: `{`, `[`, `"` or another. Raises `BadNotice` at the end."""
        self.at = _SPACE.match(self.buffer, self.at).end()
        if self.at >= len(self.buffer):
            raise self.bad("the rest is missing")
        return chr(self.buffer[self.at])

    def members(self) -> Iterator[Member]:
        """Each key of the object that stands here, with the cursor at its value, which the caller moves past."""
        for _ in self._entries("}"):
            self.first()
            found = _KEY.match(self.buffer, self.at)
            if not found:
                raise self.bad("a key in quotation marks is missing")
            try:
                key = json.loads(found.group().decode())
            except ValueError:
                raise self.bad("a key is not spelled as JSON asks") from None
            self.at = found.end()
            if self.first() != ":":
                raise self.bad("a colon is missing")
            self.at += 1
            self.first()
            yield Member(key, *found.span())

    def items(self) -> Iterator[int]:
        """The position of each item of the list that stands here, with the cursor at it; the caller moves past it."""
        yield from self._entries("]")

    def _entries(self, close: str) -> Iterator[int]:
        self.at += 1
        self._deeper(self.at - 1)
        count = 0
        if self.first() != close:
            while True:
                self.first()
                yield count
                count += 1
                after = self.first()
                if after == close:
                    break
                if after != ",":
                    raise self.bad("a comma is missing")
                self.at += 1
        self.at += 1
        self.depth -= 1

    def _deeper(self, at: int) -> None:
        self.depth += 1
        if self.depth > MOST_DEEP:
            path = text(self.inside + where(self.buffer, at))
            raise BadNotice(f"There are more than {MOST_DEEP} lists and objects inside each other", path)

    def skip(self) -> int:
        """Go past the value that comes next. Returns where it ended."""
        if self.first() not in "{[":
            found = _ATOM.match(self.buffer, self.at)
            if not found and self.first() == '"':
                self.at = len(self.buffer)
                raise self.bad("the rest is missing")
            if not found:
                raise self.bad("a value is missing")
            self.at = found.end()
            return self.at
        buffer, open_ = self.buffer, [_CLOSES[self.buffer[self.at]]]
        self.depth += 1
        at = self.at + 1
        while open_:
            at = _TO_BRACKET.match(buffer, at).end()
            if at >= len(buffer) or buffer[at] == ord('"'):
                self.at = len(buffer)
                raise self.bad("the rest is missing")
            if buffer[at] in _CLOSES:
                open_.append(_CLOSES[buffer[at]])
                self._deeper(at)
            elif buffer[at] != open_.pop():
                self.at = at
                raise self.bad("a bracket closes what it did not open")
            else:
                self.depth -= 1
            at += 1
        self.at = at
        return at

    def end(self) -> None:
        """Raise `BadNotice` unless nothing but space follows."""
        self.at = _SPACE.match(self.buffer, self.at).end()
        if self.at < len(self.buffer):
            raise self.bad("there is more after its end")

    def bad(self, what: str) -> BadNotice:
        """What is wrong here, with the line and the path."""
        return not_json(self.buffer, self.at, what, inside=self.inside)


def not_json(buffer, at: int, what: str, *, inside: Path = ()) -> BadNotice:
    """The sentence for a text that is no JSON from byte `at` on. Lines are counted only in a file, not in its part."""
    if at >= len(buffer) and not inside:
        message = "The JSON ends before it is complete. The file may not have been saved or downloaded whole"
    elif inside:
        message = f"This is not JSON: {what}"
    else:
        before = bytes(buffer[:at])
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        message = f"This is not JSON: in line {line:,}, character {column:,}, {what}"
    return BadNotice(message, text(inside + where(buffer, at)))


def where(buffer, at: int) -> Path:
    """The path of what stands at byte `at`, as far as it can be told from what comes before. Only asked for errors."""
    open_: list[int | tuple[int, int] | None] = []
    last: tuple[int, int] | None = None
    for token in _TOKEN.finditer(buffer):
        if token.start() >= at:
            break
        mark = chr(buffer[token.start()])
        if mark == "{":
            open_.append(None)
        elif mark == "[":
            open_.append(0)
        elif mark in "}]":
            del open_[-1:]
        elif mark == '"':
            last = token.span()
        elif mark == ":" and open_ and not isinstance(open_[-1], int):
            open_[-1] = last
        elif mark == "," and open_:
            open_[-1] = open_[-1] + 1 if isinstance(open_[-1], int) else None
    return tuple(step if isinstance(step, int) else _key(buffer, step) for step in open_ if step is not None)


def _key(buffer, span: tuple[int, int]) -> str:
    written = bytes(buffer[slice(*span)]).decode(errors="replace")
    try:
        return json.loads(written, strict=False)
    except ValueError:
        return written.strip('"')
