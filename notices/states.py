"""What a file from outside is, and how far it has come."""

from __future__ import annotations

from django.db.models import TextChoices


class FileKind(TextChoices):
    RELEASE = "release", "One release"
    RELEASE_PACKAGE = "release_package", "Release package"
    RECORD = "record", "One record"
    RECORD_PACKAGE = "record_package", "Record package"


class FileState(TextChoices):
    RECEIVED = "received", "Waiting to be read"
    READ = "read", "Read"
    REFUSED = "refused", "Could not be used"


FILE_MOVES = {
    FileState.RECEIVED: {FileState.READ, FileState.REFUSED},
    FileState.READ: set(),
    FileState.REFUSED: set(),
}
