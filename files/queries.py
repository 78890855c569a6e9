"""Reads across all files, for the scan, for the store's sweep and for `/readyz`; and the pages of some."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Min

from files.models import File, PageImage
from files.states import FileState


def all_waiting_seconds(*, at: dt.datetime) -> float:
    """For how many seconds the file has waited that waits longest for its scan; 0 when none does."""
    oldest = File.objects.filter(state=FileState.PENDING).aggregate(oldest=Min("received_at"))["oldest"]
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0


def all_wanted(stored_as: Collection[str]) -> set[str]:
    """Which of these names in the store belong to a file whose bytes are kept, or to a picture of its pages. Those of
    an infected one are not."""
    kept = File.objects.filter(stored_as__in=stored_as).exclude(state=FileState.INFECTED)
    images = PageImage.objects.filter(stored_as__in=stored_as).exclude(file__state=FileState.INFECTED)
    return set(kept.values_list("stored_as", flat=True)) | set(images.values_list("stored_as", flat=True))


def all_page_names(file: File) -> list[str]:
    """The names in the store of the pictures of a file's pages."""
    return list(PageImage.objects.filter(file=file, stored_as__isnull=False).values_list("stored_as", flat=True))


def images_of(files: Collection[int]) -> dict[int, list[PageImage]]:
    """The pages of these files (by key) that were drawn or could not be, in their order. One query, none for none."""
    found: dict[int, list[PageImage]] = {}
    for image in PageImage.objects.filter(file__in=files).order_by("file", "number") if files else ():
        found.setdefault(image.file_id, []).append(image)
    return found


def image_of(file: File, number: int) -> PageImage | None:
    """One page of a file, if it was drawn and the file is clean."""
    if file.state != FileState.CLEAN:
        return None
    return PageImage.objects.filter(file=file, number=number, stored_as__isnull=False).first()
