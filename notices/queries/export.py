"""Notices given back: a release or a whole file, byte for byte but for what was changed in the portal."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from django.db.models import QuerySet

from lots.queries.facts import facts_of
from notices.models import NoticeFile, Release
from notices.rules import edits, split, tree
from notices.rules.understand import understand
from notices.rules.writing import edits_for
from notices.states import FileKind, FileState

LONGEST_NUMBER = 18  # digits that a key has
AT_ONCE = 10  # releases in memory while a file is streamed; each may have megabytes


def exported(release: Release) -> bytes:
    """The release as it was received. The one that a framework came from says what the portal says now: only what was
    changed there is written anew. Raises `BadNotice` where that cannot be written into it."""
    body = bytes(release.body)
    if not release.is_source:
        return body
    whole = tree.read(body)
    return edits.apply(body, edits_for(whole, understand(whole), facts_of(release.framework)))


def exported_alone(release: Release) -> bytes:
    """The release as JSON by itself: with the space around it when its file had nothing else, without the byte order
    mark, which JSON that is handed on must not have (RFC 8259, section 8.1)."""
    if release.file.kind != FileKind.RELEASE:
        return exported(release)
    return b"".join(exported_file(release.file)).removeprefix(codecs.BOM_UTF8)


def exported_file(file: NoticeFile) -> Iterator[bytes]:
    """The whole file, piece by piece. What the portal changed is worked out before the first piece, so that nothing is
    sent where it raises `BadNotice`."""
    releases = Release.objects.filter(file=file)
    sources = releases.filter(is_source=True).select_related("framework")
    changed = {release.pk: exported(release) for release in sources}
    return split.rebuild(bytes(file.envelope), _bodies(releases, changed))


def _bodies(releases: QuerySet[Release], changed: dict[int, bytes]) -> Iterator[tuple[int, int, bytes]]:
    rows = releases.order_by("starts_at").values_list("pk", "starts_at", "body")
    for pk, start, body in rows.iterator(chunk_size=AT_ONCE):
        body = bytes(body)
        yield start, len(body), changed.get(pk, body)


def can_be_exported(file: NoticeFile) -> bool:
    """A file that was read; one that waits or was refused is not kept in parts."""
    return file.state == FileState.READ


def all_releases(ocid: str, *, release_id: str = "", organisation: str = "") -> list[Release]:
    """For the command: every release of an ocid that any organisation holds, or the one of an id; of the organisation
    with this name or number, if one is given. The source of a framework stands first, then the newest."""
    ocid, release_id, organisation = map(tree.plain, (ocid, release_id, organisation))
    found = Release.objects.filter(ocid=ocid).select_related("organisation", "file", "framework")
    if release_id:
        found = found.filter(release_id=release_id)
    if organisation:
        is_number = organisation.isdecimal() and len(organisation) <= LONGEST_NUMBER
        found = found.filter(
            **{"organisation": int(organisation)} if is_number else {"organisation__name": organisation}
        )
    return list(found.order_by("-is_source", "-id"))


def all_files(pk: int) -> NoticeFile | None:
    """For the command: a file by its number."""
    return NoticeFile.objects.filter(pk=pk).first()
