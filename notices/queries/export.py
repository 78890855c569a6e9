"""Notices given back: a release or a whole file, byte for byte but for what was changed in the portal."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from django.db.models import Func, Q, QuerySet, TextField
from django.db.models.functions import Length

from lots.queries.facts import facts_of
from notices.models import NoticeFile, Release
from notices.rules import edits, split, tree
from notices.rules.understand import understand
from notices.rules.writing import edits_for
from notices.states import FileKind, FileState

LONGEST_NUMBER = 18  # digits that a key has
AT_ONCE = 1024**2  # bytes that are read from the database at once while a file is streamed


class _Sent(Func):
    """A body as the database sends it soonest: PostgreSQL sends bytes as twice as many digits, and text as it is. Every
    body was read as UTF-8 before it was kept, and holds no NUL, so that it comes back as it was."""

    template = "convert_from(%(expressions)s, 'UTF8')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="%(expressions)s", **context)


def exported(release: Release) -> bytes:
    """The release as it was received. The one that a framework came from says what the portal says now: only what was
    changed there is written anew. Not so once another buyer has taken the framework over: what that buyer makes of it
    is its own. Raises `BadNotice` where that cannot be written into it."""
    body = bytes(release.body)
    if not release.is_source or release.framework.buyer_id != release.organisation_id:
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
    """The bodies in the order of the file, about a megabyte at a time: no cursor stays open while somebody's slow
    connection takes them."""
    for some in _batches(list(releases.order_by("starts_at").values_list("pk", "starts_at", Length("body")))):
        held = dict(releases.filter(pk__in=[pk for pk, _, _ in some]).values_list("pk", _Sent("body")))
        for pk, start, length in some:
            body = held.pop(pk)
            yield start, length, changed.get(pk) or (body.encode() if isinstance(body, str) else body)


def _batches(rows: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    batch, size = [], 0
    for row in rows:
        if batch and size + row[2] > AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row[2]
    yield batch


def can_be_exported(file: NoticeFile) -> bool:
    """A file that was read; one that waits or was refused is not kept in parts."""
    return file.state == FileState.READ


def all_releases(ocid: str, *, release_id: str = "", organisation: str = "") -> list[Release]:
    """For the command: every release of an ocid that any organisation holds, or the one of an id; of the organisation
    with this name, PPON or key, if one is given. The source of a framework stands first, then the newest."""
    ocid, release_id, organisation = map(tree.plain, (ocid, release_id, organisation))
    found = Release.objects.filter(ocid=ocid).select_related("organisation", "file", "framework")
    if release_id:
        found = found.filter(release_id=release_id)
    if organisation:
        who = Q(organisation__name=organisation) | Q(organisation__ppon=organisation)
        if organisation.isdecimal() and len(organisation) <= LONGEST_NUMBER:
            who |= Q(organisation=int(organisation))
        found = found.filter(who)
    return list(found.order_by("-is_source", "-id"))


def all_files(pk: int) -> NoticeFile | None:
    """For the command: a file by its number."""
    return NoticeFile.objects.filter(pk=pk).first()
