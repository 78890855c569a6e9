"""Somebody signs up with an address that is not theirs, and never confirms it."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import queries
from accounts.actions import sign_in
from accounts.models import Membership, User
from accounts.states import Role
from accounts.tasks import tidy
from audit.models import Event
from core import access
from tests.accounts.test_sign_in_password import ask_for, sign_in_by_password

WEEK = dt.timedelta(days=7)


def sign_up(email: str) -> User:
    fields = {"name": "Squatter", "email": email, "password1": "seven purple otters"}
    assert Client().post("/account/signup/", fields).status_code == 302
    return User.objects.get(email=email)


def made(person: User, ago: dt.timedelta) -> User:
    User.objects.filter(pk=person.pk).update(created_at=timezone.now() - ago)
    return person


def test_after_a_week_the_address_is_free_for_its_owner(world):
    squatter = made(sign_up("nora@new.example"), WEEK + dt.timedelta(minutes=1))

    tidy()

    squatter.refresh_from_db()
    assert (squatter.is_active, squatter.email) == (False, f"person-{squatter.pk}@closed.invalid")
    closed = Event.objects.get(action="accounts.person.account_closed")
    assert (closed.about_id, closed.by_label, closed.data) == (
        squatter.pk,
        "system:accounts.tidy",
        {"why": "never_confirmed"},
    )

    cache.clear()  # a week has passed: letters to one address are no longer spaced
    client = sign_in_by_password(world.nora)
    client.post(ask_for(client, "nora@new.example"))
    world.nora.refresh_from_db()
    assert world.nora.email == "nora@new.example"


@pytest.mark.parametrize(
    "kept",
    ["younger", "confirmed", "held a role", "an operator", "signed in", "did something"],
)
def test_whoever_is_more_than_signed_up_stays(world, kept):
    person = made(sign_up("una@una.example"), WEEK - dt.timedelta(minutes=5) if kept == "younger" else 2 * WEEK)
    if kept == "confirmed":
        EmailAddress.objects.filter(user=person).update(verified=True)
    if kept == "held a role":
        at = timezone.now()
        Membership.objects.create(
            user=person, organisation=world.ash_house, role=Role.PROVIDER_STAFF, given_at=at, ended_at=at
        )
    if kept == "an operator":
        User.objects.filter(pk=person.pk).update(is_operator=True)
    if kept == "signed in":
        User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    if kept == "did something":
        Event.objects.create(at=timezone.now(), action="accounts.term.added", by=person)

    tidy()

    person.refresh_from_db()
    assert (person.is_active, person.email) == (True, "una@una.example")


def test_an_invitation_to_the_address_outlives_the_squatter(world):
    from accounts.actions import invitations

    made(sign_up("hanna@hanna.example"), 2 * WEEK)
    invitation = invitations.send_invitation(
        organisation=world.ash_house,
        email="hanna@hanna.example",
        roles=["provider_staff"],
        by=world.alice,
        at=timezone.now(),
    )

    tidy()

    invitation.refresh_from_db()
    assert (invitation.email, invitation.revoked_at) == ("hanna@hanna.example", None)


def test_the_whole_cast_stays_and_nobody_but_the_portal_does_this(world):
    User.objects.update(created_at=timezone.now() - 2 * WEEK)

    assert list(queries.never_confirmed(before=timezone.now())) == []
    with pytest.raises(access.Denied):
        sign_in.close_never_confirmed(by=world.olu, at=timezone.now())
