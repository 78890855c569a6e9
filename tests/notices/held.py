"""Notices that an organisation holds, made row by row: `hold(world.larkshire, body)`."""

from __future__ import annotations

import hashlib

from django.utils import timezone

from notices.models import NoticeFile, Release
from notices.rules import split, tree
from notices.states import FileState


def hold(organisation, body: bytes, *, name: str = "notice.json", by=None) -> NoticeFile:
    """A file that was read, with its releases."""
    parts = split.split(body)
    file = NoticeFile.objects.create(
        organisation=organisation,
        name=name,
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        kind=parts.kind,
        state=FileState.READ,
        envelope=split.envelope(body, parts.slices),
        releases_count=len(parts.slices),
        received_at=timezone.now(),
        received_by=by,
    )
    for position, one in enumerate(parts.slices):
        release = body[one.start : one.end]
        said = tree.read(release, inside=one.path)
        Release.objects.create(
            file=file,
            organisation=organisation,
            position=position,
            starts_at=one.start,
            body=release,
            sha256=hashlib.sha256(release).hexdigest(),
            release_id=tree.plain(f"{said.get('id')}", 300),
            ocid=tree.plain(f"{said.get('ocid')}", 200),
        )
    return file
