"""People in an organisation: their roles, their going, the end of an account."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import permissions, queries, states, steps
from accounts.models import HeldAnswers, Invitation, Membership, Organisation, User
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
    """Deactivate and pseudonymise: roles end, sessions end, name, address and ways to sign in go. The row stays, so
    that the record still says which person did what. The last manager may be closed: an operator lets the next one in.
    """
    person = User.objects.locked(person.pk)
    access.require(permissions.can_close_account, by, person, systems=("accounts.deactivate",))
    if not person.is_active:
        raise people.Refused("This account is already closed")
    held = Membership.objects.select_for_update(of=("self",)).filter(user=person, ended_at=None)
    steps.end_roles(memberships=held, by=by, at=at)
    addresses = [person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)]
    pseudonym = f"person-{person.pk}@closed.invalid"
    for address in set(addresses):
        _forget_invitations(address.lower(), pseudonym, at)
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    for model in (UserSession, EmailAddress, Authenticator, SocialAccount, HeldAnswers):
        model.objects.filter(user=person).delete()
    person.email, person.name = pseudonym, f"Former person {person.pk}"
    person.is_active, person.is_operator = False, False
    person.deactivated_at, person.deactivated_by = at, by if isinstance(by, User) else None
    person.set_unusable_password()
    person.save()
    audit.record("accounts.person.account_closed", by=by, about=person, at=at)


def _forget_invitations(address: str, pseudonym: str, at) -> None:
    """Withdraw what is open and blank the address in every invitation that was sent to it."""
    sent = Invitation.objects.filter(email=address)
    sent.filter(accepted_at=None, revoked_at=None).update(revoked_at=at)
    sent.update(email=pseudonym)
