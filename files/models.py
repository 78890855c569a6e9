"""Every file that was uploaded. Its bytes lie in the store under a name of ours; who may read them is decided by what
the file belongs to, in the app that took it in."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from files.states import FILE_MOVES, FileKind, FileState, PagesState, WhyNoPages


class FileQuerySet(models.QuerySet):
    def locked(self, pk) -> File:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> FileQuerySet:
        """Files have no page of their own: nobody reaches one but through what it belongs to."""
        return self.none()

    def to_scan(self, at) -> FileQuerySet:
        """What a scanner could take up at `at`: new, to be tried again, or left behind by one whose lease ran out."""
        return self.filter(state=FileState.PENDING, scan_at__lte=at)


class File(models.Model):
    """One uploaded file. `name` is what it was called where it came from, made fit to be shown; two files may have
    the same. Sizes are bytes. `scan_at` is when the scan is tried next: while one is
    under way, the end of its lease. `found` is what the scanner called it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=FileKind)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=FileState, default=FileState.PENDING)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    scan_at = models.DateTimeField(null=True)
    scan_tries = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField(null=True)
    found = models.CharField(max_length=200, blank=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending") | Q(scanned_at__isnull=False), name="files_judged_has_its_moment"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="files_not_empty"),
        ]
        indexes = [models.Index(fields=["scan_at"], condition=Q(state="pending"), name="files_to_scan")]

    def __str__(self):
        return self.name

    def move(self, to: FileState, *, at: dt.datetime) -> None:
        """Put it into another state, unsaved. Raises ValueError where there is no such move."""
        if to not in FILE_MOVES[FileState(self.state)]:
            raise ValueError(f"A file does not go from {self.state} to {to}")
        self.state, self.scanned_at, self.scan_at = to, at, None


class PageSetQuerySet(models.QuerySet):
    def locked(self, pk) -> PageSet:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def to_draw(self, at) -> PageSetQuerySet:
        """What could be drawn at `at`: asked for, scanned, new or to be tried again, or left behind by a worker whose
        lease ran out."""
        return self.filter(state=PagesState.WAITING, try_at__lte=at, file__state=FileState.CLEAN)


class PageSet(models.Model):
    """Somebody wants to look at the pages of a file. `pages` is how many it has; the first of them are `images`.
    `try_at` is when drawing is tried next: while it is under way, the end of its lease."""

    file = models.OneToOneField(File, on_delete=models.CASCADE, primary_key=True, related_name="page_set")
    state = models.CharField(max_length=12, choices=PagesState, default=PagesState.WAITING)
    why = models.CharField(max_length=10, choices=WhyNoPages, blank=True)
    pages = models.PositiveIntegerField(default=0)
    wanted_at = models.DateTimeField()
    try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = PageSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(ended_at__isnull=False), name="files_pages_ended_has_its_moment"
            ),
            models.CheckConstraint(condition=~Q(state="not_possible") | ~Q(why=""), name="files_no_pages_says_why"),
        ]
        indexes = [models.Index(fields=["try_at"], condition=Q(state="waiting"), name="files_to_draw")]

    def __str__(self):
        return f"Pages of {self.file_id}"


class PageImage(models.Model):
    """One page of a file as a JPEG picture; sizes are pixels. One that could not be drawn has no bytes and no size."""

    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="images")
    number = models.PositiveSmallIntegerField()
    stored_as = models.CharField(max_length=200, unique=True, null=True)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="files_one_image_of_a_page")]

    def __str__(self):
        return f"Page {self.number} of {self.file_id}"
