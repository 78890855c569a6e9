"""Where the releases stand in a file, found in one pass, and the file put together again from them.

One release, a release package, a record and a record package can be read (OCDS 1.1). In a record the releases that are
embedded count, and the compiled one, whose path ends in `compiledRelease`; those that are only linked to, and the
versioned one, stay in the envelope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from notices.rules import tree
from notices.rules.errors import BadNotice
from notices.rules.paths import Path, text
from notices.rules.scan import Cursor, begins

MOST_RELEASES = 20_000  # many times what is published in a day; each takes a kilobyte of memory while a file is read
_NO_NOTICE = "This is JSON, but no procurement notice: it has no ocid, no releases and no records"


class Slice(NamedTuple):
    """A release: its path in the file, and its first byte and the byte after its last."""

    path: Path
    start: int
    end: int


class Parts(NamedTuple):
    """`kind` is a value of `FileKind`."""

    kind: str
    slices: tuple[Slice, ...]


def split(buffer) -> Parts:
    """Find the releases in bytes or in a mapped file.

    The releases themselves are held to their brackets only: `tree.read(buffer[start:end], inside=path)` reads each.
    Raises `BadNotice` for what is not UTF-8, not JSON around the releases, or no OCDS."""
    cursor = Cursor(buffer, begins(buffer))
    first = cursor.first()
    if first == "[":
        raise BadNotice("This is a list. Bring in a release package, a record package or one release by itself")
    if first != "{":
        cursor.skip()
        cursor.end()
        tree.read(bytes(buffer))
        raise BadNotice(_NO_NOTICE)
    walk = _Walk(cursor)
    start = cursor.at
    keys = walk.thing(())
    whole = Slice((), start, cursor.at)
    cursor.end()
    return _classified(buffer, walk, keys, whole)


def _classified(buffer, walk: _Walk, keys: set[str], whole: Slice) -> Parts:
    if "releases" in keys and "records" in keys:
        raise BadNotice("The file has both releases and records: it can only be one of the two")
    if not keys & {"releases", "records", "ocid"}:
        raise BadNotice(_NO_NOTICE)
    if not keys & {"releases", "records"}:
        return Parts("release", (whole,))
    kind = "record_package" if "records" in keys else "record" if "ocid" in keys else "release_package"
    slices = tuple(one for one in walk.found if kind != "release_package" or one.path[0] == "releases")
    tree.read(b"".join(_with_null(buffer, slices)))
    return Parts(kind, slices)


def _with_null(buffer, slices: tuple[Slice, ...]) -> Iterator[bytes]:
    """What the file says around its releases. Lines stay where they were, for errors."""
    at = 0
    for one in slices:
        yield bytes(buffer[at : one.start])
        yield b"null" + b"\n" * bytes(buffer[one.start : one.end]).count(b"\n")
        at = one.end
    yield bytes(buffer[at:])


class _Walk:
    """Goes through packages and records and notes where releases stand."""

    def __init__(self, cursor: Cursor):
        self.cursor = cursor
        self.found: list[Slice] = []

    def thing(self, path: Path) -> set[str]:
        """A package or a record. Returns its keys."""
        keys: set[str] = set()
        for member in self.cursor.members():
            here = (*path, member.key)
            if member.key in keys and member.key in {"releases", "records", "compiledRelease"}:
                raise BadNotice("This stands twice in the file", text(here))
            keys.add(member.key)
            if member.key == "releases":
                self.each(here, self.release)
            elif member.key == "records" and not path:
                self.each(here, self.record)
            elif member.key == "compiledRelease" and self.cursor.first() == "{":
                self.release(here)
            else:
                self.cursor.skip()
        return keys

    def each(self, path: Path, go_through: Callable[[Path], object]) -> None:
        if self.cursor.first() != "[":
            raise BadNotice("This has to be a list", text(path))
        for position in self.cursor.items():
            here = (*path, position)
            if self.cursor.first() != "{":
                raise BadNotice("This has to be an object with a notice in it", text(here))
            go_through(here)

    def record(self, path: Path) -> None:
        self.thing(path)

    def release(self, path: Path) -> None:
        """A release; in a record it may be no more than a link."""
        start, keys = self.cursor.at, set()
        for member in self.cursor.members():
            keys.add(member.key)
            self.cursor.skip()
        if "ocid" in keys or "url" not in keys:
            if len(self.found) == MOST_RELEASES:
                raise BadNotice(f"A file may hold {MOST_RELEASES:,} releases at most. Split the package", text(path))
            self.found.append(Slice(path, start, self.cursor.at))


def envelope(buffer, slices: Iterable[Slice]) -> bytes:
    """The bytes around these releases. Those of a release that is not kept by itself are given to nobody else: leave it
    out of `slices`, and the envelope keeps it."""
    parts, at = [], 0
    for one in slices:
        parts.append(bytes(buffer[at : one.start]))
        at = one.end
    return b"".join([*parts, bytes(buffer[at:])])


def rebuild(around: bytes, releases: Iterable[tuple[int, int, bytes]]) -> Iterator[bytes]:
    """The file again, piece by piece: for each release in order where it began, how long it was, and its bytes now."""
    at = taken = 0
    for start, length, body in releases:
        yield around[taken : taken + start - at]
        yield body
        taken += start - at
        at = start + length
    yield around[taken:]
