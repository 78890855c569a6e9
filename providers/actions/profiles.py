"""A provider says who it is: its profile group by group, and where it teaches. Who comes second with a page that was
opened before is told (`rules.seen`), and nothing is overwritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from providers.models import Profile, Site
from providers.permissions import profiles as permissions
from providers.queries.profiles import values_of
from providers.rules import profile as rules
from providers.rules.seen import check_unchanged
from providers.steps import rows


@transaction.atomic(durable=True)
def edit_profile(
    *, provider: Organisation, group: str, values: Mapping, seen: str, by: User, at: dt.datetime
) -> Profile:
    """Write one group of the profile (`rules.profile.GROUPS`), all of its fields. Raises `Refused`, and
    `seen.Changed` when somebody wrote the group since the page was opened."""
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_profile, by, provider)
    fields = rules.GROUPS[group]
    found = Profile.objects.filter(provider=provider).first() or Profile(provider=provider)
    check_unchanged(seen, values_of(found, fields))
    rules.check_group(group, dict(values), timezone.localdate(at))
    changed = [name for name in fields if getattr(found, name) != values[name]]
    if not changed and found.pk:
        return found
    for name in changed:
        setattr(found, name, values[name])
    found.updated_at, found.updated_by = at, by
    found.save()
    audit.record(
        "providers.profile.changed", by=by, about=found, organisation=provider, data={"fields": changed}, at=at
    )
    return found


@transaction.atomic(durable=True)
def add_site(*, provider: Organisation, values: Mapping, by: User, at: dt.datetime) -> Site:
    """Add a site, with all fields of `rules.profile.SITE`. Raises `Refused`."""
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_profile, by, provider)
    rules.check_rows(Site.objects.open().filter(provider=provider).count(), "sites")
    _check_site(values)
    easting, northing = people.grid_of(values["postcode"])
    site = Site.objects.create(provider=provider, added_at=at, easting=easting, northing=northing, **values)
    audit.record("providers.site.added", by=by, about=site, organisation=provider, data={"kind": str(site.kind)}, at=at)
    return site


@transaction.atomic(durable=True)
def change_site(*, site: Site, values: Mapping, seen: str, by: User, at: dt.datetime) -> Site:
    """Change a site. Raises `Refused`, and `seen.Changed` when somebody changed it since the page was opened."""
    site = Site.objects.locked(site.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_row, by, site)
    rules.check_there(site.closed_at, "site")
    check_unchanged(seen, values_of(site, rules.SITE))
    _check_site(values)
    site.easting, site.northing = people.grid_of(values["postcode"])
    changed = rows.change(site, rules.SITE, values)
    audit.record(
        "providers.site.changed", by=by, about=site, organisation=site.provider_id, data={"fields": changed}, at=at
    )
    return site


@transaction.atomic(durable=True)
def close_site(*, site: Site, by: User, at: dt.datetime) -> Site:
    """Take a site out of use; the row stays. Raises `Refused` for one that was closed before."""
    site = Site.objects.locked(site.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_row, by, site)
    rules.check_there(site.closed_at, "site")
    site.closed_at = at
    site.save(update_fields=["closed_at"])
    audit.record("providers.site.closed", by=by, about=site, organisation=site.provider_id, at=at)
    return site


@transaction.atomic(durable=True)
def place_sites(*, by: access.System, at: dt.datetime) -> int:
    """Say where sites are, as the list of postcodes has it now. Returns how many were not there before."""
    access.require(permissions.nobody, by, systems=(permissions.PLACING,))
    placed = rows.place_sites()
    if placed:
        audit.record("providers.sites.placed", by=by, data={"sites": placed}, at=at)
    return placed


def _check_site(values: Mapping) -> None:
    address = {name: values[name] for name in ("street", "town", "postcode", "uprn")}
    rules.check_site(values["kind"], **address)
