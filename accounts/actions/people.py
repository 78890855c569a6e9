"""People in an organisation: their roles, their going, the end of an account."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import permissions, queries, states, steps
from accounts.models import Membership, Organisation, User
from accounts.rules import people
from audit import steps as audit
from core import access


@transaction.atomic(durable=True)
def change_roles(*, organisation: Organisation, person: User, roles: list[str], by: User, at: dt.datetime) -> None:
    """Give and end roles so that `person`, who holds at least one here, holds `roles`.

    Locks the organisation, so that of two managers who end each other's role at once one stays. A trust's person
    keeps their list of schools. Raises `people.Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_manage_people, by, organisation)
    people.check_roles(roles, states.roles_of(organisation.kind))
    held = queries.roles_in(organisation, person)
    if not held:
        raise people.Refused("This person is no longer in your organisation")
    given, ended = people.role_changes([membership.role for membership in held], roles)
    if not set(roles) & states.MANAGES_PEOPLE:
        people.check_somebody_manages(queries.managers_of(organisation), person.pk)
    schools = list(held[0].schools.all())
    steps.give_roles(user=person, organisation=organisation, roles=given, schools=schools, by=by, at=at)
    steps.end_roles(memberships=[membership for membership in held if membership.role in ended], by=by, at=at)
    audit.record(
        "accounts.person.roles_changed",
        by=by,
        about=person,
        organisation=organisation,
        data={"given": sorted(given), "ended": sorted(ended)},
        at=at,
    )


@transaction.atomic(durable=True)
def remove_person(*, organisation: Organisation, person: User, by: User, at: dt.datetime) -> None:
    """End everything that `person` holds in the organisation. Raises `people.Refused` for its last manager."""
    organisation = Organisation.objects.locked(organisation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_manage_people, by, organisation)
    held = queries.roles_in(organisation, person)
    if not held:
        raise people.Refused("This person is no longer in your organisation")
    people.check_somebody_manages(queries.managers_of(organisation), person.pk)
    steps.end_roles(memberships=held, by=by, at=at)
    audit.record("accounts.person.removed", by=by, about=person, organisation=organisation, at=at)


@transaction.atomic(durable=True)
def leave_organisation(*, organisation: Organisation, by: User, at: dt.datetime) -> None:
    """End everything that the person holds in the organisation. Raises `people.Refused` for its last manager."""
    organisation = Organisation.objects.locked(organisation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_leave, by, organisation)
    people.check_somebody_manages(queries.managers_of(organisation), by.pk)
    steps.end_roles(memberships=queries.roles_in(organisation, by), by=by, at=at)
    audit.record("accounts.person.left", by=by, about=by, organisation=organisation, at=at)


@transaction.atomic(durable=True)
def list_schools(*, membership: Membership, schools, by: User, at: dt.datetime) -> None:
    """Write down which of the trust's schools somebody may see in this role; schools of others are passed over."""
    membership = Membership.objects.locked(membership.pk)
    queries.forget_roles(by)
    access.require(permissions.can_list_schools, by, membership)
    wanted = [school.pk for school in schools]
    listed = list(queries.schools_of_trust(membership.organisation).filter(pk__in=wanted))
    membership.schools.set(listed)
    audit.record(
        "accounts.role.schools_listed",
        by=by,
        about=membership,
        organisation=membership.organisation_id,
        data={"person": membership.user_id, "schools": [school.pk for school in listed]},
        at=at,
    )


@transaction.atomic(durable=True)
def make_operator(*, person: User, by, at: dt.datetime) -> None:
    """Make somebody an operator of the deployment. Only the command line does this."""
    person = User.objects.locked(person.pk)
    access.require(permissions.nobody, by, person, systems=("accounts.make_operator", "accounts.demo"))
    person.is_operator = True
    person.save(update_fields=["is_operator"])
    audit.record("accounts.person.made_operator", by=by, about=person, at=at)


@transaction.atomic(durable=True)
def close_account(*, person: User, by, at: dt.datetime) -> None:
    """Close an account (`steps.close`). The last manager may be closed: an operator lets the next one in."""
    person = User.objects.locked(person.pk)
    access.require(permissions.can_close_account, by, person, systems=("accounts.deactivate",))
    if not person.is_active:
        raise people.Refused("This account is already closed")
    steps.close(person=person, by=by, at=at)
    audit.record("accounts.person.account_closed", by=by, about=person, at=at)
