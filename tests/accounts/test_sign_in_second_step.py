"""The second step: who must have one, setting it up, using it, losing it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import sign_in as sign_in_actions
from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core import access
from tests.accounts.mail import letters
from tests.accounts.test_sign_in_password import NASTY, code_of, sign_in_by_password, try_password
from tests.cast import PASSWORD, make_person

INDEX = "/account/second-step/"
committed = pytest.mark.django_db(transaction=True)  # some of what happens waits for the commit


def without_second_step(person):
    Authenticator.objects.filter(user=person).delete()
    return person


def actions_about(person) -> list[str]:
    events = Event.objects.filter(about_type="accounts.user", about_id=person.pk).order_by("pk")
    return list(events.values_list("action", flat=True))


def set_up_app(client) -> None:
    page = client.get("/account/second-step/totp/activate/")
    counter = list(yield_hotp_counters_from_time())[1]
    code = format_hotp_value(hotp_value(page.context["form"].secret, counter))
    answer = client.post("/account/second-step/totp/activate/", {"code": code})
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize(
    ("name", "sent"),
    [("sana", True), ("tariq", True), ("max", True), ("ada", True), ("bob", True), ("olu", True), ("nora", False)],
)
def test_whoever_sees_pupils_or_works_for_a_council_must_set_one_up(world, sign_in, name, sent):
    client = sign_in(without_second_step(getattr(world, name)))

    answer = client.get("/")

    assert (answer.status_code, answer.headers.get("Location")) == ((302, INDEX) if sent else (200, None))


def test_a_provider_lead_need_not(world, sign_in):
    assert sign_in(without_second_step(world.alice)).get("/").status_code == 200


def test_in_the_demo_it_is_offered_not_demanded(world, sign_in, settings):
    settings.SECOND_STEP_DEMANDED = False

    assert sign_in(without_second_step(world.max)).get("/").status_code == 200


def test_a_role_given_while_signed_in_demands_it_at_the_next_request(world, sign_in):
    client = sign_in(without_second_step(world.alice))
    before = client.get("/").status_code

    Membership.objects.create(
        user=world.alice, organisation=world.ash_house, role=Role.PROVIDER_DSL, given_at=timezone.now()
    )

    assert (before, client.get("/").url) == (200, INDEX)


@pytest.mark.parametrize(
    "address",
    [
        INDEX,
        "/account/second-step/totp/activate/",
        "/account/second-step/webauthn/add/",
        "/account/second-step/webauthn/",
        "/account/logout/",
        "/account/reauthenticate/",
    ],
)
def test_what_is_needed_to_set_one_up_or_to_leave_stays_open(world, sign_in, address):
    assert sign_in(without_second_step(world.max)).get(address).status_code == 200


@pytest.mark.parametrize("address", ["/", "/account/email/", "/account/sessions/", "/account/linked/"])
def test_everything_else_is_closed_until_then(world, sign_in, address):
    client = sign_in(without_second_step(world.max))

    assert client.get(address).url == INDEX


@committed
def test_max_sets_up_an_app_keeps_his_codes_and_goes_where_he_wanted(world):
    client = sign_in_by_password(without_second_step(world.max))
    client.get("/account/email/?from=letter")

    set_up_app(client)
    codes = client.get("/account/second-step/recovery-codes/")
    text = client.get("/account/second-step/recovery-codes/download/")

    shown = codes.context["unused_codes"]
    assert len(shown) == 10
    assert "10 of 10 left" in codes.content.decode()
    assert 'href="/account/email/?from=letter"' in codes.content.decode()
    assert text.headers["Content-Type"].startswith("text/plain")
    assert [line for line in text.content.decode().splitlines()[2:] if line] == shown
    assert client.get("/").status_code == 200


@committed
def test_the_first_second_step_ends_what_was_signed_in_without_one(world):
    elsewhere = sign_in_by_password(without_second_step(world.max))
    client = sign_in_by_password(world.max)

    set_up_app(client)

    assert (client.get("/account/email/").status_code, elsewhere.get("/account/email/").status_code) == (200, 302)
    assert elsewhere.get("/account/email/").url.startswith("/account/login/")


def test_removing_the_last_one_sends_back_to_setting_one_up(world):
    client = sign_in_by_password(world.max)
    assert client.get("/account/email/").status_code == 200

    client.post("/account/second-step/totp/deactivate/")

    assert client.get("/account/email/").url == INDEX
    assert "Set one up to go on" in client.get(INDEX).content.decode()
    assert Authenticator.objects.filter(user=world.max).count() == 0


@committed
def test_a_recovery_code_lets_in_once(world):
    client = sign_in_by_password(without_second_step(world.max))
    set_up_app(client)
    code = client.get("/account/second-step/recovery-codes/").context["unused_codes"][0]

    answers = []
    for _ in range(2):
        other = Client()
        try_password(other, world.max.email, PASSWORD)
        answers.append(other.post("/account/second-step/authenticate/", {"code": code}).status_code)

    assert answers == [302, 200]
    assert "accounts.recovery_codes.used" in actions_about(world.max)
    assert "9 of 10 left" in client.get("/account/second-step/recovery-codes/").content.decode()


def test_new_recovery_codes_replace_the_old(world):
    client = sign_in_by_password(without_second_step(world.max))
    set_up_app(client)
    before = client.get("/account/second-step/recovery-codes/").context["unused_codes"]

    client.post("/account/second-step/recovery-codes/generate/")

    after = client.get("/account/second-step/recovery-codes/").context["unused_codes"]
    assert set(before) & set(after) == set()


def test_one_code_of_the_app_works_once(world):
    code = code_of(world.max)
    answers = []
    for _ in range(2):
        client = Client()
        try_password(client, world.max.email, PASSWORD)
        answers.append(client.post("/account/second-step/authenticate/", {"code": code}).status_code)

    assert answers == [302, 200]


def test_the_apps_secret_stands_encrypted(world):
    from allauth.mfa.utils import decrypt

    stored = Authenticator.objects.get(user=world.max, type="totp").data["secret"]

    assert decrypt(stored) not in stored
    assert len(decrypt(stored)) == 32


@committed
def test_setting_up_and_removing_is_told_by_letter_and_written_down():
    person = make_person("wim", second_step=False)
    client = sign_in_by_password(person)

    set_up_app(client)
    client.post("/account/second-step/recovery-codes/generate/")
    client.post("/account/second-step/totp/deactivate/")
    client.post("/account/logout/")

    assert [letter.subject for letter in letters(person.email)] == [
        "An authenticator app was added",
        "New recovery codes were made",
        "The authenticator app was removed",
    ]
    assert actions_about(person) == [
        "accounts.session.began",
        "accounts.second_step.added",
        "accounts.recovery_codes.made",
        "accounts.recovery_codes.made",
        "accounts.second_step.removed",
        "accounts.second_step.removed",
        "accounts.session.signed_out",
    ]


@pytest.mark.parametrize("nasty", [*NASTY, "Arabic digits", "too few"])
def test_whatever_is_typed_as_a_code_gets_an_answer(world, nasty):
    typed = {"Arabic digits": "١٢٣٤٥٦", "too few": "12345"}.get(nasty) or NASTY[nasty]
    client = Client()
    try_password(client, world.max.email, PASSWORD)

    answer = client.post("/account/second-step/authenticate/", {"code": typed})

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_spaces_in_a_code_do_not_matter(world):
    client = Client()
    try_password(client, world.max.email, PASSWORD)
    code = code_of(world.max)

    assert client.post("/account/second-step/authenticate/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


MADE_UP = [
    "not json",
    "null",
    "[]",
    '"text"',
    "{}",
    '{"id": 1, "rawId": 2, "response": 3, "type": 4}',
    '{"id": "\\u0000", "rawId": "AA", "response": {"userHandle": "AA", "clientDataJSON": "AA"}, "type": "public-key"}',
    '{"response": {"userHandle": "' + "A" * 10_000 + '"}}',
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "A" * 48,
                "attestationObject": "oA",
                "signature": "AAAA",
                "userHandle": "MQ",
            },
            "clientExtensionResults": {},
        }
    ),
]


@pytest.mark.parametrize("answer", MADE_UP)
def test_a_made_up_passkey_is_refused_everywhere(world, sign_in, answer):
    stranger, second, own = Client(), Client(), sign_in(world.max)
    stranger.get("/account/second-step/webauthn/login/", headers={"accept": "application/json"})
    try_password(second, world.max.email, PASSWORD)
    second.get("/account/second-step/authenticate/")
    own.get("/account/second-step/webauthn/add/")

    answers = [
        stranger.post("/account/second-step/webauthn/login/", {"credential": answer}),
        second.post("/account/second-step/authenticate/", {"credential": answer}),
        own.post("/account/second-step/webauthn/add/", {"credential": answer, "name": "Phone"}),
        own.post("/account/second-step/webauthn/reauthenticate/", {"credential": answer}),
    ]

    assert [one.status_code for one in answers] == [302, 200, 200, 302]
    assert "_auth_user_id" not in stranger.session
    assert Authenticator.objects.filter(type="webauthn").count() == 0


def test_asking_for_passkeys_gives_no_hint_of_who_has_one(world):
    answer = Client().get("/account/second-step/webauthn/login/", headers={"accept": "application/json"})

    assert answer.json()["request_options"]["publicKey"].get("allowCredentials", []) == []


def test_pages_of_the_second_step_cost_no_query_once_it_is_known(world, sign_in, django_assert_num_queries):
    client = sign_in(world.max)
    client.get("/account/kept-answers/")

    with django_assert_num_queries(4):  # session, person, kept answers, and the roles that the header shows
        client.get("/account/kept-answers/")


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_list_webauthn", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_reauthenticate"],
)
def test_every_page_has_one_heading_and_a_title(world, sign_in, name):
    html = sign_in(world.max).get(reverse(name)).content.decode()

    assert html.count("<h1") == 1
    assert "<title> - " not in html


def test_an_operator_helps_somebody_who_has_lost_everything(world, capsys):
    client = sign_in_by_password(world.max)

    call_command("reset_second_step", world.max.email, "--reason", "Seen in person at the council's desk")

    assert client.get("/account/email/").url.startswith("/account/login/")
    assert sign_in_by_password(world.max).get("/").url == INDEX
    assert capsys.readouterr().out == "Removed: 1\n"
    [event] = Event.objects.filter(action="accounts.second_step.reset")
    assert (event.about_id, event.by_label) == (world.max.pk, "system:accounts.reset_second_step")
    assert event.data == {"kinds": ["totp"], "reason": "Seen in person at the council's desk"}


@pytest.mark.parametrize(
    ("email", "reason", "words"),
    [("nobody@nowhere.example", "Seen", "Nobody has"), ("max@max.example", "1\0", "The reason must not")],
)
def test_what_the_command_cannot_do_it_says(world, email, reason, words):
    with pytest.raises(CommandError, match=words):
        call_command("reset_second_step", email, "--reason", reason)


def test_nobody_but_an_operator_resets_a_second_step(world):
    with pytest.raises(access.Denied):
        sign_in_actions.reset_second_step(person=world.max, reason="x", by=world.ada, at=timezone.now())


PASSKEY = {"name": "Phone", "credential": {}}


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_a_passkey_is_called_gets_an_answer(world, sign_in, nasty):
    client = sign_in(world.max)

    added = client.post("/account/second-step/webauthn/add/", {"name": NASTY[nasty], "credential": "{}"})
    passkey = Authenticator.objects.create(user=world.max, type="webauthn", data=PASSKEY)
    answer = client.post(f"/account/second-step/webauthn/keys/{passkey.pk}/edit/", {"name": NASTY[nasty]})

    assert answer.status_code == (302 if nasty in {"decomposed", "broken UTF-8"} else 200)
    assert added.status_code == 200


def test_a_passkey_is_renamed_listed_and_removed(world, sign_in):
    passkey = Authenticator.objects.create(user=world.max, type="webauthn", data=PASSKEY)
    client = sign_in(world.max)

    client.post(f"/account/second-step/webauthn/keys/{passkey.pk}/edit/", {"name": "Büro"})
    listed = client.get("/account/second-step/webauthn/").content.decode()
    asked = client.get(f"/account/second-step/webauthn/keys/{passkey.pk}/remove/").content.decode()
    client.post(f"/account/second-step/webauthn/keys/{passkey.pk}/remove/")

    assert ("Büro" in listed, "“Büro” no longer lets you in" in asked) == (True, True)
    assert list(Authenticator.objects.filter(user=world.max).values_list("type", flat=True)) == ["totp"]
    assert [letter.subject for letter in letters(world.max.email)] == ["A passkey was removed"]


def test_bob_cannot_touch_maxs_passkey(world, sign_in):
    passkey = Authenticator.objects.create(user=world.max, type="webauthn", data=PASSKEY)
    client = sign_in(world.bob)

    answers = [client.post(f"/account/second-step/webauthn/keys/{passkey.pk}/{what}/") for what in ("edit", "remove")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_quarter_of_an_hour_later_the_password_is_asked_for_again(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in_by_password(world.max)
        clock.shift(dt.timedelta(minutes=16))
        posted = client.post("/account/second-step/totp/deactivate/")
        other_ways = client.get("/account/reauthenticate/?next=/account/second-step/").content.decode()
        again = client.post(posted.url, {"password": PASSWORD})

    assert posted.url.startswith("/account/reauthenticate/?next=")
    assert "Use a code from your authenticator app" in other_ways
    assert again.status_code == 302
    assert Authenticator.objects.filter(user=world.max).count() == 0


def test_a_code_will_do_in_place_of_the_password(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in_by_password(world.max)
        clock.shift(dt.timedelta(minutes=16))
        posted = client.post("/account/second-step/reauthenticate/?next=/account/email/", {"code": code_of(world.max)})

    assert (posted.status_code, posted.url) == (302, "/account/email/")


@committed
def test_a_further_second_step_ends_no_session():
    person = make_person("wim", second_step=False)
    Authenticator.objects.create(user=person, type="webauthn", data=PASSKEY)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    set_up_app(client)

    assert "accounts.second_step.added" in actions_about(person)
    assert "accounts.session.others_ended" not in actions_about(person)


def test_signing_out_without_being_signed_in_is_nothing_to_write_down(db):
    Client().logout()

    assert Event.objects.count() == 0
