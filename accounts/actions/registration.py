"""An organisation comes in: a provider registers itself, an operator opens a council."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import permissions, queries, steps
from accounts.models import Organisation, User
from accounts.rules import names, people
from accounts.states import OrganisationKind, Role
from audit import steps as audit
from core import access

NUMBERS = ("companies_house", "charity_number", "ukprn", "urn", "ppon", "share_code")


@transaction.atomic(durable=True)
def register_provider(
    *,
    name: str,
    numbers: dict[str, str],
    sole_tutor: bool,
    no_number_reason: str,
    street: str,
    town: str,
    postcode: str,
    by: User,
    at: dt.datetime,
) -> Organisation:
    """Make the provider and put the person who registers it in its lead.

    Locks the person, so that sending the form twice makes one organisation. Whether anything like it is registered is
    looked up later, by `look_alikes.compare_new_providers`: here it could be read off the time that this takes.
    Raises `people.Refused` when nothing identifies the provider, `access.Denied` for somebody who belongs somewhere.
    """
    by = User.objects.locked(by.pk)
    access.require(permissions.can_register_provider, by)
    people.check_provider_identified(numbers, sole_tutor, no_number_reason)
    organisation = Organisation.objects.create(
        kind=OrganisationKind.PROVIDER,
        name=name,
        name_key=names.name_key(name),
        **{**dict.fromkeys(NUMBERS, ""), **{register: numbers.get(register) or "" for register in NUMBERS}},
        no_number_reason="" if any(numbers.values()) else no_number_reason,
        street=street,
        town=town,
        postcode=postcode,
    )
    audit.record(
        "accounts.provider.registered",
        by=by,
        about=organisation,
        organisation=organisation,
        data={"numbers": sorted(register for register in NUMBERS if numbers.get(register))},
        at=at,
    )
    steps.give_roles(user=by, organisation=organisation, roles=[Role.PROVIDER_LEAD], by=by, at=at)
    return organisation


@transaction.atomic(durable=True)
def open_authority(*, name: str, la_code: str, by, at: dt.datetime) -> Organisation:
    """Make a council. Its first administrator is invited by an operator (`invitations.send_invitation`).

    Raises `people.Refused` when a council with that code is here already."""
    access.require(permissions.can_open_authority, by, systems=("accounts.open_authority", "accounts.demo"))
    if Organisation.objects.select_for_update(of=("self",)).filter(kind=OrganisationKind.AUTHORITY, la_code=la_code):
        raise people.Refused(f"There is already a council with code {la_code}")
    organisation = Organisation.objects.create(
        kind=OrganisationKind.AUTHORITY, name=name, name_key=names.name_key(name), la_code=la_code
    )
    audit.record(
        "accounts.authority.opened",
        by=by,
        about=organisation,
        organisation=organisation,
        data={"la_code": la_code},
        at=at,
    )
    return organisation


@transaction.atomic(durable=True)
def edit_organisation(*, organisation: Organisation, changes: dict[str, str], by: User, at: dt.datetime):
    """Change an organisation's name, numbers or address; a provider is then compared with the others again.

    Raises `people.Refused` when a provider would be left without a number and without a reason for that."""
    organisation = Organisation.objects.locked(organisation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_edit_organisation, by, organisation)
    changed = sorted(field for field, value in changes.items() if (getattr(organisation, field) or "") != value)
    if not changed:
        return organisation
    for field in changed:
        setattr(organisation, field, changes[field])
    organisation.name_key = names.name_key(organisation.name)
    if organisation.kind == OrganisationKind.PROVIDER:
        numbers = {register: getattr(organisation, register) or "" for register in NUMBERS}
        people.check_provider_identified(numbers, True, organisation.no_number_reason)
        organisation.compared_at = None
    organisation.save()
    audit.record(
        "accounts.organisation.changed",
        by=by,
        about=organisation,
        organisation=organisation,
        data={"fields": changed},
        at=at,
    )
    return organisation
