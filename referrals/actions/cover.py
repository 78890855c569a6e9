"""Who answers for a commissioner when a pupil is missing: written down, changed, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.models import Organisation, User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Cover
from referrals.permissions import assurance as permissions
from referrals.queries import cover as queries
from referrals.rules import cover as rules
from referrals.rules.assurance import CHANGED


@transaction.atomic(durable=True)
def add_cover(*, organisation: Organisation, values: Mapping, by: User, at: dt.datetime) -> Cover:
    """Write down who answers, with all of `queries.cover.FIELDS`. Raises `Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    forget_roles(by)
    access.require(permissions.can_write_rota, by, organisation)
    facts = _checked(organisation.pk, values)
    made = Cover.objects.create(commissioner=organisation, written_at=at, written_by=by, **facts)
    audit.record("referrals.cover.added", by=by, about=made, organisation=organisation, at=at)
    return made


@transaction.atomic(durable=True)
def change_cover(*, cover: Cover, values: Mapping, seen: str, by: User, at: dt.datetime) -> Cover:
    """Change a line; `seen` is what the page showed (`queries.cover.mark_of`). Raises `Refused`."""
    cover = Cover.objects.locked(cover.pk)
    forget_roles(by)
    access.require(permissions.can_change_cover, by, cover)
    _check_stands(cover)
    if seen != queries.mark_of(cover):
        raise Refused(CHANGED)
    facts = _checked(cover.commissioner_id, values)
    for name, value in (facts | {"written_at": at, "written_by": by}).items():
        setattr(cover, name, value)
    cover.save()
    audit.record("referrals.cover.changed", by=by, about=cover, organisation=cover.commissioner_id, at=at)
    return cover


@transaction.atomic(durable=True)
def end_cover(*, cover: Cover, last_on: dt.date, by: User, at: dt.datetime) -> Cover:
    """From the day after `last_on` they answer no more; a line that has not begun by then is taken off. Raises
    `Refused`."""
    cover = Cover.objects.locked(cover.pk)
    forget_roles(by)
    access.require(permissions.can_change_cover, by, cover)
    _check_stands(cover)
    rules.check_end(last_on=last_on, until_on=cover.until_on)
    if last_on < cover.from_on:
        cover.removed_at = at
    else:
        cover.until_on = last_on
    cover.save(update_fields=["removed_at", "until_on"])
    data = {"last_on": last_on.isoformat()}
    audit.record("referrals.cover.ended", by=by, about=cover, organisation=cover.commissioner_id, data=data, at=at)
    return cover


def _checked(organisation: int, values: Mapping) -> dict:
    """The columns of a line. Raises `Refused`."""
    facts = {name: values[name] for name in queries.FIELDS}
    days = {name: facts[name] for name in ("weekdays", "starts", "ends", "from_on", "until_on")}
    rules.check_line(**days)
    if facts["user_id"] is not None and facts["user_id"] not in {one.pk for one in queries.colleagues_of(organisation)}:
        raise Refused("This person does not belong to your organisation any more. Choose another", field="user")
    facts["weekdays"] = sorted(facts["weekdays"])
    return facts


def _check_stands(cover: Cover) -> None:
    if cover.removed_at is not None:
        raise Refused("This line was taken off the rota already")
