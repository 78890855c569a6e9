"""What the scan for viruses does to files, and what became of drawing their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.queries import addresses_of_managers
from audit import steps as audit
from core import access
from files import permissions
from files.models import File, PageImage, PageSet
from files.states import FileState, PagesState, WhyNoPages
from outbox import steps as outbox

SUBJECT = "A file that you uploaded was removed"
BODY = (
    "A file that your organisation uploaded on {day} was found to contain a virus. It was removed and nobody can "
    "download it.\n\n"
    "Check the computer that it came from. Then sign in to see which file it is, and upload a clean copy:\n{url}\n"
)


@transaction.atomic(durable=True)
def judge_file(*, file: File, found: str, by, at: dt.datetime) -> File:
    """Write down what the scan said: `found` is what it called the virus, or nothing. Whoever leads the organisation
    is told of a virus, without the file's name. A file that another scan has judged the same way stays as it is. The
    caller removes the bytes of an infected one once this has ended."""
    file = File.objects.locked(file.pk)
    access.require(permissions.nobody, by, file, systems=("files.scan",))
    to = FileState.INFECTED if found else FileState.CLEAN
    if file.state in {to, FileState.INFECTED}:
        return file
    file.move(to, at=at)
    file.found = found[:200]
    file.save(update_fields=["state", "scanned_at", "scan_at", "found"])
    happened = "files.file.infected" if found else "files.file.checked"
    audit.record(happened, by=by, about=file, organisation=file.organisation_id, at=at)
    if found:
        _tell(file, at)
    return file


@transaction.atomic(durable=True)
def keep_pages(*, file: File, pages: int, images: Collection[PageImage], by, at: dt.datetime) -> bool:
    """Write down the pages that were drawn and put in the store, of so many that the file has. False where another
    worker has done so meanwhile, or a virus was found: then nothing changes, and the caller removes its pictures."""
    asked = PageSet.objects.locked(file.pk)
    access.require(permissions.nobody, by, asked, systems=("files.pages",))
    if asked.state != PagesState.WAITING or File.objects.get(pk=file.pk).state != FileState.CLEAN:
        return False
    PageImage.objects.bulk_create(images)
    _end(asked, PagesState.MADE, at=at)
    asked.pages = pages
    asked.save(update_fields=["state", "try_at", "ended_at", "pages"])
    audit.record(
        "files.pages.drawn",
        by=by,
        about=file,
        organisation=file.organisation_id,
        data={"pages": pages, "drawn": sum(image.stored_as is not None for image in images)},
        at=at,
    )
    return True


@transaction.atomic(durable=True)
def give_up_pages(*, file: File, why: WhyNoPages, by, at: dt.datetime) -> None:
    """A file's pages cannot be shown, and it is not tried again. What another worker has ended stays as it is."""
    asked = PageSet.objects.locked(file.pk)
    access.require(permissions.nobody, by, asked, systems=("files.pages",))
    if asked.state != PagesState.WAITING:
        return
    _end(asked, PagesState.NOT_POSSIBLE, at=at)
    asked.why = why
    asked.save(update_fields=["state", "try_at", "ended_at", "why"])
    data = {"why": str(why)}
    audit.record("files.pages.given_up", by=by, about=file, organisation=file.organisation_id, data=data, at=at)


def _end(asked: PageSet, to: PagesState, *, at: dt.datetime) -> None:
    asked.state, asked.ended_at, asked.try_at = to, at, None


def _tell(file: File, at: dt.datetime) -> None:
    day = timezone.localdate(file.received_at)
    body = BODY.format(day=f"{day:%-d %B %Y}", url=f"{settings.BASE_URL}{reverse('home')}")
    outbox.post_many(
        [
            outbox.Letter(
                key=f"file-infected:{file.pk}:{pk}",
                to=address,
                subject=SUBJECT,
                body=body,
                organisation=file.organisation_id,
            )
            for pk, address in addresses_of_managers(file.organisation_id)
        ],
        at=at,
    )
