"""Where a file's bytes lie between its arrival and its reading: the portal's store, under a name of ours."""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from core.text import tidy
from notices.rules.tree import plain

LONGEST_NAME = 200


@dataclass(frozen=True)
class Kept:
    """A file in the store. `name` is what it was called where it came from, made fit to be shown."""

    name: str
    size: int
    sha256: str
    stored_as: str


def keep(file: UploadedFile) -> Kept:
    """Put an uploaded file in the store, piece by piece."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    name = tidy(plain(file.name or "", LONGEST_NAME)) or "notice.json"
    return Kept(name, file.size, digest.hexdigest(), default_storage.save(f"notices/{uuid.uuid4().hex}.json", file))


def forget(stored_as: str) -> None:
    """Take a file out of the store; one that has gone already is gone."""
    default_storage.delete(stored_as)


@contextlib.contextmanager
def mapped(stored_as: str) -> Iterator[mmap.mmap]:
    """A file of the store, mapped: its bytes are read as they are asked for, never all at once. Raises
    FileNotFoundError."""
    with tempfile.TemporaryFile() as copy:
        with default_storage.open(stored_as) as file:
            shutil.copyfileobj(file, copy, 1 << 20)
        copy.flush()
        with mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
            yield buffer
