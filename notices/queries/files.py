"""Reads about files from outside and the releases in them. Bodies are left in the database unless asked for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import Organisation, User
from accounts.rules.names import name_key
from accounts.states import OrganisationKind
from notices.models import NoticeFile, Release
from notices.rules import tree
from notices.rules.paths import get

SMALL = 2 * 1024 * 1024  # bytes of an envelope that a page looks into


def file_to_read(pk: int) -> NoticeFile:
    """The file that a job is about."""
    return NoticeFile.objects.defer("envelope").select_related("job").get(pk=pk)


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
    return Release.objects.visible_to(user).filter(file=file).defer("body")


def only_release_of(file: NoticeFile, *, user) -> Release | None:
    """The one release of a file that brought no other; for a file whose only release was here before, that one."""
    if file.releases_count == 1:
        return releases_of(file, user=user).first()
    if file.releases_count == 0 and file.kind == "release" and len(file.envelope) < SMALL:
        whole = tree.read(bytes(file.envelope))
        held = Release.objects.visible_to(user).filter(organisation=file.organisation_id).defer("body")
        return held.filter(ocid=get(whole, ("ocid",)), release_id=get(whole, ("id",))).first()
    return None


def all_frameworks_of(file: NoticeFile) -> QuerySet[Release]:
    """For the command: the releases of a file that set up a framework; where the file said nothing new, none."""
    return Release.objects.filter(file=file, is_framework=True).select_related("organisation")


def all_buyers(words: Iterable[str]) -> list[Organisation]:
    """For the command: the councils and trusts with one of these names or numbers; without words ten councils."""
    words = [tree.plain(word) for word in words]
    councils = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY)
    if not words:
        return list(councils[:10])
    kinds = [OrganisationKind.AUTHORITY, OrganisationKind.TRUST]
    named = Q(name_key__in=[name_key(word) for word in words]) | Q(ppon__in=words)
    return list(Organisation.objects.filter(named, kind__in=kinds)[:2])


def all_people(email: str) -> User | None:
    """For the command: the person with this address."""
    return User.objects.filter(email=tree.plain(email).lower(), is_active=True).first()
