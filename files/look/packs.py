"""Word, Excel, PowerPoint and OpenDocument files: packs of XML.

Every member is unpacked once, piece by piece and kept nowhere, so that what a pack says of itself is held against what
it does. Its XML is not parsed: what is asked of it needs no parser, and what is not parsed cannot blow up."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from typing import BinaryIO

from files.rules import kinds, refusals
from files.rules.refusals import Refused
from files.states import FileKind

PIECE = 1 << 20
LONGEST_TEXT = 200_000  # characters
_TEXTS = re.compile(r"(?:word/(?:document|header\d*|footer\d*)|ppt/slides/slide\d+|content)\.xml")
_TYPES, _MIMETYPE, _MANIFEST = "[Content_Types].xml", "mimetype", "META-INF/manifest.xml"
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError, KeyError)


def open_pack(file: BinaryIO, *, size: int, inside: bool = False) -> tuple[FileKind, str]:
    """What the pack is, and its text. Raises `Refused`."""
    try:
        with zipfile.ZipFile(file) as pack:
            return _read(pack, size, inside)
    except Refused:
        raise
    except _DAMAGE:
        raise Refused(refusals.BROKEN) from None


def _read(pack: zipfile.ZipFile, size: int, inside: bool) -> tuple[FileKind, str]:
    infos = [info for info in pack.infolist() if not info.is_dir()]
    kinds.check_members(
        (kinds.Member(one.filename, one.compress_size, one.file_size, bool(one.flag_bits & 1)) for one in infos),
        size=size,
    )
    names = {info.filename for info in infos}
    types = _small(pack, _TYPES) if _TYPES in names else None
    mimetype = _small(pack, _MIMETYPE) if _MIMETYPE in names else None
    kind = kinds.of_pack(types, mimetype)
    if _MANIFEST in names and b"encryption-data" in _small(pack, _MANIFEST):
        raise Refused(refusals.LOCKED)
    texts = []
    for info in infos:
        texts += _unpack(pack, info, inside)
    return kind, "\n".join(texts)[:LONGEST_TEXT]


def _small(pack: zipfile.ZipFile, name: str) -> bytes:
    with pack.open(name) as member:
        return member.read(PIECE)


def _unpack(pack: zipfile.ZipFile, info: zipfile.ZipInfo, inside: bool) -> list[str]:
    """Unpack one member; its text where it has one. A workbook behind a chart is looked at as if it came by itself;
    whatever else is packed inside is refused. The library stops at the size that a member states and then compares its
    checksum, so a member that unpacks to more is damage."""
    with pack.open(info) as member:
        head = member.read(kinds.HEAD)
        if kinds.is_pack_or_program(head):
            if inside or not head.startswith(kinds.PACK):
                raise Refused(refusals.FILE_INSIDE)
            with pack.open(info) as inner:
                open_pack(inner, size=info.file_size, inside=True)
        if kinds.defines_entities(head):
            raise Refused(refusals.BROKEN)
        wanted = bool(_TEXTS.fullmatch(info.filename))
        kept = [head] if wanted else []
        while piece := member.read(PIECE):
            if wanted and sum(map(len, kept)) < 4 * LONGEST_TEXT:
                kept.append(piece)
    return [_words(b"".join(kept))] if wanted else []


def _words(xml: bytes) -> str:
    """The text of XML, without its marks; a paragraph's end is a line's end."""
    text = re.sub(r"</(?:w|a|text):(?:p|h)>|<w:(?:br|cr|tab)/>", "\n", xml.decode("utf-8", "replace"))
    return html.unescape(re.sub(r"<[^>]*+>", "", text))
