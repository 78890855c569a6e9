"""Two people at once. Each race is first shown to happen when the lock is taken away, then not to happen with it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts import queries
from accounts.actions import calendars, invitations, people, registration
from accounts.models import Invitation, Membership, Organisation, TermDates, User
from accounts.rules import people as rules
from accounts.states import Role
from audit.models import Event
from core import access
from tests.cast import make_person, make_world
from tests.patience import together, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 3


@pytest.fixture
def world(transactional_db):
    return make_world()


def two_managers(world) -> None:
    Membership.objects.create(
        user=world.bob, organisation=world.ash_house, role=Role.PROVIDER_LEAD, given_at=timezone.now()
    )


def remove_each_other(world) -> list[Exception | None]:
    def remove(one, other):
        return lambda: people.remove_person(
            organisation=world.ash_house,
            person=other,
            by=User.objects.get(pk=one.pk),
            at=timezone.now(),
        )

    return together(remove(world.alice, world.bob), remove(world.bob, world.alice))


def test_without_the_lock_two_managers_remove_each_other_and_nobody_is_left(world, monkeypatch, meet):
    two_managers(world)
    without_lock(monkeypatch, Organisation)
    meet(rules, "check_somebody_manages")

    assert remove_each_other(world) == [None, None]

    assert queries.managers_of(world.ash_house) == set()


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_managers_who_remove_each_other_one_stays(world, meet, turn):
    two_managers(world)
    meet(rules, "check_somebody_manages")

    raised = remove_each_other(world)

    assert [error is None for error in sorted(raised, key=bool)] == [True, False]
    assert len(queries.managers_of(world.ash_house)) == 1


def test_two_managers_who_leave_at_once_leave_one(world, meet):
    two_managers(world)
    meet(rules, "check_somebody_manages")

    raised = together(
        *[
            lambda user=user: people.leave_organisation(
                organisation=world.ash_house, by=User.objects.get(pk=user.pk), at=timezone.now()
            )
            for user in (world.alice, world.bob)
        ]
    )

    assert sum(error is None for error in raised) == 1
    assert len(queries.managers_of(world.ash_house)) == 1


def accept_twice(world) -> list[Exception | None]:
    hanna = make_person("hanna")
    invitation = invitations.send_invitation(
        organisation=world.ash_house, email=hanna.email, roles=[Role.PROVIDER_STAFF], by=world.alice, at=timezone.now()
    )
    call = lambda: invitations.accept_invitation(  # noqa: E731
        invitation=invitation, by=User.objects.get(pk=hanna.pk), at=timezone.now()
    )
    return together(call, call)


def accepted() -> int:
    return Event.objects.filter(action="accounts.invitation.accepted").count()


def test_without_the_lock_both_clients_find_the_invitation_open(world, monkeypatch, meet):
    """The database's own rule (a role is held once) stops the second one, late and with an error of its own. Shown
    with that rule out of the way: both would use the invitation."""
    without_lock(monkeypatch, Invitation)
    monkeypatch.setattr("accounts.steps.give_roles", lambda **words: None)
    meet(queries, "has_confirmed")

    assert accept_twice(world) == [None, None]

    assert accepted() == 2


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_an_invitation_is_used_once_by_two_clients_at_once(world, meet, turn):
    meet(queries, "has_confirmed")

    raised = accept_twice(world)

    assert sorted(type(error) for error in raised if error) == [rules.Refused]
    assert accepted() == 1
    assert Membership.objects.filter(user__email="hanna@hanna.example").count() == 1


def invite_twice(world) -> list[Exception | None]:
    call = lambda: invitations.send_invitation(  # noqa: E731
        organisation=world.ash_house,
        email="hanna@hanna.example",
        roles=[Role.PROVIDER_STAFF],
        by=User.objects.get(pk=world.alice.pk),
        at=timezone.now(),
    )
    return together(call, call)


def test_two_invitations_at_once_to_one_address_leave_one_open(world, meet):
    meet(rules, "check_letters")

    assert invite_twice(world) == [None, None]

    assert Invitation.objects.open(timezone.now()).count() == 1


def register_twice(world) -> list[Exception | None]:
    call = lambda: registration.register_provider(  # noqa: E731
        name="Hazel Workshop",
        numbers={"urn": "123456"},
        sole_tutor=False,
        no_number_reason="",
        street="1 Road",
        town="Larkford",
        postcode="LK1 1AA",
        by=User.objects.get(pk=world.nora.pk),
        at=timezone.now(),
    )
    return together(call, call)


def hazels() -> int:
    return Organisation.objects.filter(name="Hazel Workshop").count()


def test_without_the_lock_a_form_sent_twice_makes_two_organisations(world, monkeypatch, meet):
    without_lock(monkeypatch, User)
    meet(rules, "check_provider_identified")

    assert register_twice(world) == [None, None]

    assert hazels() == 2


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_form_sent_twice_at_once_makes_one_organisation(world, meet, turn):
    meet(rules, "check_provider_identified")

    raised = register_twice(world)

    assert sorted(type(error) for error in raised if error) == [access.Denied]
    assert hazels() == 1


def overlap(world) -> list[Exception | None]:
    def add(first, last):
        return lambda: calendars.add_term(
            organisation=world.elm_grove,
            name="Autumn",
            starts_on=dt.date(2026, 9, first),
            ends_on=dt.date(2026, 9, last),
            by=User.objects.get(pk=world.sana.pk),
            at=timezone.now(),
        )

    return together(add(1, 10), add(5, 20))


def test_without_the_lock_two_terms_overlap(world, monkeypatch, meet):
    without_lock(monkeypatch, Organisation)
    meet(rules, "check_dates")

    assert overlap(world) == [None, None]

    assert TermDates.objects.count() == 2


def test_of_two_terms_that_overlap_one_is_refused(world, meet):
    meet(rules, "check_dates")

    raised = overlap(world)

    assert sorted(type(error) for error in raised if error) == [rules.Refused]
    assert TermDates.objects.count() == 1
