"""Writes that actions of this app, and of apps above, compose. Each records its own event."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from accounts import queries
from accounts.models import HeldAnswers, Invitation, LookAlike, Membership, Organisation, Postcode, User
from accounts.rules import names
from audit import steps as audit
from core.steps import step
from outbox import steps as outbox


@step
def give_roles(*, user, organisation, roles, by, at, schools=()) -> None:
    """Give the person those of `roles` that they do not hold; `schools` are what a trust's person may see."""
    held = set(
        Membership.objects.filter(user=user, organisation=organisation, ended_at=None).values_list("role", flat=True)
    )
    giver = by if isinstance(by, User) else None
    for role in sorted(set(roles) - held):
        membership = Membership.objects.create(
            user=user, organisation=organisation, role=role, person_name=user.name, given_at=at, given_by=giver
        )
        if schools:
            membership.schools.set(schools)
        audit.record(
            "accounts.role.given",
            by=by,
            about=membership,
            organisation=organisation,
            data={"person": user.pk, "role": role, "schools": sorted(school.pk for school in schools)},
            at=at,
        )


@step
def end_roles(*, memberships, by, at) -> None:
    """End these roles; access ends with the person's next request."""
    ender = by if isinstance(by, User) else None
    for membership in memberships:
        membership.ended_at, membership.ended_by, membership.person_name = at, ender, ""
        membership.save(update_fields=["ended_at", "ended_by", "person_name"])
        audit.record(
            "accounts.role.ended",
            by=by,
            about=membership,
            organisation=membership.organisation_id,
            data={"person": membership.user_id, "role": membership.role},
            at=at,
        )


@step
def close(*, person, by, at, invitations: bool = True) -> None:
    """Deactivate and pseudonymise: roles end, sessions end, name, address and ways to sign in go; with `invitations`
    also what was sent to the address. The row stays, so that the record still says which person did what. The action
    records the closing, with its reason."""
    held = Membership.objects.select_for_update(of=("self",)).filter(user=person, ended_at=None)
    end_roles(memberships=held, by=by, at=at)
    addresses = {person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    pseudonym = f"person-{person.pk}@closed.invalid"
    sent = Invitation.objects.filter(email__in=[address.lower() for address in addresses])
    if invitations:
        sent.filter(accepted_at=None, revoked_at=None).update(revoked_at=at)
        sent.update(email=pseudonym)
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    for model in (UserSession, EmailAddress, Authenticator, SocialAccount, HeldAnswers):
        model.objects.filter(user=person).delete()
    person.email, person.name = pseudonym, f"Former person {person.pk}"
    person.is_active, person.is_operator = False, False
    person.deactivated_at, person.deactivated_by = at, by if isinstance(by, User) else None
    person.set_unusable_password()
    person.save()


@step
def note_look_alikes(*, organisation, known, by, at) -> int:
    """Record which of the `known` organisations may be the same as `organisation`, and write to the managers of each
    and to the operators. The letters name nobody, and nothing reaches whoever registered. Returns how many are new."""
    numbers = frozenset((register, getattr(organisation, register) or "") for register in names.LABELS)
    new = names.Known(
        pk=organisation.pk,
        name_key=organisation.name_key,
        postcode=organisation.postcode,
        numbers=frozenset(pair for pair in numbers if pair[1]),
    )
    found = 0
    for resemblance in names.resemblances(new, known):
        other = Organisation.objects.get(pk=resemblance.pk)
        if LookAlike.objects.filter(organisation=other, resembles=organisation).exists():
            continue
        pair, made = LookAlike.objects.get_or_create(
            organisation=organisation,
            resembles=other,
            defaults={"reason": resemblance.reason, "found_at": at},
        )
        if not made:
            continue
        found += 1
        audit.record(
            "accounts.look_alike.found",
            by=by,
            about=pair,
            data={"organisation": organisation.pk, "resembles": other.pk, "reason": resemblance.reason},
            at=at,
        )
        _tell_about(pair, other, at)
    return found


def _tell_about(pair: LookAlike, other: Organisation, at) -> None:
    """Letters about one pair: to the managers of the organisation that was here first, and to the operators."""
    for pk, address in queries.addresses_of_managers(other):
        outbox.post(
            key=f"look-alike:{pair.pk}:{pk}",
            to=address,
            subject="An organisation like yours has registered",
            body=(
                "An organisation whose name or registered number is like yours has registered on the "
                f"{settings.PORTAL_NAME}.\n\n"
                "If one of your colleagues did this, invite them to your organisation instead:\n"
                f"{settings.BASE_URL}{reverse('people', args=[other.pk])}\n\n"
                "We are checking whether the two are the same organisation. You do not need to do anything else.\n"
            ),
            at=at,
            organisation=other,
        )
    for pk, address in queries.addresses_of_operators():
        outbox.post(
            key=f"look-alike:{pair.pk}:operator:{pk}",
            to=address,
            subject="Two organisations may be the same",
            body=(
                "A new organisation has a name or registered number like one already on the portal.\n\n"
                f"Check them and say which: {settings.BASE_URL}{reverse('look_alikes')}\n"
            ),
            at=at,
        )


@step
def imports_locked() -> None:
    """Wait for any other import of schools or postcodes to end. On SQLite the transaction itself is the only writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.import_schools'))")


@step
def place_organisations() -> int:
    """Say where organisations are that have a postcode and no place, as far as the list of postcodes knows it. Returns
    how many."""
    found = Postcode.objects.filter(code=OuterRef("postcode"))
    unplaced = Organisation.objects.filter(Q(easting=None) | Q(northing=None), Exists(found))
    return unplaced.update(easting=Subquery(found.values("easting")), northing=Subquery(found.values("northing")))
