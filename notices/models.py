"""Notices from outside: the file as received, and each release in it, byte for byte."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from jobs.models import Job
from lots.models import Framework
from notices.states import FileKind, FileState


class NoticeFileQuerySet(models.QuerySet):
    def locked(self, pk) -> NoticeFile:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> NoticeFileQuerySet:
        """Files that the person's organisations received."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class NoticeFile(models.Model):
    """A file that somebody uploaded. While it waits to be read its bytes lie in the store under `stored_as`; once read
    they are the releases' bodies and `envelope`, the bytes around them, so that the file can be given back whole.

    `problem` says what is wrong with it and `problem_path` where (tender.lots[0].id)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_as = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=FileKind, blank=True)
    state = models.CharField(max_length=10, choices=FileState, default=FileState.RECEIVED)
    envelope = models.BinaryField(default=b"")
    releases_count = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=1000, blank=True)
    problem_path = models.CharField(max_length=1000, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = NoticeFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="notices_files_of")]

    def __str__(self):
        return self.name


class ReleaseQuerySet(models.QuerySet):
    def locked(self, pk) -> Release:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ReleaseQuerySet:
        """Releases in files that the person's organisations received."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Release(models.Model):
    """One release as it was received: `body` is its bytes, `starts_at` where they stood in the file.

    The other columns are read from the body to find it by. One organisation holds one release of an id. `framework` is
    what was made of it once an officer confirmed it; `is_source` marks the one that the framework's exports come from.
    """

    file = models.ForeignKey(NoticeFile, on_delete=models.PROTECT, related_name="releases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    starts_at = models.PositiveBigIntegerField()
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    release_id = models.CharField(max_length=300)
    ocid = models.CharField(max_length=200)
    date = models.CharField(max_length=60, blank=True)
    tags = models.CharField(max_length=200, blank=True)
    notice_type = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=500, blank=True)
    buyer_name = models.CharField(max_length=300, blank=True)
    is_framework = models.BooleanField(default=False)
    framework = models.ForeignKey(Framework, on_delete=models.SET_NULL, null=True, related_name="releases")
    is_source = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "ocid", "release_id"],
                name="notices_one_release_of_an_id",
            ),
            models.UniqueConstraint(
                fields=["framework"], condition=Q(is_source=True), name="notices_one_source_of_a_framework"
            ),
            models.CheckConstraint(
                condition=Q(is_source=False) | Q(framework__isnull=False), name="notices_source_has_a_framework"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "ocid", "-id"], name="notices_of_ocid"),
            models.Index(fields=["file", "-is_framework", "id"], name="notices_in_file"),
        ]

    def __str__(self):
        return self.release_id
