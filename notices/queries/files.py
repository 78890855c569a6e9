"""Reads about files from outside and the releases in them. Bodies are left in the database unless asked for."""

from __future__ import annotations

from django.db.models import QuerySet

from notices.models import NoticeFile, Release
from notices.rules import tree
from notices.rules.paths import get

SMALL = 2 * 1024 * 1024  # bytes of an envelope that a page looks into


def file_to_read(pk: int) -> NoticeFile:
    """The file that a job is about."""
    return NoticeFile.objects.defer("envelope").get(pk=pk)


def files_of(organisation, *, user) -> QuerySet[NoticeFile]:
    """The files that an organisation brought in."""
    return (
        NoticeFile.objects.visible_to(user)
        .filter(organisation=organisation)
        .select_related("received_by")
        .defer("envelope")
    )


def releases_of(file: NoticeFile, *, user) -> QuerySet[Release]:
    """The releases that a file brought."""
    return Release.objects.visible_to(user).filter(file=file).select_related("framework").defer("body")


def only_release_of(file: NoticeFile, *, user) -> Release | None:
    """The one release of a file that brought no other; for a file whose only release was here before, that one."""
    if file.releases_count == 1:
        return releases_of(file, user=user).first()
    if file.releases_count == 0 and file.kind == "release" and len(file.envelope) < SMALL:
        whole = tree.read(bytes(file.envelope))
        held = Release.objects.visible_to(user).filter(organisation=file.organisation_id).defer("body")
        return held.filter(ocid=get(whole, ("ocid",)), release_id=get(whole, ("id",))).first()
    return None
