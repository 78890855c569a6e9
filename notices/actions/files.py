"""A file arrives, is read into releases, or is refused."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import queries as accounts
from accounts.models import Organisation
from accounts.permissions import nobody
from audit import steps as audit
from core import access
from jobs.steps import enqueue
from notices import permissions
from notices.models import NoticeFile, Release
from notices.rules import contents, split
from notices.rules.contents import Found, Read
from notices.rules.errors import BadNotice
from notices.states import FILE_MOVES, FileState

BATCH_BYTES = 1024 * 1024
COLUMNS = ("sha256", "release_id", "ocid", "date", "tags", "notice_type", "title", "buyer_name", "is_framework")


@transaction.atomic(durable=True)
def receive_file(*, organisation, kept, by, at: datetime) -> tuple[NoticeFile, bool]:
    """Write down a file that lies in the store (`notices.store.Kept`) and ask for it to be read.

    Returns it and whether it is new: the same bytes that this organisation brought in before are not taken twice,
    unless they could not be used then."""
    organisation = Organisation.objects.locked(organisation.pk)
    accounts.forget_roles(by)
    access.require(permissions.can_import_notice, by, organisation, systems=(permissions.COMMAND,))
    held = NoticeFile.objects.filter(organisation=organisation, sha256=kept.sha256).exclude(state=FileState.REFUSED)
    if known := held.order_by("id").first():
        return known, False
    file = NoticeFile.objects.create(
        organisation=organisation,
        name=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        stored_as=kept.stored_as,
        received_at=at,
        received_by=by if hasattr(by, "pk") else None,
    )
    file.job = enqueue(
        kind="notices.read", title=f"Read {kept.name}", organisation=organisation, about=file, by=by, at=at
    )
    file.save(update_fields=["job"])
    audit.record("notices.file.received", by=by, about=file, organisation=organisation, data={"size": kept.size}, at=at)
    return file, True


@transaction.atomic(durable=True)
def take_in(*, file, read: Read, buffer, by, at: datetime) -> NoticeFile:
    """Write the releases of a file that was read. What the organisation holds already in the same words stays with the
    file that brought it; the rest of the file's bytes are kept around the releases, so that it can be given back whole.

    Raises `BadNotice` when a release that is held says something different under the same id: then nothing is written.
    A file that was read before is left as it is: the message to read it may come twice."""
    organisation = Organisation.objects.locked(file.organisation_id)
    file = NoticeFile.objects.locked(file.pk)
    access.require(nobody, by, file, systems=(permissions.READER,))
    if FileState.READ not in FILE_MOVES[file.state]:
        return file
    new = _not_held(organisation, read, buffer)
    _write(file, new, buffer)
    file.state = FileState.READ
    file.kind, file.releases_count, file.envelope = read.kind, len(new), split.envelope(buffer, new)
    file.save()
    data = {"releases": len(new), "held": len(read.releases) - len(new), "kind": str(read.kind)}
    audit.record("notices.file.read", by=by, about=file, organisation=organisation, data=data, at=at)
    return file


@transaction.atomic(durable=True)
def refuse_file(*, file, problem: BadNotice, by, at: datetime) -> NoticeFile:
    """Write down why a file could not be used, and where in it."""
    file = NoticeFile.objects.locked(file.pk)
    access.require(nobody, by, file, systems=(permissions.READER,))
    if FileState.REFUSED not in FILE_MOVES[file.state]:
        return file
    file.state = FileState.REFUSED
    file.problem, file.problem_path = problem.message[:1000], problem.path[:1000]
    file.save()
    audit.record("notices.file.refused", by=by, about=file, organisation=file.organisation_id, at=at)
    return file


def _not_held(organisation, read: Read, buffer) -> list[Found]:
    """The releases that the organisation does not hold yet."""
    ocids = sorted({found.ocid for found in read.releases})
    held = {}
    for start in range(0, len(ocids), 500):
        rows = Release.objects.filter(organisation=organisation, ocid__in=ocids[start : start + 500])
        held |= {(row[0], row[1]): row[2:] for row in rows.values_list("ocid", "release_id", "pk", "sha256")}
    new = []
    for found in read.releases:
        pk, sha256 = held.get(found.key, (None, ""))
        if pk is None:
            new.append(found)
        elif sha256 != found.sha256:
            body = Release.objects.values_list("body", flat=True).get(pk=pk)
            contents.check_same(bytes(body), buffer[found.start : found.end], found)
    return new


def _write(file: NoticeFile, new: list[Found], buffer) -> None:
    """Rows in batches of a few megabytes, so that a large file is never in memory as a whole."""
    batch, size = [], 0
    for position, found in enumerate(new):
        batch.append(
            Release(
                file=file,
                organisation_id=file.organisation_id,
                position=position,
                starts_at=found.start,
                body=bytes(buffer[found.start : found.end]),
                **{name: getattr(found, name) for name in COLUMNS},
            )
        )
        size += found.end - found.start
        if size > BATCH_BYTES:
            Release.objects.bulk_create(batch)
            batch, size = [], 0
    Release.objects.bulk_create(batch)
