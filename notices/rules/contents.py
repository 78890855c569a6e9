"""A file is read: which releases are in it, by what they can be found, and whether two of them contradict each other.

Pure; memory is one release at a time besides what is noted of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from notices.rules import kinds, split, tree
from notices.rules.errors import BadNotice
from notices.rules.paths import Path, get, text
from notices.rules.understand import understand

LONGEST_ID = 300
LONGEST_OCID = 200


@dataclass(frozen=True)
class Found:
    """A release in the file: where it stands (`start` and `end` in bytes), and what it is found by. `problem` is why it
    cannot be read as a framework though it is one, with its path."""

    path: Path
    start: int
    end: int
    sha256: str
    release_id: str
    ocid: str
    date: str
    tags: str
    notice_type: str
    title: str
    buyer_name: str
    is_framework: bool

    @property
    def key(self) -> tuple[str, str]:
        """What one organisation holds once."""
        return self.ocid, self.release_id


@dataclass(frozen=True)
class Read:
    """`kind` is a value of `FileKind`. A release that the file tells twice in the same words is here once."""

    kind: str
    releases: tuple[Found, ...]


def read(buffer, *, progress: Callable[[int, int, str], None] = lambda done, total, words: None) -> Read:
    """Read bytes or a mapped file whole. `progress` is told releases done, releases in all, and words.

    Raises `BadNotice` for what is not JSON or not OCDS, a release without ocid or id, two releases of one id that say
    different things, and for a single notice of a framework that could not be written."""
    parts = split.split(buffer)
    found: dict[tuple[str, str], Found] = {}
    for number, piece in enumerate(parts.slices, 1):
        one = _found(buffer, piece, alone=len(parts.slices) == 1)
        other = found.setdefault(one.key, one)
        if other is not one:
            check_same(buffer[other.start : other.end], buffer[one.start : one.end], one)
        progress(number, len(parts.slices), f"release {number:,} of {len(parts.slices):,}")
    if not found:
        raise BadNotice("There is no notice in this file")
    return Read(parts.kind, tuple(found.values()))


def check_same(held: bytes, new: bytes, found: Found) -> None:
    """Raise `BadNotice` unless both tell the same: spelling, spaces and the order of keys aside."""
    if hashlib.sha256(held).hexdigest() != hashlib.sha256(new).hexdigest() and not tree.same(
        tree.read(held), tree.read(new)
    ):
        raise BadNotice(
            f"There are two releases with the id {tree.plain(found.release_id, 100)} that say different things. "
            "A release is never changed: a new notice has a new id",
            text((*found.path, "id")),
        )


def _found(buffer, piece, *, alone: bool) -> Found:
    body = bytes(buffer[piece.start : piece.end])
    whole = tree.read(body, inside=piece.path)
    return Found(
        piece.path,
        piece.start,
        piece.end,
        hashlib.sha256(body).hexdigest(),
        release_id=_needed(whole, "id", piece.path, LONGEST_ID),
        ocid=_needed(whole, "ocid", piece.path, LONGEST_OCID),
        date=_said(whole.get("date"), 60),
        tags=_said(", ".join(tag for tag in _list(whole.get("tag")) if isinstance(tag, str)), 200),
        notice_type=_said(kinds.notice_type(whole), 20),
        title=_said(get(whole, ("tender", "title")) or _first_title(whole), 500),
        buyer_name=_said(get(whole, ("buyer", "name")), 300),
        is_framework=_is_framework(whole, piece.path, alone=alone),
    )


def _needed(whole: dict, key: str, path: Path, longest: int) -> str:
    value = whole.get(key)
    here = text((*path, key))
    if value is None or value == "":
        raise BadNotice(f"This release has no {key}, so it is not a notice in OCDS", here)
    if not isinstance(value, str):
        raise BadNotice(f"The {key} of a release has to be text", here)
    if len(value) > longest or tree.plain(value) != value:
        raise BadNotice(f"The {key} of this release cannot be one: it is too long or holds what nobody can read", here)
    return value


def _said(value: Any, longest: int) -> str:
    return tree.plain(value, longest) if isinstance(value, str) else ""


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []


def _first_title(whole: dict) -> Any:
    """A notice of an award or a contract may name itself nowhere else."""
    for part in ("awards", "contracts"):
        for item in _list(whole.get(part)):
            if isinstance(item, dict) and isinstance(item.get("title"), str):
                return item["title"]
    return ""


def _is_framework(whole: dict, path: Path, *, alone: bool) -> bool:
    """A notice by itself that tells a framework wrongly is refused at once; among many it is kept, and says what is
    wrong with it on its own page."""
    if not kinds.sets_up_a_framework(whole):
        return False
    if alone:
        try:
            understand(whole)
        except BadNotice as problem:
            raise BadNotice(problem.message, text(path) + problem.path if path else problem.path) from None
    return True
