"""What a file is called: as where it came from, fit to be shown and saved anywhere."""

from __future__ import annotations

import re
import unicodedata

from core.text import tidy
from files.states import FileKind

LONGEST = 200
_LONGEST_READ = 1000  # characters of a name that are looked at
_ENDINGS = {kind: (kind.value,) for kind in FileKind} | {FileKind.JPEG: ("jpg", "jpeg")}
_CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}
# An ending of these is wrong on a file of another kind, and is taken off; any other is part of the name.
_KNOWN_ENDING = re.compile(r"\.(?:pdf|docx?|docm|xlsx?|xlsm|pptx?|pptm|odt|rtf|png|jpe?g|gif|heic)$", re.IGNORECASE)


def fit(name: str, kind: FileKind) -> str:
    """The name with the ending of what the file is, without folders and without anything that cannot be seen or turns
    the direction of writing; 200 characters at most, never empty."""
    last = re.split(r"[/\\]", name[-_LONGEST_READ:])[-1]
    seen = tidy("".join(one if _is_seen(one) else " " for one in last)).rstrip(". ")
    known = _KNOWN_ENDING.search(seen)
    ending = f".{_ENDINGS[kind][0]}"
    if known and known.group()[1:].lower() in _ENDINGS[kind]:
        ending = known.group()
    stem = (seen[: known.start()] if known else seen).strip(". ")
    return f"{stem[: LONGEST - len(ending)].rstrip('. ') or 'file'}{ending}"


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    return not category.startswith("C") or character in "\u200c\u200d"


def content_type(kind: FileKind) -> str:
    """What a browser is told that the file is."""
    return _CONTENT_TYPES[kind]
