"""Signing in with the council's own account: against a made-up identity provider over real HTTP."""

from __future__ import annotations

import datetime as dt
import time
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.rules import sign_in as rules
from audit.models import Event
from tests.accounts import identity_provider
from tests.accounts.mail import letters
from tests.cast import make_person


@pytest.fixture
def council(settings, world):
    """The council's identity provider; Max's address is one of its own."""
    with identity_provider.running() as provider:
        configure(settings, provider)
        max_at(world, "max@larkshire.example")
        provider.facts = {"email": "max@larkshire.example"}
        yield provider


def configure(settings, provider, **more):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [provider.settings(**more)]}
    }


def max_at(world, address):
    world.max.email = address
    world.max.save()
    EmailAddress.objects.filter(user=world.max).update(email=address)


def invite(world, address, **fields):
    now = timezone.now()
    return Invitation.objects.create(
        organisation=world.larkshire,
        email=address,
        roles=["authority_finance"],
        token_hash="0" * 64,
        sent_at=now,
        expires_at=now + dt.timedelta(days=7),
        **fields,
    )


def who(client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize(
    ("domains", "address", "may"),
    [
        (["larkshire.example"], "max@larkshire.example", True),
        (["Larkshire.example"], "MAX@LARKSHIRE.EXAMPLE", True),
        (["larkshire.example"], "max@schools.larkshire.example", False),
        (["larkshire.example"], "max@evil-larkshire.example", False),
        (["larkshire.example"], "max@larkshire.example@evil.example", False),
        (["*"], "max@anywhere.example", True),
        ([], "max@larkshire.example", False),
        (["larkshire.example"], "", False),
        ([""], "nobody", False),
    ],
)
def test_a_provider_speaks_only_for_its_own_domains(domains, address, may):
    assert rules.may_vouch_for(domains, address) is may


def test_max_comes_in_by_his_verified_address_and_afterwards_by_his_link(council, world):
    without_app(world.max)
    first, second = Client(), Client()
    answer = council.go_there_and_back(first)
    council.facts = {"email": "renamed@larkshire.example"}
    council.go_there_and_back(second)

    assert (answer.status_code, answer.url) == (302, "/")
    assert (who(first), who(second)) == (str(world.max.pk), str(world.max.pk))
    assert council.challenge_met is True
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid) == (world.max, "council", "person-1")
    assert account.extra_data == {"id_token": {}}
    assert [letter.subject for letter in letters(world.max.email)] == ["Another account was linked"]
    recorded = Event.objects.filter(about_id=world.max.pk).order_by("pk").values_list("action", "data")
    assert list(recorded) == [
        ("accounts.linked_account.added", {"provider": "council"}),
        ("accounts.session.began", {"way": "council"}),
        ("accounts.session.began", {"way": "council"}),
    ]


def without_app(person):
    Authenticator.objects.filter(user=person).delete()


@pytest.mark.parametrize(
    ("more", "claims", "asked_here"),
    [
        ({}, {"amr": ["pwd", "mfa"]}, True),
        ({"asserts_second_step": True}, {"amr": ["pwd", "mfa"]}, False),
        ({"asserts_second_step": True}, {"amr": ["pwd"]}, True),
        ({"asserts_second_step": True}, {"amr": "mfa"}, True),
        ({"asserts_second_step": True}, {}, True),
        ({"asserts_second_step": True, "second_step_acr_values": ["strong"]}, {"acr": "strong"}, False),
        ({"asserts_second_step": True, "second_step_acr_values": ["strong"]}, {"acr": "weak"}, True),
    ],
)
def test_a_second_step_taken_there_counts_only_where_that_is_agreed(council, world, settings, more, claims, asked_here):
    configure(settings, council, **more)
    council.claims = claims
    with_app, without = Client(), Client()
    council.go_there_and_back(with_app)
    without_app(world.max)
    council.go_there_and_back(without)

    assert (who(with_app) is None) is asked_here
    assert (without.get("/").status_code == 302) is asked_here


def test_what_the_provider_said_is_not_taken_over_by_the_next_person_in_that_browser(council, world, settings):
    from tests.accounts.test_sign_in_password import try_password
    from tests.cast import PASSWORD

    configure(settings, council, asserts_second_step=True)
    council.claims = {"amr": ["mfa"]}
    client = Client()
    council.go_there_and_back(client)
    without_app(world.tom)

    client.post("/account/logout/")
    try_password(client, world.tom.email, PASSWORD)

    assert client.get("/account/email/").url == "/account/second-step/"


def test_a_stranger_is_told_to_ask_for_an_invitation(council, world):
    council.facts = {"email": "new@larkshire.example"}
    client = Client()

    answer = council.go_there_and_back(client)

    assert answer.status_code == 403
    assert "Ask your administrator to invite you" in answer.content.decode()
    assert (who(client), User.objects.filter(email="new@larkshire.example").exists()) == (None, False)


def test_somebody_invited_comes_in_as_a_new_person(council, world):
    invite(world, "new@larkshire.example")
    council.facts = {"email": "New@Larkshire.example", "name": "Nina <b>New</b>"}
    client = Client()

    answer = council.go_there_and_back(client)

    person = User.objects.get(email="new@larkshire.example")
    assert (answer.status_code, who(client)) == (302, str(person.pk))
    assert (person.name, person.has_usable_password()) == ("", False)
    assert EmailAddress.objects.get(user=person).verified is True


@pytest.mark.parametrize("ended", ["accepted", "revoked", "expired", "closed organisation", "other address"])
def test_an_invitation_that_is_not_open_lets_nobody_in(council, world, ended):
    now = timezone.now()
    made = invite(world, "other@larkshire.example" if ended == "other address" else "new@larkshire.example")
    changes = {
        "accepted": {"accepted_at": now, "accepted_by": world.max},
        "revoked": {"revoked_at": now},
        "expired": {"expires_at": now - dt.timedelta(seconds=1)},
    }.get(ended, {})
    Invitation.objects.filter(pk=made.pk).update(**changes) if changes else None
    if ended == "closed organisation":
        world.larkshire.is_open = False
        world.larkshire.save()
    council.facts = {"email": "new@larkshire.example"}

    assert council.go_there_and_back(Client()).status_code == 403
    assert not User.objects.filter(email="new@larkshire.example").exists()


@pytest.mark.parametrize(
    ("facts", "claims"),
    [
        ({"email": "alice@alice.example"}, {}),
        ({"email": "max@larkshire.example", "email_verified": False}, {}),
        ({"email": "max@larkshire.example", "email_verified": "false"}, {}),
        ({"email": "max@larkshire.example", "email_verified": None}, {}),
        ({"email": "max@larkshire.example", "email_verified": 1}, {}),
        ({"email": "max@larkshire.example"}, {"email": "max@larkshire.example", "email_verified": False}),
        ({"email": "not an address"}, {}),
        ({}, {}),
    ],
    ids=["foreign domain", "unverified", "a word", "not said", "a number", "token denies", "no address", "none"],
)
def test_an_address_that_is_not_sure_connects_nobody(council, world, facts, claims):
    council.facts, council.claims = facts, claims
    client = Client()

    assert council.go_there_and_back(client).status_code == 403
    assert who(client) is None
    assert not SocialAccount.objects.exists()


def test_a_provider_whose_administrator_answers_for_its_addresses_need_not_say_verified(council, world, settings):
    configure(settings, council, addresses_are_verified=True)
    council.facts = {"email": "max@larkshire.example", "email_verified": None}
    without_app(world.max)
    client = Client()
    council.go_there_and_back(client)

    assert who(client) == str(world.max.pk)


def test_a_provider_that_puts_everything_into_the_token_is_not_asked_again(council, world, settings):
    configure(settings, council, fetch_userinfo=False)
    council.claims = {"email": "max@larkshire.example", "email_verified": True}
    council.facts = {"sub": "somebody else"}
    without_app(world.max)
    client = Client()
    council.go_there_and_back(client)

    assert who(client) == str(world.max.pk)


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another request"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": ["portal", "somebody-else"]},
        {"exp": NOW - 3600},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "person-2"},
        {"sub": "a" * 192},
        {"sub": "per\0son"},
        {"nbf": NOW + 3600},
    ],
    ids=lambda claims: " and ".join(claims),  # the same for every worker: no time stands in it
)
def test_an_id_token_that_does_not_hold_lets_nobody_in(council, world, claims):
    council.claims = claims
    if claims.get("sub"):
        council.facts["sub"] = "person-1" if claims["sub"] == "person-2" else claims["sub"]
    client = Client()

    answer = council.go_there_and_back(client)

    assert answer.status_code == 401
    assert "Nothing has changed here" in answer.content.decode()
    assert (who(client), SocialAccount.objects.exists()) == (None, False)


def test_a_token_signed_by_somebody_else_or_by_nobody_lets_nobody_in(council, world):
    import base64
    import json

    client = Client()
    council.key = identity_provider.OTHER_KEY
    forged = council.go_there_and_back(client)
    council.key = identity_provider.KEY

    def part(thing):
        return base64.urlsafe_b64encode(json.dumps(thing).encode()).decode().rstrip("=")

    answers = []
    for algorithm in ["none", "HS256"]:
        claims = {"iss": council.address, "aud": "portal", "sub": "person-1", "iat": NOW, "exp": NOW + 3600}
        unsigned = f"{part({'alg': algorithm, 'kid': 'one'})}.{part(claims)}."
        council.token = {"access_token": "an-access-token", "id_token": unsigned}
        answers.append(council.go_there_and_back(client).status_code)
    for token in [{"access_token": "an-access-token"}, {"access_token": "an-access-token", "id_token": "x"}, {}]:
        council.token = token
        answers.append(council.go_there_and_back(client).status_code)

    assert forged.status_code == 401
    assert answers == [401] * 5
    assert who(client) is None


def test_the_journey_back_counts_once_and_only_in_the_browser_that_began_it(council, world):
    without_app(world.max)
    client = Client()
    council.go_there_and_back(client)
    address = f"{urlsplit(council.asked['redirect_uri']).path}?code=a-code&state={council.asked['state']}"
    client.post("/account/logout/")

    assert [client.get(address).status_code, Client().get(address).status_code] == [401, 401]
    assert who(client) is None


def test_what_stands_in_the_address_changes_nothing_that_the_provider_is_asked(council):
    council.go_there_and_back(
        Client(), "/account/linked/council/login/?process=login&scope=admin&auth_params=nonce%3Dmine%26prompt%3Dnone"
    )

    assert set(council.asked["scope"].split()) == {"openid", "profile", "email"}
    assert council.asked["nonce"] != "mine"
    assert "prompt" not in council.asked


def test_a_link_alone_starts_no_journey(council):
    answer = Client().get("/account/linked/council/login/")

    assert answer.status_code == 200
    assert "Sign in with Larkshire Council account" in answer.content.decode()


def test_a_closed_account_is_refused(council, world):
    otto = make_person("otto", email="otto@larkshire.example", is_active=False)
    council.facts = {"email": otto.email}
    client = Client()

    answer = council.go_there_and_back(client)

    assert (answer.status_code, answer.url) == (302, "/account/inactive/")
    assert who(client) is None


def test_who_stops_on_the_way_or_meets_an_error_is_told(council):
    client = Client()
    pages = []
    for error in ["access_denied", "server_error"]:
        out = client.post("/account/linked/council/login/")
        state = out.url.split("state=")[1].split("&")[0]
        back = "/account/linked/council/login/callback/"
        pages.append(client.get(back, {"error": error, "state": state}, follow=True).content.decode())

    assert "You did not sign in" in pages[0]
    assert "Signing in with your other account failed" in pages[1]


def test_max_links_and_unlinks_an_account_himself(council, world, sign_in):
    council.facts = {"email": "private@elsewhere.example"}
    client = sign_in(world.max)
    council.go_there_and_back(client, "/account/linked/council/login/?process=connect")
    listed = client.get("/account/linked/").content.decode()

    client.post("/account/linked/", {"account": SocialAccount.objects.get().pk})

    assert "Larkshire Council account, linked" in listed
    assert not SocialAccount.objects.exists()
    assert [letter.subject for letter in letters(world.max.email)] == [
        "Another account was linked",
        "A linked account was removed",
    ]


def test_the_sign_in_page_offers_what_is_configured(council, settings):
    offered = Client().get("/account/login/?next=/account/email/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    without = Client().get("/account/login/").content.decode()

    assert "Sign in with Larkshire Council account" in offered
    assert "/account/linked/council/login/?process=login&amp;next=%2Faccount%2Femail%2F" in offered
    assert "Sign in with another account" not in without


def test_an_unknown_provider_is_not_found(world):
    assert Client().post("/account/linked/nobody/login/").status_code == 404


def test_a_provider_that_is_down_is_no_error_of_ours(settings, world):
    with identity_provider.running() as provider:
        configure(settings, provider)

    answer = Client().post("/account/linked/council/login/")

    assert answer.status_code == 401
    assert "Nothing has changed here" in answer.content.decode()
