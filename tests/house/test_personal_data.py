"""What people type stays where it belongs. Each form gets canaries; nothing else may hold one."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Organisation, User
from audit.models import Event
from outbox.models import Message
from tests.accounts.mail import letters, link
from tests.apframework.test_logs import lines  # noqa: F401
from tests.cast import PASSWORD, make_person

NAME = "Canarina Yellowfinch"
EMAIL = "canarina.yellowfinch@canary-address.example"
SECRET = "canary-password-otters-7"
TYPED = "Canarytown"
COMPANY = "09871234"
ALL = ["canarina", "yellowfinch", "canary", COMPANY]


def held_in(text: str) -> list[str]:
    """The canaries in a text, whatever its capitals."""
    return [canary for canary in ALL if canary in text.lower()]


@pytest.fixture
def asked(monkeypatch):
    """Every key that the cache is asked for."""
    keys = []
    for name in ("add", "get", "set", "incr"):
        real = getattr(cache, name)
        monkeypatch.setattr(
            cache._connections[cache._alias],
            name,
            lambda key, *args, _real=real, **kwargs: (keys.append(str(key)), _real(key, *args, **kwargs))[1],
            raising=False,
        )
    return keys


def journey(world, sign_in) -> list:
    """Somebody signs up, mistypes, signs in, registers a provider, invites, closes, is refused: every answer."""
    found, client = [], Client()

    def post(name, data, *args, by=client):
        found.append(by.post(reverse(name, args=args), data))
        return found[-1]

    post("account_signup", {"name": NAME, "email": EMAIL, "password1": SECRET})
    post("account_signup", {"name": NAME, "email": EMAIL, "password1": SECRET})
    path = link(letters(EMAIL)[0], "confirm-email")
    found.append(client.get(path))
    found.append(client.post(path))
    post("account_login", {"login": EMAIL, "password": f"{SECRET} wrong"})
    post("account_login", {"login": f"x{EMAIL}", "password": SECRET})
    post("account_reset_password", {"email": EMAIL})
    post("account_login", {"login": EMAIL, "password": SECRET, "next": f"/?q={TYPED}"})
    provider = {
        "name": f"{TYPED} House",
        "companies_house": COMPANY,
        "street": f"1 {TYPED} Road",
        "town": TYPED,
        "postcode": "LA1 1AA",
        "step": "register",
    }
    post("register_provider", provider | {"companies_house": f"{COMPANY}x"})
    post("register_provider", provider)
    made = Organisation.objects.get(name=f"{TYPED} House")
    post("edit_organisation", provider | {"town": f"{TYPED} Two"}, made.pk)
    post("invite", {"email": f"second.{EMAIL}", "roles": ["provider_staff"]}, made.pk)
    post("resend_invitation", {}, Invitation.objects.get().pk)
    days = {f"{day}_{part}": value for day in ("starts_on", "ends_on") for part, value in enumerate(("7", "9", "2026"))}
    post("add_closure", days | {"reason": f"Funeral of {NAME}"}, made.pk)
    post("account_change_password", {"oldpassword": SECRET, "password1": f"{SECRET} new"})
    post("account_email", {"email": f"third.{EMAIL}", "action_add": ""})
    found.append(client.get(f"/{TYPED}/{EMAIL}/?q={NAME}"))
    found.append(client.get(reverse("people", args=[made.pk]), {"words": NAME}))
    found.append(client.get(reverse("organisations"), {"words": TYPED}))
    return found


def test_what_is_typed_stays_where_it_belongs(world, sign_in, asked, lines):  # noqa: F811
    found = journey(world, sign_in)

    assert [page["Location"] for page in found if held_in(page.get("Location", "").partition("?")[0])] == []
    assert [line for line in lines() if held_in(json.dumps(line))] == []
    assert [event.data for event in Event.objects.all() if held_in(json.dumps(event.data))] == []
    assert [
        (message.subject, message.body, message.key)
        for message in Message.objects.all()
        if held_in(f"{message.subject} {message.body} {message.key} {message.last_error}")
    ] == []
    assert asked != []
    assert [key for key in asked if held_in(key)] == []
    assert [row.pk for row in Session.objects.all() if held_in(row.session_data)] == []
    cookies = [page.cookies.output() for page in found]
    assert [cookie for cookie in cookies if held_in(cookie)] == []
    assert [row for row in Authenticator.objects.values_list("data", flat=True) if held_in(json.dumps(row))] == []


def test_other_tenants_see_none_of_it(world, sign_in):
    journey(world, sign_in)

    for who in (world.charlie, world.ada, world.ines, world.sana, world.tariq):
        client = sign_in(who)
        for name in ("home", "organisations", "my_record", "your_account", "register_provider"):
            assert held_in(client.get(reverse(name), {"words": TYPED}).content.decode().replace(TYPED, "")) == []
    charlies = sign_in(world.charlie)
    for name in ("organisation", "people", "audit", "audit_csv", "term_dates"):
        page = charlies.get(reverse(name, args=[world.birch_farm.pk]))
        text = b"".join(page.streaming_content) if page.streaming else page.content
        assert held_in(text.decode()) == []


def test_a_fault_in_the_middle_of_a_form_says_nothing_of_what_was_in_it(world, lines, monkeypatch):  # noqa: F811
    def fails(*args, **kwargs):
        raise OperationalError(f"INSERT ... VALUES ('{EMAIL}', '{NAME}')")

    client = Client(raise_request_exception=False)
    monkeypatch.setattr(User, "save", fails)
    answer = client.post(reverse("account_signup"), {"name": NAME, "email": EMAIL, "password1": SECRET})

    assert answer.status_code == 500
    assert held_in(answer.content.decode()) == []
    assert lines() != []
    assert [line for line in lines() if held_in(json.dumps(line))] == []
    assert Event.objects.count() == Message.objects.count() == 0


def test_the_secret_of_an_invitation_is_nowhere_but_in_its_letter(world, sign_in, lines):  # noqa: F811
    hanna = make_person("hanna")
    sign_in(world.alice).post(
        reverse("invite", args=[world.ash_house.pk]), {"email": hanna.email, "roles": ["provider_staff"]}
    )
    path = link(letters(hanna.email)[0], "invitation")
    token = path.rstrip("/").rpartition("/")[2]
    client = sign_in(hanna)

    first = client.get(path)
    second = client.get(first["Location"])
    third = client.post(first["Location"])

    assert (first.status_code, second.status_code, third.status_code) == (302, 200, 302)
    held = [first["Location"], second.content.decode(), third["Location"], json.dumps(lines())]
    held += [json.dumps(event.data) for event in Event.objects.all()]
    held += [row.session_data for row in Session.objects.all()]
    held += list(Invitation.objects.values_list("token_hash", flat=True))
    held += [f"{message.body}{bytes(message.sealed_body or b'')!r}" for message in Message.objects.all()]
    assert [text for text in held if token in text] == []
    assert PASSWORD
