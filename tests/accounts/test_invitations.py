"""Invitations: one address, one use, seven days, and nothing learned by anybody else."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import queries
from accounts.actions import invitations
from accounts.models import Invitation, Membership, Organisation
from accounts.rules.people import LETTERS_A_DAY, Refused, token_hash
from accounts.states import Role
from audit.models import Event
from core import access, crypto
from outbox.models import Message
from outbox.steps import PURPOSE
from tests.cast import make_person


def send(world, email="hanna@hanna.example", organisation=None, by=None, roles=(Role.PROVIDER_STAFF,), **more):
    return invitations.send_invitation(
        organisation=organisation or world.ash_house,
        email=email,
        roles=list(roles),
        by=by or world.alice,
        at=more.pop("at", timezone.now()),
        **more,
    )


def link(invitation) -> str:
    """The link in the letter."""
    message = Message.objects.get(key=f"invitation:{invitation.pk}")
    body = crypto.unseal(message.sealed_body, purpose=PURPOSE).decode()
    return re.search(r"http\S+(/invitation/\S+)", body)[1]


def roles_at(organisation, user) -> list[str]:
    return sorted(Membership.objects.live().filter(organisation=organisation, user=user).values_list("role", flat=True))


def test_alice_invites_hanna_who_signs_up_and_joins(world, sign_in):
    sign_in(world.alice).post(
        reverse("invite", args=[world.ash_house.pk]), {"email": "Hanna@Hanna.example", "roles": ["provider_staff"]}
    )
    invitation = Invitation.objects.get()
    hanna = make_person("hanna")
    client = sign_in(hanna)

    opened = client.get(link(invitation))
    page = client.get(opened.url).content.decode()
    joined = client.post(opened.url)

    assert "Join Ash House" in page
    assert "Provider staff" in page
    assert joined.url == reverse("organisation", args=[world.ash_house.pk])
    assert roles_at(world.ash_house, hanna) == ["provider_staff"]
    assert client.get(joined.url).status_code == 200
    assert [
        action
        for action in Event.objects.filter(organisation_id=world.ash_house.pk)
        .order_by("id")
        .values_list("action", flat=True)
        if "invitation" in action or "role" in action
    ] == ["accounts.invitation.sent", "accounts.invitation.accepted", "accounts.role.given"]


def test_the_secret_stands_nowhere_but_in_the_sealed_letter(world):
    invitation = send(world)
    token = link(invitation).split("/")[2]

    assert invitation.token_hash == token_hash(token)
    assert token not in str(Event.objects.values_list("data", flat=True))
    assert Message.objects.get().body == ""


def test_a_link_works_once(world, sign_in):
    invitation, hanna = send(world), make_person("hanna")
    client = sign_in(hanna)
    client.get(link(invitation))
    client.post(reverse("accept_invitation"))

    client.get(link(invitation))
    again = client.post(reverse("accept_invitation"))

    assert again.status_code == 404
    assert "This invitation cannot be used" in again.content.decode()
    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=invitation, by=hanna, at=timezone.now())


def test_a_link_works_up_to_its_last_microsecond(world):
    at = timezone.now()
    hanna = make_person("hanna")
    early, late = send(world, at=at), send(world, at=at, organisation=world.birch_farm, by=world.charlie)
    end = at + dt.timedelta(days=7)

    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=late, by=hanna, at=end)
    invitations.accept_invitation(invitation=early, by=hanna, at=end - dt.timedelta(microseconds=1))

    assert roles_at(world.ash_house, hanna) == ["provider_staff"]
    assert roles_at(world.birch_farm, hanna) == []


def test_a_link_that_has_run_out_or_was_never_sent_looks_the_same(world):
    invitation = send(world)
    client = Client()
    pages = []
    for address in (
        link(invitation),
        "/invitation/never-sent/",
        "/invitation/%00%F0%9F%99%82/",
        f"/invitation/{'x' * 3000}/",
    ):
        with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
            client.get(address)
            page = client.get(reverse("accept_invitation"))
        pages.append((page.status_code, page.content))

    assert len(set(pages)) == 1
    assert pages[0][0] == 404


def test_whoever_is_not_signed_in_is_told_what_to_do_and_not_the_whole_address(world):
    client = Client()
    client.get(link(send(world)))

    page = client.get(reverse("accept_invitation")).content.decode()

    assert "h•••@hanna.example" in page
    assert "hanna@hanna.example" not in page
    assert f"{reverse('account_login')}?next=/invitation/" in page


def test_charlie_cannot_take_up_hannas_invitation(world, sign_in):
    invitation = send(world)
    client = sign_in(world.charlie)
    client.get(link(invitation))

    shown, tried = client.get(reverse("accept_invitation")), client.post(reverse("accept_invitation"))

    assert (shown.status_code, tried.status_code) == (403, 403)
    assert "hanna@hanna.example" not in shown.content.decode()
    assert roles_at(world.ash_house, world.charlie) == []
    with pytest.raises(access.Denied):
        invitations.accept_invitation(invitation=invitation, by=world.charlie, at=timezone.now())


def test_an_address_that_was_not_confirmed_is_nobodys(world, sign_in):
    invitation, hanna = send(world), make_person("hanna")
    EmailAddress.objects.filter(user=hanna).update(verified=False)
    client = sign_in(hanna)
    client.get(link(invitation))

    assert client.post(reverse("accept_invitation")).status_code == 403


def test_inviting_the_same_address_again_replaces_the_link(world, sign_in):
    first = send(world)
    old = link(first)
    sign_in(world.alice).post(reverse("resend_invitation", args=[first.pk]))
    second = Invitation.objects.open(timezone.now()).get()

    client = sign_in(make_person("hanna"))
    client.get(old)
    assert client.get(reverse("accept_invitation")).status_code == 404
    client.get(link(second))
    assert client.get(reverse("accept_invitation")).status_code == 200
    assert (second.roles, second.email) == (first.roles, first.email)


def test_a_withdrawn_link_does_not_work(world, sign_in):
    invitation = send(world)
    alice = sign_in(world.alice)
    assert alice.get(reverse("withdraw_invitation", args=[invitation.pk])).status_code == 200
    alice.post(reverse("withdraw_invitation", args=[invitation.pk]))
    alice.post(reverse("withdraw_invitation", args=[invitation.pk]))  # twice is harmless

    invitation.refresh_from_db()
    assert invitation.revoked_by == world.alice
    assert Event.objects.filter(action="accounts.invitation.withdrawn").count() == 1
    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=invitation, by=make_person("hanna"), at=timezone.now())


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_alice_cannot_tell_who_has_an_account(world, sign_in):
    make_person("hanna")
    client = sign_in(world.alice)
    pages = []
    for email in ("hanna@hanna.example", "hanno@hanno.example"):
        answer = {"email": email, "roles": ["provider_staff"]}
        sent = client.post(reverse("invite", args=[world.ash_house.pk]), answer, follow=True)
        text = sent.content.decode().replace(email, "ADDRESS")
        text = re.sub(r"/invitations/\d+/|csrfmiddlewaretoken\" value=\"\w+", "", text)
        pages.append((sent.redirect_chain, sent.status_code, text))
        Invitation.objects.all().delete()

    assert pages[0] == pages[1]


def test_a_colleague_is_not_invited_twice(world, sign_in):
    page = sign_in(world.alice).post(
        reverse("invite", args=[world.ash_house.pk]), {"email": "BOB@bob.example", "roles": ["provider_dsl"]}
    )

    assert "already in your organisation" in page.content.decode()
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "organisation", "role"),
    [
        ("alice", "ash_house", Role.ADMIN),  # a role of another kind
        ("alice", "ash_house", "no-such-role"),
        ("sana", "elm_grove", Role.PROVIDER_LEAD),
    ],
)
def test_only_roles_of_the_kind_can_be_given(world, sign_in, who, organisation, role):
    place = getattr(world, organisation)
    page = sign_in(getattr(world, who)).post(
        reverse("invite", args=[place.pk]), {"email": "hanna@hanna.example", "roles": [role]}
    )

    assert "Select only roles that are on this page" in page.content.decode()
    with pytest.raises(Refused):
        send(world, organisation=place, by=getattr(world, who), roles=[role])


@pytest.mark.parametrize("who", ["bob", "charlie", "ada", "tariq", "nora", "olu"])
def test_nobody_but_a_manager_invites(world, who):
    with pytest.raises(access.Denied):
        send(world, by=getattr(world, who))


def test_a_trusts_roles_do_not_reach_its_school(world):
    with pytest.raises(access.Denied):
        send(world, organisation=world.elm_grove, by=world.tariq, roles=[Role.SCHOOL_LEAD])


def test_an_operator_lets_the_first_person_in_and_no_second(world):
    school = Organisation.objects.create(kind="school", name="Quayside", name_key="quayside", urn="900013")
    first = send(world, organisation=school, by=world.olu, roles=[Role.SCHOOL_LEAD])
    invitations.accept_invitation(invitation=first, by=make_person("hanna"), at=timezone.now())

    with pytest.raises(access.Denied):
        send(world, organisation=school, by=world.olu, email="other@other.example", roles=[Role.SCHOOL_LEAD])


def test_a_trusts_invitation_lists_its_own_schools_only(world, sign_in):
    other = Organisation.objects.create(kind="school", name="Quayside", name_key="quayside", urn="900013")
    client = sign_in(world.tariq)
    address = reverse("invite", args=[world.oak_trust.pk])
    answers = {"email": "hanna@hanna.example", "roles": ["trust_dsl"]}

    refused = client.post(address, answers | {"schools": [other.pk]})
    assert "Select only schools that are on this page" in refused.content.decode()
    client.post(address, answers | {"schools": [world.elm_grove.pk]})
    hanna = make_person("hanna")
    invitations.accept_invitation(invitation=Invitation.objects.get(), by=hanna, at=timezone.now())

    assert queries.schools_seen_by(hanna) == {world.elm_grove.pk}
    assert queries.schools_seen_by(world.tariq) == set()


def test_an_organisation_cannot_flood_the_post(world, sign_in):
    at = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(
            organisation=world.ash_house,
            email=f"p{number}@many.example",
            roles=["provider_staff"],
            token_hash=f"{number:064}",
            sent_at=at,
            expires_at=at + dt.timedelta(days=7),
        )
        for number in range(LETTERS_A_DAY)
    )

    page = sign_in(world.alice).post(
        reverse("invite", args=[world.ash_house.pk]), {"email": "one@more.example", "roles": ["provider_staff"]}
    )
    assert "You can send 100 invitations in 24 hours" in page.content.decode()
    assert Message.objects.count() == 0
    resent = sign_in(world.alice).post(reverse("resend_invitation", args=[Invitation.objects.first().pk]), follow=True)
    assert "You can send 100 invitations" in resent.content.decode()


def test_an_invitation_to_an_organisation_that_closed_is_void(world):
    invitation, hanna = send(world), make_person("hanna")
    Organisation.objects.filter(pk=world.ash_house.pk).update(is_open=False)

    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=invitation, by=hanna, at=timezone.now())


def test_if_the_record_cannot_be_written_nothing_is_sent(world, monkeypatch):
    monkeypatch.setattr("audit.steps.record", lambda *arguments, **words: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send(world)

    assert (Invitation.objects.count(), Message.objects.count()) == (0, 0)
