"""What vouches for a provider: its insurances, and who has accredited it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from providers.models import Accreditation, Insurance, Item
from providers.permissions import profiles as permissions
from providers.queries.profiles import values_of
from providers.rules import profile as rules
from providers.rules.seen import check_unchanged
from providers.steps import rows


@transaction.atomic(durable=True)
def add_insurance(*, provider: Organisation, values: Mapping, by: User, at: dt.datetime) -> Insurance:
    """Write down a policy, with all fields of `rules.profile.INSURANCE`. Raises `Refused`."""
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_profile, by, provider)
    rules.check_rows(Insurance.objects.held().filter(provider=provider).count(), "insurances")
    _check_cover(provider.pk, values)
    made = Insurance.objects.create(provider=provider, **values)
    data = {"kind": str(made.kind)}
    audit.record("providers.insurance.added", by=by, about=made, organisation=provider, data=data, at=at)
    return made


@transaction.atomic(durable=True)
def change_insurance(*, insurance: Insurance, values: Mapping, seen: str, by: User, at: dt.datetime) -> Insurance:
    """Change a policy, or write down that it was renewed. Raises `Refused` and `seen.Changed`."""
    insurance = Insurance.objects.locked(insurance.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_row, by, insurance)
    rules.check_there(insurance.removed_at, "insurance")
    check_unchanged(seen, values_of(insurance, rules.INSURANCE))
    _check_cover(insurance.provider_id, values)
    changed = rows.change(insurance, rules.INSURANCE, values)
    audit.record(
        "providers.insurance.changed",
        by=by,
        about=insurance,
        organisation=insurance.provider_id,
        data={"fields": changed},
        at=at,
    )
    return insurance


@transaction.atomic(durable=True)
def remove_insurance(*, insurance: Insurance, by: User, at: dt.datetime) -> Insurance:
    """Take a policy off the profile; the row stays. Raises `Refused` for one that was removed before."""
    insurance = Insurance.objects.locked(insurance.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_row, by, insurance)
    rules.check_there(insurance.removed_at, "insurance")
    insurance.removed_at = at
    insurance.save(update_fields=["removed_at"])
    audit.record("providers.insurance.removed", by=by, about=insurance, organisation=insurance.provider_id, at=at)
    return insurance


def _check_cover(provider_id: int, values: Mapping) -> None:
    rules.check_cover(values["cover_pence"], values["starts_on"], values["ends_on"])
    pk = values["item_id"]
    if pk is not None and not Item.objects.filter(pk=pk, provider=provider_id, removed_at=None).exists():
        raise Refused("Choose a document that is in your evidence library", field="item_id")


@transaction.atomic(durable=True)
def add_accreditation(*, provider: Organisation, values: Mapping, by: User, at: dt.datetime) -> Accreditation:
    """Write down who has accredited the provider. Raises `Refused`."""
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_profile, by, provider)
    rules.check_rows(Accreditation.objects.filter(provider=provider).count(), "accreditations")
    _check_accreditation(provider.pk, values, at)
    made = Accreditation.objects.create(provider=provider, **values)
    audit.record("providers.accreditation.added", by=by, about=made, organisation=provider, at=at)
    return made


@transaction.atomic(durable=True)
def change_accreditation(
    *, accreditation: Accreditation, values: Mapping, seen: str, by: User, at: dt.datetime
) -> Accreditation:
    """Change one. Raises `Refused` and `seen.Changed`."""
    provider, row = _accreditation_locked(accreditation)
    people.forget_roles(by)
    access.require(permissions.can_edit_row, by, row)
    check_unchanged(seen, values_of(row, rules.ACCREDITATION))
    _check_accreditation(provider.pk, values, at, but=row.pk)
    changed = rows.change(row, rules.ACCREDITATION, values)
    audit.record(
        "providers.accreditation.changed", by=by, about=row, organisation=provider, data={"fields": changed}, at=at
    )
    return row


@transaction.atomic(durable=True)
def remove_accreditation(*, accreditation: Accreditation, by: User, at: dt.datetime) -> None:
    """Delete one: it was only ever the provider's word."""
    provider, row = _accreditation_locked(accreditation)
    people.forget_roles(by)
    access.require(permissions.can_edit_row, by, row)
    audit.record("providers.accreditation.removed", by=by, about=row, organisation=provider, at=at)
    row.delete()


def _accreditation_locked(accreditation: Accreditation) -> tuple[Organisation, Accreditation]:
    """The provider, which holds the list together, and the row. Raises `Refused` when it has gone."""
    provider = Organisation.objects.locked(accreditation.provider_id)
    row = Accreditation.objects.filter(pk=accreditation.pk).first()
    if row is None:
        raise Refused("This accreditation was removed by somebody else. Add it again if you need it")
    return provider, row


def _check_accreditation(provider_id: int, values: Mapping, at: dt.datetime, but: int | None = None) -> None:
    others = Accreditation.objects.filter(provider=provider_id).exclude(pk=but).values_list("by", "what")
    rules.check_accreditation(
        values["by"], values["what"], values["given_on"], values["ends_on"], set(others), timezone.localdate(at)
    )
