"""What a file is, by its first bytes and by what a pack contains; and how large a pack may become."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from files.rules import refusals
from files.rules.refusals import MEGABYTE, Refused
from files.states import FileKind

HEAD = 2048  # bytes that tell what a file is
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
PACK = b"PK\x03\x04"
# What we do not take, but know well enough to say what to do with it.
_KNOWN = (
    (re.compile(rb"\{\\rtf"), refusals.RICH_TEXT),
    (re.compile(rb"GIF8|BM|II\*\0|MM\0\*|RIFF....WEBP|....ftyp(?:hei|hev|mif|avi)", re.DOTALL), refusals.OTHER_PICTURE),
    (re.compile(rb"PK\x05\x06|Rar!|7z\xbc\xaf|\x1f\x8b"), refusals.PACKED),
)
# The type of a pack's main part, where it has no macros and is no template.
_MAIN = {
    b"openxmlformats-officedocument.wordprocessingml.document.main+xml": FileKind.DOCX,
    b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileKind.XLSX,
    b"openxmlformats-officedocument.presentationml.presentation.main+xml": FileKind.PPTX,
    b"openxmlformats-officedocument.presentationml.slideshow.main+xml": FileKind.PPTX,
}
_MACRO_MEMBERS = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|^basic/|^scripts/", re.IGNORECASE)
OPEN_DOCUMENT_TEXT = b"application/vnd.oasis.opendocument.text"

MOST_MEMBERS = 5000
MOST_UNPACKED = 250 * MEGABYTE
# A text packs to a twentieth of its size; what unpacks to a hundred times as much is made for that.
MOST_RATIO = 100
SMALL = 20 * MEGABYTE  # below which the ratio is nobody's harm
MOST_PIXELS = 80_000_000


def of_head(head: bytes) -> FileKind | None:
    """What the first bytes say; None for a pack, whose members must tell. Raises `Refused` for everything else."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return FileKind.PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(PACK):
        return None
    for begins, why in _KNOWN:
        if begins.match(head):
            raise Refused(why)
    raise Refused(refusals.UNKNOWN)


@dataclass(frozen=True)
class Member:
    """What a pack says of one of its members, in bytes."""

    name: str
    packed: int
    unpacked: int
    encrypted: bool


def check_members(members: Iterable[Member], *, size: int) -> None:
    """Raise `Refused` for a pack of `size` bytes that becomes too large, whose members overlap, or that is locked or
    has macros: all from what it says of itself, before anything is unpacked."""
    members = list(members)
    if any(member.encrypted for member in members):
        raise Refused(refusals.LOCKED)
    unpacked = sum(member.unpacked for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise Refused(refusals.BOMB)
    if unpacked > SMALL and unpacked > MOST_RATIO * size:
        raise Refused(refusals.BOMB)
    if sum(member.packed for member in members) > size or len({member.name for member in members}) < len(members):
        raise Refused(refusals.BROKEN)
    if any(_MACRO_MEMBERS.search(member.name) for member in members):
        raise Refused(refusals.MACROS)


def of_pack(types: bytes | None, mimetype: bytes | None) -> FileKind:
    """What a pack is: `types` is its `[Content_Types].xml`, `mimetype` its member of that name. Raises `Refused`."""
    if types is not None:
        if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
            raise Refused(refusals.MACROS)
        for main, kind in _MAIN.items():
            if main in types:
                return kind
        raise Refused(refusals.UNKNOWN)
    if mimetype is not None:
        if mimetype.strip() == OPEN_DOCUMENT_TEXT:
            return FileKind.ODT
        raise Refused(refusals.UNKNOWN)
    raise Refused(refusals.PACKED)


def of_ole(content: bytes) -> str:
    """Why an OLE file is refused: a locked document of today lies in one, and so does every document of old."""
    return refusals.LOCKED if ENCRYPTED_PACKAGE in content else refusals.OLD_OFFICE


def is_pack_or_program(head: bytes) -> bool:
    """What must not lie inside a document: another pack, an OLE file, a program."""
    return head.startswith((PACK, OLE, b"MZ", b"\x7fELF"))


def defines_entities(head: bytes) -> bool:
    """XML that defines entities, with which a few lines can become gigabytes. No office program writes any."""
    return b"<!ENTITY" in head or "<!ENTITY".encode("utf-16-le") in head or "<!ENTITY".encode("utf-16-be") in head
