"""People come, change and go."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts import permissions, queries
from accounts.actions import people
from accounts.models import Invitation, Membership, Organisation
from accounts.rules.people import Refused
from accounts.states import Role
from audit.models import Event
from core import access
from tests.cast import make_person


def held(organisation, user) -> list[str]:
    return sorted(membership.role for membership in queries.roles_in(organisation, user))


def test_alice_gives_bob_another_role_and_takes_one(world, sign_in):
    address = reverse("person_roles", args=[world.ash_house.pk, world.bob.pk])
    client = sign_in(world.alice)

    assert 'value="provider_staff"' in client.get(address).content.decode()
    client.post(address, {"roles": ["provider_dsl"]})

    assert held(world.ash_house, world.bob) == ["provider_dsl"]
    ended = Membership.objects.get(user=world.bob, role=Role.PROVIDER_STAFF)
    assert ended.ended_by == world.alice
    assert Event.objects.get(action="accounts.person.roles_changed").data == {
        "given": ["provider_dsl"],
        "ended": ["provider_staff"],
    }


def test_bobs_access_ends_with_his_next_request(world, sign_in):
    bob, address = sign_in(world.bob), reverse("organisation", args=[world.ash_house.pk])
    assert bob.get(address).status_code == 200

    sign_in(world.alice).post(reverse("remove_person", args=[world.ash_house.pk, world.bob.pk]))

    assert bob.get(address).status_code == 404
    assert queries.roles_of(type(world.bob).objects.get(pk=world.bob.pk)) == ()


def test_bob_leaves_by_himself(world, sign_in):
    client = sign_in(world.bob)

    assert client.post(reverse("leave_organisation", args=[world.ash_house.pk])).url == reverse("home")

    assert held(world.ash_house, world.bob) == []
    assert client.get(reverse("people", args=[world.ash_house.pk])).status_code == 404


@pytest.mark.parametrize("way", ["leave_organisation", "remove_person", "person_roles"])
def test_the_last_manager_cannot_go(world, sign_in, way):
    arguments = [world.ash_house.pk] + ([] if way == "leave_organisation" else [world.alice.pk])

    page = sign_in(world.alice).post(reverse(way, args=arguments), {"roles": ["provider_staff"]}, follow=True)

    assert "You must have at least one person who manages" in page.content.decode()
    assert held(world.ash_house, world.alice) == ["provider_lead"]


def test_with_a_second_manager_the_first_may_go(world, sign_in):
    client = sign_in(world.alice)
    client.post(reverse("person_roles", args=[world.ash_house.pk, world.bob.pk]), {"roles": ["provider_lead"]})

    gone = client.post(reverse("remove_person", args=[world.ash_house.pk, world.alice.pk]))

    assert gone.url == reverse("home")
    assert queries.managers_of(world.ash_house) == {world.bob.pk}


def test_somebody_who_has_gone_meanwhile_is_refused_in_words(world):
    at = timezone.now()
    people.remove_person(organisation=world.ash_house, person=world.bob, by=world.alice, at=at)

    for call in (
        lambda: people.remove_person(organisation=world.ash_house, person=world.bob, by=world.alice, at=at),
        lambda: people.change_roles(
            organisation=world.ash_house, person=world.bob, roles=["provider_dsl"], by=world.alice, at=at
        ),
    ):
        with pytest.raises(Refused, match="no longer in your organisation"):
            call()


def test_a_manager_removed_while_waiting_is_refused(world):
    """Roles are remembered for a request; an action asks anew once it holds its lock."""
    at = timezone.now()
    people.change_roles(organisation=world.ash_house, person=world.bob, roles=["provider_lead"], by=world.alice, at=at)
    assert permissions.can_manage_people(world.alice, world.ash_house)  # remembered
    people.remove_person(organisation=world.ash_house, person=world.alice, by=world.bob, at=at)

    with pytest.raises(access.Denied):
        people.remove_person(organisation=world.ash_house, person=world.bob, by=world.alice, at=at)


def test_a_person_of_another_organisation_is_not_found(world, sign_in):
    for person in (world.charlie.pk, 10**30, 0):
        answer = sign_in(world.alice).get(f"/organisations/{world.ash_house.pk}/people/{person}/roles/")
        assert answer.status_code == 404


def test_alice_sees_addresses_and_bob_does_not(world, sign_in):
    address = reverse("people", args=[world.ash_house.pk])

    assert world.bob.email in sign_in(world.alice).get(address).content.decode()
    assert world.alice.email not in sign_in(world.bob).get(address).content.decode()
    assert "Alice" in sign_in(world.bob).get(address).content.decode()


@pytest.mark.parametrize(
    ("who", "asked", "shown"),
    [
        ("alice", "", ["Alice", "Bob"]),
        ("alice", "words=bo", ["Bob"]),
        ("alice", "words=bob%40bob.example", ["Bob"]),
        ("bob", "words=alice%40alice.example", []),  # an address is not looked for by whoever may not see it
        ("alice", "role=provider_lead", ["Alice"]),
        ("alice", "role=nonsense", ["Alice", "Bob"]),
        ("alice", "words=%00", ["Alice", "Bob"]),
        ("alice", "words=" + "x" * 10_000, ["Alice", "Bob"]),
        ("alice", "words=%E2%80%AEbob", ["Alice", "Bob"]),
    ],
)
def test_people_are_found_by_name_and_role(world, sign_in, who, asked, shown):
    page = sign_in(getattr(world, who)).get(f"{reverse('people', args=[world.ash_house.pk])}?{asked}")

    assert page.status_code == 200
    assert [membership.user.name for membership in page.context["page"]] == shown


def test_a_school_listed_for_a_trusts_person_is_seen_while_it_is_the_trusts(world, sign_in):
    membership = world.tariq.memberships.get()
    address = reverse("person_schools", args=[membership.pk])
    client = sign_in(world.tariq)

    client.post(address, {"schools": [world.elm_grove.pk]})
    assert queries.schools_seen_by(world.tariq) == {world.elm_grove.pk}
    ticked = re.findall(r'value="([0-9]+)"[^>]* checked', client.get(address).content.decode())
    assert ticked == [str(world.elm_grove.pk)]

    Organisation.objects.filter(pk=world.elm_grove.pk).update(parent=None)
    assert queries.schools_seen_by(world.tariq) == set()


def test_schools_are_listed_for_trusts_only(world):
    with pytest.raises(access.Denied):
        people.list_schools(membership=world.alice.memberships.get(), schools=[], by=world.alice, at=timezone.now())


def test_roles_are_read_once_a_request(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(3):
            assert [role.role for role in queries.roles_of(world.sana)] == [Role.SCHOOL_DSL, Role.SCHOOL_LEAD]
    assert queries.has_role(world.sana, Role.SCHOOL_DSL)
    assert queries.has_role(world.sana, Role.SCHOOL_DSL, organisation=world.elm_grove)
    assert not queries.has_role(world.sana, Role.SCHOOL_DSL, organisation=world.ash_house.pk)
    assert not queries.has_role(world.sana, Role.ADMIN)


def test_an_account_is_closed_and_only_the_record_remains(world, sign_in):
    bob = sign_in(world.bob)
    address = reverse("organisation", args=[world.ash_house.pk])
    assert bob.get(address).status_code == 200
    at = timezone.now()
    Invitation.objects.create(
        organisation=world.birch_farm,
        email=world.bob.email,
        roles=["provider_staff"],
        token_hash="1" * 64,
        sent_at=at,
        expires_at=at + dt.timedelta(days=7),
    )
    was, key = world.bob.email, bob.session.session_key
    UserSession.objects.get_or_create(
        user=world.bob, session_key=key, defaults={"ip": "192.0.2.1", "user_agent": "A browser"}
    )

    olu = sign_in(world.olu)
    assert (
        reverse("close_account", args=[world.bob.pk])
        in olu.get(reverse("people", args=[world.ash_house.pk])).content.decode()
    )
    assert olu.get(reverse("close_account", args=[world.bob.pk])).status_code == 200
    olu.post(reverse("close_account", args=[world.bob.pk]))

    world.bob.refresh_from_db()
    assert (world.bob.email, world.bob.name) == (
        f"person-{world.bob.pk}@closed.invalid",
        f"Former person {world.bob.pk}",
    )
    assert (world.bob.is_active, world.bob.deactivated_by) == (False, world.olu)
    assert key not in Session.objects.values_list("session_key", flat=True)
    assert bob.get(address).status_code == 302
    assert held(world.ash_house, world.bob) == []
    assert not EmailAddress.objects.filter(user=world.bob).exists()
    assert not Authenticator.objects.filter(user=world.bob).exists()
    assert not Invitation.objects.filter(email=was).exists()
    assert not Invitation.objects.open(at).exists()
    assert Event.objects.get(action="accounts.person.account_closed").about_id == world.bob.pk
    assert "already closed" in olu.post(reverse("close_account", args=[world.bob.pk]), follow=True).content.decode()


def test_nobody_closes_their_own_account_or_somebody_elses(world, sign_in):
    assert sign_in(world.olu).post(reverse("close_account", args=[world.olu.pk])).status_code == 403
    with pytest.raises(access.Denied):
        people.close_account(person=world.bob, by=world.alice, at=timezone.now())


def test_the_command_closes_an_account(world, capsys):
    call_command("deactivate", "BOB@bob.example")

    world.bob.refresh_from_db()
    assert not world.bob.is_active
    for email in ("bob@bob.example", world.bob.email):
        with pytest.raises(CommandError):
            call_command("deactivate", email)


def test_only_the_command_line_makes_an_operator(world):
    with pytest.raises(access.Denied):
        people.make_operator(person=world.nora, by=world.olu, at=timezone.now())

    call_command("make_operator", "Nora@nora.example")

    world.nora.refresh_from_db()
    assert permissions.is_operator(world.nora)
    with pytest.raises(CommandError):
        call_command("make_operator", "who@who.example")


def test_an_organisations_details_are_changed_and_recorded(world, sign_in):
    client = sign_in(world.alice)
    address = reverse("edit_organisation", args=[world.ash_house.pk])
    answers = {"name": "Ash Barn", "ukprn": "19900001", "street": "1 Road", "town": "Larkford", "postcode": "LK1 1AA"}

    client.post(address, answers)
    client.post(address, answers)  # nothing new: nothing recorded

    world.ash_house.refresh_from_db()
    assert (world.ash_house.name, world.ash_house.name_key) == ("Ash Barn", "ash barn")
    assert Event.objects.get(action="accounts.organisation.changed").data == {
        "fields": ["name", "postcode", "street", "town", "ukprn"]
    }
    page = client.post(address, answers | {"ukprn": ""}).content.decode()
    assert "Say why you have no number" in page
    client.post(address, answers | {"ukprn": "", "no_number_reason": "I teach alone"})
    world.ash_house.refresh_from_db()
    assert world.ash_house.no_number_reason == "I teach alone"


def test_a_council_changes_its_name_and_a_school_does_not(world, sign_in):
    answers = {"name": "Larkshire County Council", "street": "1 Road", "town": "Larkford", "postcode": "LK1 1AA"}

    sign_in(world.ada).post(reverse("edit_organisation", args=[world.larkshire.pk]), answers)
    refused = sign_in(world.sana).post(reverse("edit_organisation", args=[world.elm_grove.pk]), answers)

    world.larkshire.refresh_from_db()
    assert world.larkshire.name == "Larkshire County Council"
    assert refused.status_code == 403


def test_a_newcomer_with_one_role_in_two_places_has_both(world):
    dora = make_person("dora")
    for place in (world.ash_house, world.birch_farm):
        Membership.objects.create(user=dora, organisation=place, role=Role.PROVIDER_STAFF, given_at=timezone.now())

    assert [role.organisation for role in queries.roles_of(dora)] == ["Ash House", "Birch Farm"]
