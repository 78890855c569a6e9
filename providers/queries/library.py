"""Reads of the evidence library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, QuerySet

from accounts.models import Organisation
from core.lists import COUNT_UP_TO
from files.states import FileState
from providers.models import Item, ItemVersion
from providers.rules.reading import Held

_COLUMNS = (
    "pk", "item", "number", "item__title", "item__kind", "file__name", "file__sha256", "issued_on", "expires_on",
    "item__current", "item__removed_at", "file__state",
)  # fmt: skip
_LISTED = (
    "title", "kind", "current__number", "current__issued_on", "current__expires_on", "current__file__state",
)  # fmt: skip


def library_of(provider: Organisation | int, *, user) -> dict[int, Held]:
    """The current versions of the documents in a provider's library, by version. One query."""
    current = ItemVersion.objects.visible_to(user).filter(
        pk=F("item__current"), item__provider=provider, item__removed_at=None
    )
    return _held(current)


def held_versions(pks: Iterable[int], *, provider: Organisation | int, user) -> dict[int, Held]:
    """A provider's versions by key, also those that were replaced or whose document was removed since; what the person
    may not see, or is another provider's, is left out. One query, none for nothing."""
    pks = set(pks)
    theirs = ItemVersion.objects.visible_to(user).filter(item__provider=provider)
    return _held(theirs.filter(pk__in=pks)) if pks else {}


def _held(versions: QuerySet[ItemVersion]) -> dict[int, Held]:
    rows = versions.select_related(None).order_by("item__title", "item", "number").values_list(*_COLUMNS)
    return {
        pk: Held(
            version=pk,
            item=item,
            number=number,
            title=title,
            kind=kind,
            name=name,
            sha256=sha256,
            issued_on=issued_on,
            expires_on=expires_on,
            is_current=pk == current and removed_at is None,
            usable=state != FileState.INFECTED,
        )
        for pk, item, number, title, kind, name, sha256, issued_on, expires_on, current, removed_at, state in rows
    }


def items_of(provider: Organisation, *, user) -> QuerySet[Item]:
    """The documents in a provider's library with their newest version, as far as a list shows them."""
    rows = Item.objects.visible_to(user).filter(provider=provider, removed_at=None)
    return rows.select_related(None).select_related("current__file").only(*_LISTED)


def versions_of(item: Item, *, user) -> list[ItemVersion]:
    """Every version of a document, newest first."""
    rows = ItemVersion.objects.visible_to(user).filter(item=item)
    return list(rows.order_by("-number"))


def ended_of(provider: Organisation, *, user, today: dt.date) -> int:
    """How many documents in a provider's library have run out. One query, which counts a thousand at most."""
    return items_of(provider, user=user).filter(current__expires_on__lt=today)[:COUNT_UP_TO].count()


def holds_anything(provider: Organisation, *, user) -> bool:
    """There is a document in a provider's library."""
    return items_of(provider, user=user).exists()
