"""Where the bytes lie: the portal's store, under a name of ours.

kept = store.keep(upload)                                        # looks at it; raises `files.rules.Refused`
file = steps.receive(kept=kept, organisation=…, by=…, at=…)      # inside the owner's action
store.forget(kept)                                               # when the action refused

What the portal makes itself goes in by `store.keep_made` and `steps.take_in_made`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File as Content
from django.core.files.storage import default_storage

from files.look import look
from files.rules import looks_like_dbs, names, refusals
from files.rules.refusals import Refused
from files.states import FileKind

log = logging.getLogger("portal.files")
FOLDER = "files"
PIECE = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A file in the store that was looked at and may be taken in."""

    name: str
    kind: FileKind
    size: int
    sha256: str
    stored_as: str


def keep_page(path: Path) -> str:
    """Put the picture of a page into the store; the name under which it is kept. Raises `files.rules.Refused` when the
    store is full or away."""
    with path.open("rb") as picture:
        return _put(picture)


def fetched(stored_as: str, copy) -> str:
    """Copy the bytes into an open file, which is left at its beginning; their SHA-256. Raises what the store raises."""
    digest = hashlib.sha256()
    with opened(stored_as) as content:
        while piece := content.read(PIECE):
            digest.update(piece)
            copy.write(piece)
    copy.flush()
    copy.seek(0)
    return digest.hexdigest()


def keep(upload) -> Kept:
    """Look at an uploaded file and put it in the store, piece by piece. Raises `files.rules.Refused`, and then keeps
    nothing of it."""
    with tempfile.TemporaryFile() as copy:
        size, sha256 = _copy(upload, copy)
        found = look(copy, size=size)
        given = upload.name or ""
        if found.kind != FileKind.XLSX and looks_like_dbs(found.text, given):
            raise Refused(refusals.CERTIFICATE)
        return Kept(names.fit(given, found.kind), found.kind, size, sha256, _put(copy))


def keep_made(name: str, body: bytes, *, kind: FileKind = FileKind.PDF) -> Kept:
    """Put a file that the portal made itself in the store: there is nothing in it to be looked at. Raises
    `files.rules.Refused` where the store takes none."""
    stored_as = _put(io.BytesIO(body))
    return Kept(names.fit(name, kind), kind, len(body), hashlib.sha256(body).hexdigest(), stored_as)


def _put(copy) -> str:
    """The name under which the store keeps it. A store that is full or away is a refusal, with the fault in the log."""
    copy.seek(0)
    try:
        return default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", Content(copy))
    except Exception:
        # Each store has faults of its own kind.
        log.exception("the store takes no file")
        raise Refused(refusals.NO_ROOM) from None


def _copy(upload, copy) -> tuple[int, str]:
    """Write the file down piece by piece; its size and SHA-256. Raises `Refused` as soon as it is too large."""
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks():
        size += len(chunk)
        if size > settings.FILE_MAX_BYTES:
            raise Refused(refusals.too_large(settings.FILE_MAX_BYTES))
        digest.update(chunk)
        copy.write(chunk)
    if not size:
        raise Refused(refusals.EMPTY)
    copy.flush()
    return size, digest.hexdigest()


def forget(kept: Kept) -> None:
    """Take a file out of the store again; one that has gone already is gone."""
    remove(kept.stored_as)


def remove(stored_as: str) -> None:
    """Take what lies under this name out of the store; what has gone already is gone."""
    with contextlib.suppress(FileNotFoundError):
        default_storage.delete(stored_as)


def opened(stored_as: str):
    """The bytes, to be read. Raises FileNotFoundError when they are gone, and what the store raises when it cannot be
    asked."""
    return default_storage.open(stored_as)


def all_names() -> Iterator[str]:
    """Everything that lies in the store's folder of files."""
    try:
        _, lying = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    yield from (f"{FOLDER}/{name}" for name in lying)


def kept_at(stored_as: str):
    """When the bytes came into the store, or None when they have gone."""
    return default_storage.get_modified_time(stored_as) if default_storage.exists(stored_as) else None
