"""A provider states its free places, and confirms them; those who forget are reminded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from providers.models import Seats, Site
from providers.permissions import profiles
from providers.permissions import seats as permissions
from providers.queries import seats as queries
from providers.rules import profile as profile_rules
from providers.rules import seats as rules
from providers.rules.seen import check_unchanged
from providers.steps import seats as steps


@transaction.atomic(durable=True)
def state_seats(*, site: Site, stated: Mapping[str, int], seen: str, by: User, at: dt.datetime) -> int:
    """Write what is free at a site: a number for each half of the week of each place on a framework, by the name of its
    field (`rules.cell`). Whoever writes a site has confirmed it. Returns how many numbers are other than before.
    Raises `Refused`, and `seen.Changed` when they changed since the page was opened: a colleague wrote, or a call-off
    took one."""
    site = Site.objects.locked(site.pk)
    provider = Organisation.objects.locked(site.provider_id)
    people.forget_roles(by)
    access.require(permissions.can_state_seats_at, by, site)
    profile_rules.check_there(site.closed_at, "site")
    wanted = {
        rules.cell(place.pk, *half): (place, half) for place in queries.stating(provider.pk) for half in rules.WEEK
    }
    rules.check_stated(stated, wanted)
    held = {(row.lot_id, row.sub_lot_id, row.weekday, row.half): row for row in _held(site)}
    rows = {name: held.get((place.lot_id, place.sub_lot_id, *half)) for name, (place, half) in wanted.items()}
    now = {name: rows[name].free if rows[name] else 0 for name in stated}
    check_unchanged(seen, now)
    changed = [name for name, number in stated.items() if now[name] != number]
    _write(site, {name: (*wanted[name], rows[name], number) for name, number in stated.items()}, by, at)
    data = {"changed": len(changed)}
    audit.record("providers.seats.stated", by=by, about=site, organisation=provider, data=data, at=at)
    return len(changed)


def _held(site: Site) -> list[Seats]:
    return list(Seats.objects.filter(site=site).order_by("pk").select_for_update(of=("self",)))


def _write(site: Site, cells: dict, by: User, at: dt.datetime) -> None:
    """Three statements, whatever there is to write. `cells` is (place, half, row or nothing, number)."""
    new = [
        Seats(
            provider_id=site.provider_id, site=site, lot=place.lot, sub_lot=place.sub_lot, weekday=weekday, half=half,
            free=number, confirmed_at=at, confirmed_by=by,
        )
        for place, (weekday, half), row, number in cells.values()
        if row is None
    ]  # fmt: skip
    Seats.objects.bulk_create(new)
    kept = [(row, number) for _, _, row, number in cells.values() if row is not None]
    differing = [row for row, number in kept if row.free != number]
    for row, number in kept:
        row.free = number
    Seats.objects.bulk_update(differing, ["free"])
    Seats.objects.filter(pk__in=[row.pk for row, _ in kept]).update(confirmed_at=at, confirmed_by=by)


@transaction.atomic(durable=True)
def confirm_seats(*, provider: Organisation, seen: str, by: User, at: dt.datetime) -> int:
    """Everything that the provider states is still right. Returns how many rows were confirmed. Raises `Refused` where
    there is none, and `seen.Changed` when one of them changed since the page was opened."""
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_state_seats, by, provider)
    rows = list(queries.stated_by(provider.pk).select_for_update(of=("self",)))
    rules.check_any(len(rows))
    check_unchanged(seen, {row.pk: row.free for row in rows})
    Seats.objects.filter(pk__in=[row.pk for row in rows]).update(confirmed_at=at, confirmed_by=by)
    data = {"rows": len(rows)}
    audit.record("providers.seats.confirmed", by=by, about=provider, organisation=provider, data=data, at=at)
    return len(rows)


@transaction.atomic(durable=True)
def remind_of_seats(*, by: access.System, at: dt.datetime) -> int:
    """Remind the leads of providers that have not confirmed their free places for seven days, and again after each
    seven. May run at any time and twice; returns how many letters were written."""
    access.require(profiles.nobody, by, systems=(permissions.REMINDERS,))
    silent = queries.all_silent(at=at)
    letters = steps.remind(silent=silent, at=at)
    if letters:
        data = {"providers": len(silent), "letters": letters}
        audit.record("providers.seats.reminded", by=by, data=data, at=at)
    return letters
