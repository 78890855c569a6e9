"""Documents come into the evidence library, are replaced by newer versions, renamed, and removed. What an application
names stays readable whatever becomes of the document."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from files import steps as files
from files.store import Kept
from providers.models import Item, ItemVersion
from providers.permissions import profiles as permissions
from providers.rules import library as rules


@transaction.atomic(durable=True)
def add_item(
    *,
    provider: Organisation,
    title: str,
    kind: str,
    issued_on: dt.date | None,
    expires_on: dt.date | None,
    kept: Kept,
    by: User,
    at: dt.datetime,
) -> ItemVersion:
    """Take a file that lies in the store into the library as a new document. Raises `Refused`; whoever kept the file
    forgets it then."""
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_add_item, by, provider)
    rules.check_room(Item.objects.filter(provider=provider, removed_at=None).count())
    rules.check_days(issued_on, expires_on, timezone.localdate(at))
    item = Item.objects.create(provider=provider, title=title, kind=kind, added_at=at)
    version = _add_version(item, 1, kept, issued_on, expires_on, by, at)
    audit.record(
        "providers.item.added",
        by=by,
        about=item,
        organisation=provider,
        data={"version": version.pk, "kind": str(kind)},
        at=at,
    )
    return version


@transaction.atomic(durable=True)
def replace_item(
    *,
    item: Item,
    issued_on: dt.date | None,
    expires_on: dt.date | None,
    kept: Kept,
    by: User,
    at: dt.datetime,
) -> ItemVersion:
    """A newer version of a document: it counts from now on, and whatever named the one before still reads that.
    Raises `Refused`."""
    item = Item.objects.locked(item.pk)
    people.forget_roles(by)
    access.require(permissions.can_change_item, by, item)
    rules.check_in_library(item.removed_at)
    rules.check_days(issued_on, expires_on, timezone.localdate(at))
    number = item.versions.count()
    rules.check_versions(number)
    version = _add_version(item, number + 1, kept, issued_on, expires_on, by, at)
    audit.record(
        "providers.item.replaced",
        by=by,
        about=item,
        organisation=item.provider_id,
        data={"version": version.pk, "number": version.number},
        at=at,
    )
    return version


@transaction.atomic(durable=True)
def rename_item(*, item: Item, title: str, kind: str, by: User, at: dt.datetime) -> Item:
    """Call a document something else. Raises `Refused`."""
    item = Item.objects.locked(item.pk)
    people.forget_roles(by)
    access.require(permissions.can_change_item, by, item)
    rules.check_in_library(item.removed_at)
    item.title, item.kind = title, kind
    item.save(update_fields=["title", "kind"])
    data = {"kind": str(kind)}
    audit.record("providers.item.renamed", by=by, about=item, organisation=item.provider_id, data=data, at=at)
    return item


@transaction.atomic(durable=True)
def remove_item(*, item: Item, by: User, at: dt.datetime) -> Item:
    """Take a document out of the library. Its versions stay: an application may name them. Raises `Refused`."""
    item = Item.objects.locked(item.pk)
    people.forget_roles(by)
    access.require(permissions.can_change_item, by, item)
    rules.check_in_library(item.removed_at)
    item.removed_at = at
    item.save(update_fields=["removed_at"])
    audit.record("providers.item.removed", by=by, about=item, organisation=item.provider_id, at=at)
    return item


def _add_version(item: Item, number: int, kept: Kept, issued_on, expires_on, by: User, at: dt.datetime) -> ItemVersion:
    file = files.receive(kept=kept, organisation=item.provider_id, by=by, at=at)
    version = ItemVersion.objects.create(
        item=item, number=number, file=file, issued_on=issued_on, expires_on=expires_on, added_at=at, added_by=by
    )
    item.current = version
    item.save(update_fields=["current"])
    return version
