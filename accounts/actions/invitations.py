"""A person is invited, and comes in."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import permissions, queries, states, steps
from accounts.models import Invitation, Membership, Organisation, User
from accounts.rules import people
from audit import steps as audit
from core import access
from outbox import steps as outbox


@transaction.atomic(durable=True)
def send_invitation(
    *, organisation: Organisation, email: str, roles: list[str], schools=(), by, at: dt.datetime
) -> Invitation:
    """Invite an address to roles in an organisation, with a link that works once, for seven days.

    An open invitation to the same address is withdrawn: its link stops working. Nothing here depends on whether the
    address has an account. Raises `people.Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_invite, by, organisation, systems=("accounts.open_authority", "accounts.demo"))
    email = email.strip().lower()
    people.check_roles(roles, states.roles_of(organisation.kind))
    people.check_letters(queries.letters_sent_today(organisation, at=at))
    if Membership.objects.live().filter(organisation=organisation, user__email=email).exists():
        raise people.Refused("This person is already in your organisation. Change their roles instead")
    open_before = Invitation.objects.select_for_update(of=("self",)).filter(
        organisation=organisation, email=email, accepted_at=None, revoked_at=None
    )
    for invitation in open_before:
        _withdraw(invitation, by, at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        roles=sorted(roles),
        token_hash=people.token_hash(token),
        sent_at=at,
        sent_by=by if isinstance(by, User) else None,
        expires_at=people.invitation_expires_at(at),
    )
    listed = list(queries.schools_of_trust(organisation).filter(pk__in=[school.pk for school in schools]))
    invitation.schools.set(listed)
    outbox.post(
        key=f"invitation:{invitation.pk}",
        to=email,
        subject=f"You are invited to the {settings.PORTAL_NAME}",
        body=(
            f"{organisation.name} invites you to the {settings.PORTAL_NAME}.\n\n"
            "Open this link to accept. You need an account with this email address; you can create one there:\n"
            f"{settings.BASE_URL}{reverse('open_invitation', args=[token])}\n\n"
            "The link works once, until "
            f"{invitation.expires_at:%-d %B %Y}. If you did not expect this email, ignore it.\n"
        ),
        at=at,
        secret=True,
        organisation=organisation,
    )
    audit.record(
        "accounts.invitation.sent",
        by=by,
        about=invitation,
        organisation=organisation,
        data={"roles": sorted(roles), "schools": [school.pk for school in listed]},
        at=at,
    )
    return invitation


@transaction.atomic(durable=True)
def withdraw_invitation(*, invitation: Invitation, by: User, at: dt.datetime) -> Invitation:
    """Stop an invitation's link from working. Raises `people.Refused` when it was accepted or withdrawn before."""
    invitation = Invitation.objects.locked(invitation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_withdraw_invitation, by, invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise people.Refused("This invitation has already been used or withdrawn")
    _withdraw(invitation, by, at)
    audit.record(
        "accounts.invitation.withdrawn",
        by=by,
        about=invitation,
        organisation=invitation.organisation_id,
        at=at,
    )
    return invitation


@transaction.atomic(durable=True)
def accept_invitation(*, invitation: Invitation, by: User, at: dt.datetime) -> Organisation:
    """Take up an invitation: the roles that it names are given, and its link stops working.

    Raises `people.Refused` when it was used, withdrawn or has run out."""
    invitation = Invitation.objects.locked(invitation.pk)
    access.require(permissions.can_accept_invitation, by, invitation)
    organisation = invitation.organisation
    usable = not invitation.accepted_at and not invitation.revoked_at and at < invitation.expires_at
    if not usable or not organisation.is_open:
        raise people.Refused("This invitation has been used, withdrawn or has run out. Ask for a new one")
    invitation.accepted_at, invitation.accepted_by = at, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record("accounts.invitation.accepted", by=by, about=invitation, organisation=organisation, at=at)
    steps.give_roles(
        user=by, organisation=organisation, roles=invitation.roles, schools=invitation.schools.all(), by=by, at=at
    )
    return organisation


def _withdraw(invitation: Invitation, by, at) -> None:
    invitation.revoked_at, invitation.revoked_by = at, by if isinstance(by, User) else None
    invitation.save(update_fields=["revoked_at", "revoked_by"])
