"""Writing a file down in the action of whatever it belongs to, and asking for its pages."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet

from audit import steps as audit
from core.steps import step
from files.models import File, PageSet
from files.rules import pages
from files.states import FileState
from files.store import Kept

AT_ONCE = 500


@step
def receive(*, kept: Kept, organisation, by, at: dt.datetime) -> File:
    """Write down a file that lies in the store. The scan follows (`files.running`); where this deployment has no
    scanner, there is nothing to wait for."""
    scanned = bool(settings.CLAMD_URL)
    file = File.objects.create(
        organisation_id=getattr(organisation, "pk", organisation),
        name=kept.name,
        kind=kept.kind,
        size=kept.size,
        sha256=kept.sha256,
        stored_as=kept.stored_as,
        state=FileState.PENDING if scanned else FileState.CLEAN,
        received_at=at,
        received_by=by if hasattr(by, "pk") else None,
        scan_at=at if scanned else None,
        scanned_at=None if scanned else at,
    )
    audit.record("files.file.received", by=by, about=file, organisation=organisation, data={"kind": file.kind}, at=at)
    return file


@step
def forget_files(*, files: QuerySet[File], by, at: dt.datetime) -> int:
    """Forget these files and the pictures of their pages, which nothing refers to any more. Their bytes belong to
    nobody from then on and go with the next sweep of the store (`files.running`), within two days. One event for all.
    Returns how many they were."""
    keys = list(files.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        File.objects.filter(pk__in=keys[start : start + AT_ONCE]).delete()
    if keys:
        audit.record("files.files.forgotten", by=by, data={"files": len(keys)}, at=at)
    return len(keys)


@step
def want_pages(*, files: QuerySet[File], at: dt.datetime) -> int:
    """Ask that the pages of these files be drawn (`files.running`), as far as they can be and nobody has asked yet.
    Twice is harmless. Returns how many were asked for. The caller records why."""
    wanted = files.filter(kind__in=pages.DRAWN, page_set=None).exclude(state=FileState.INFECTED)
    rows = [PageSet(file_id=pk, wanted_at=at, try_at=at) for pk in wanted.order_by("pk").values_list("pk", flat=True)]
    PageSet.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    return len(rows)


@step
def take_in_made(*, kept: Kept, organisation, by, at: dt.datetime) -> File:
    """Write down a file that the portal made itself (`store.keep_made`): it has nothing to be scanned for. It belongs
    to the `organisation` in whose name it was made."""
    file = File.objects.create(
        organisation_id=getattr(organisation, "pk", organisation),
        name=kept.name,
        kind=kept.kind,
        size=kept.size,
        sha256=kept.sha256,
        stored_as=kept.stored_as,
        state=FileState.CLEAN,
        received_at=at,
        scanned_at=at,
    )
    audit.record("files.file.made", by=by, about=file, organisation=organisation, data={"kind": file.kind}, at=at)
    return file
