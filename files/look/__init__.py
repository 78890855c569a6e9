"""Looking at a file's content before it is taken in: what it is, that it opens, that it does no harm by being opened.

`look(file, size=…)` reads a seekable file and says what it is, with its text where it has one. Names are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from files.look import packs, pdf, pictures
from files.rules import kinds
from files.rules.refusals import Refused
from files.states import FileKind


@dataclass(frozen=True)
class Look:
    """What a file is, and its text (the beginning of a long one; empty for pictures)."""

    kind: FileKind
    text: str = ""


def look(file: BinaryIO, *, size: int) -> Look:
    """What the file is. Raises `Refused` when it is not taken."""
    file.seek(0)
    head = file.read(kinds.HEAD)
    if head.startswith(kinds.OLE):
        raise Refused(kinds.of_ole(head + file.read()))
    kind = kinds.of_head(head)
    file.seek(0)
    if kind is None:
        return Look(*packs.open_pack(file, size=size))
    if kind == FileKind.PDF:
        return Look(kind, pdf.text_of(file))
    pictures.check(file, kind)
    return Look(kind)
