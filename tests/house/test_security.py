"""What somebody who means harm tries first, everywhere at once."""

from __future__ import annotations

import base64
import datetime as dt
import re
import time
import unicodedata

import pytest
import redis
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings as the_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import queries
from accounts.models import Invitation, Membership, Organisation, User
from accounts.sessions import SessionStore
from apframework.cache import Redis
from core import pdf
from tests.accounts.mail import body, letters
from tests.accounts.test_sign_in_password import code_of, try_password
from tests.cast import PASSWORD
from tests.house.test_access import ROWS
from tests.pages import THIRD_PARTY, everyone, ours, read

ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
    "//evil.example\\@testserver",
    "http://testserver@evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "\t//evil.example",
    "https://testserver.evil.example",
]


def _leads_elsewhere(address: str) -> bool:
    return re.match(r"[\s\x00-\x1f]*([a-z]+:|//|/\\|\\)", address, flags=re.I) is not None


@pytest.mark.parametrize("next_page", ELSEWHERE)
def test_no_way_in_or_out_leads_to_another_site(world, next_page):
    Authenticator.objects.filter(user=world.nora).delete()
    client, at_once = Client(), Client()
    found = [
        client.post(reverse("account_login"), {"login": world.nora.email, "password": PASSWORD, "next": next_page})
    ]
    found.append(client.post(f"{reverse('account_reauthenticate')}", {"password": PASSWORD, "next": next_page}))
    found.append(client.post(reverse("account_logout"), {"next": next_page}))
    found.append(client.post(reverse("account_login"), {"login": world.nora.email, "password": PASSWORD}))
    found.append(client.get(reverse("account_login"), {"next": next_page}))
    try_password(at_once, world.max.email, PASSWORD)
    second = {"code": code_of(world.max), "next": next_page}
    found.append(at_once.post(f"{reverse('mfa_authenticate')}", second, QUERY_STRING=f"next={next_page}"))

    assert [page["Location"] for page in found if _leads_elsewhere(page.get("Location", ""))] == []
    assert [page.status_code for page in found] == [302] * 6


def test_letters_link_to_our_own_address_whatever_the_request_says(world, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = "https://portal.example"
    client = Client(HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="host=evil.example")

    client.post(reverse("account_reset_password"), {"email": world.nora.email})
    client.post(
        reverse("account_signup"), {"name": "Nina", "email": "nina@nina.example", "password1": "seven purple otters"}
    )
    client.force_login(world.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(
        reverse("invite", args=[world.ash_house.pk]), {"email": "hanna@hanna.example", "roles": ["provider_staff"]}
    )

    texts = [body(letter) for letter in letters()]
    assert len(texts) == 3
    assert [text for text in texts if "evil" in text] == []
    assert ["https://portal.example/" in text for text in texts] == [True] * 3


def test_no_view_goes_without_the_proof_that_a_form_is_ours():
    assert [pattern.name for pattern in _patterns() if getattr(pattern.callback, "csrf_exempt", False)] == []


def _patterns(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry)
        else:
            yield entry


@pytest.mark.once
@pytest.mark.parametrize("opened", [*ours(ROWS), *THIRD_PARTY], ids=lambda opened: opened.name)
def test_nothing_is_changed_without_the_proof(opened, world, sign_in):
    everyone(world)
    address = opened.address(world)
    client = Client(enforce_csrf_checks=True)
    if opened.user(world):
        client.cookies = sign_in(opened.user(world)).cookies

    assert client.post(address, {"name": "a"}).status_code == 403


def test_signing_out_needs_more_than_a_link(world, sign_in):
    client = sign_in(world.nora)

    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("your_account")).status_code == 200


HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/no-such-page", 404),
        ("/%ff", 404),
        ("/organisations/register/", 302),
        ("/account/login/", 200),
        ("/theme.css", 200),
        ("/healthz", 200),
        ("/invitation/abc/", 302),
        ("/static/portal.css", 200),
        ("/outbox/", 302),
        ("/operators/schools/", 403),
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_has_its_manners(world, sign_in, path, status, signed_in):
    client = sign_in(world.alice) if signed_in else Client()

    answer = client.get(path)
    answer.close()

    lacking = {name: answer.get(name) for name, value in HEADERS.items() if answer.get(name) != value}
    if path.startswith("/static/") and answer.status_code == 200:
        lacking.pop("X-Frame-Options", None)  # the policy's frame-ancestors says it
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "Permissions-Policy" in answer
    assert lacking == {}


def test_a_page_that_is_refused_early_has_its_policy_too(world, settings):
    settings.SECURE_SSL_REDIRECT = True

    answers = [
        Client().get("/", HTTP_HOST="evil.example"),
        Client().get("/"),
        Client(enforce_csrf_checks=True).post("/"),
    ]

    assert [answer.status_code for answer in answers] == [400, 301, 301]
    assert ["Content-Security-Policy" in answer for answer in answers] == [True] * 3


@pytest.mark.once
@pytest.mark.parametrize("opened", [page for page in ours(ROWS) if page.who != "nobody"], ids=lambda o: o.name)
def test_what_somebody_signed_in_sees_is_kept_nowhere(opened, world, sign_in):
    answer = read(sign_in(opened.user(world)).get(opened.address(world)))

    if opened.name not in {"theme", "healthz", "readyz"}:
        assert "no-store" in answer["Cache-Control"]
        assert "public" not in answer["Cache-Control"]


def test_signing_in_changes_the_key_of_the_session_and_out_again_forgets_it(world):
    Authenticator.objects.filter(user=world.nora).delete()
    client = Client()
    client.get(reverse("open_invitation", args=[_invited(world)]))
    planted = client.cookies["sessionid"].value

    try_password(client, world.nora.email, PASSWORD)
    mine = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))

    assert planted != mine
    assert not Session.objects.filter(session_key__in=[planted, mine]).exists()


def _invited(world, email="hanna@hanna.example", token="a-very-long-secret-that-nobody-guesses-0123"):
    from accounts.rules import people

    at = timezone.now()
    Invitation.objects.create(
        organisation=world.ash_house,
        email=email,
        roles=["provider_staff"],
        token_hash=people.token_hash(token),
        sent_at=at,
        sent_by=world.alice,
        expires_at=at + dt.timedelta(days=7),
    )
    return token


def test_a_secret_that_opens_nothing_makes_no_session(db):
    client = Client()
    client.get("/invitation/guessed/")

    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()


def test_an_invitation_is_no_use_to_another_person_or_a_second_time(world, sign_in):
    token = _invited(world, email=world.nora.email)
    thief, nora = sign_in(world.charlie), sign_in(world.nora)
    for client in (thief, nora):
        client.get(reverse("open_invitation", args=[token]))

    assert thief.post(reverse("accept_invitation")).status_code == 403
    assert nora.post(reverse("accept_invitation")).status_code == 302
    nora.get(reverse("open_invitation", args=[token]))
    assert nora.post(reverse("accept_invitation")).status_code == 404
    assert set(Membership.objects.filter(organisation=world.ash_house).values_list("user__name", flat=True)) == {
        "Alice",
        "Bob",
        "Nora",
    }


@pytest.mark.parametrize("mine", ["hanna@dıdsbury.example", "ſana@ash.example"])
def test_an_address_that_looks_like_the_invited_one_is_another(world, mine):
    invited = {"hanna@dıdsbury.example": "hanna@didsbury.example", "ſana@ash.example": "sana@ash.example"}
    EmailAddress.objects.create(user=world.nora, email=mine, verified=True)

    assert not queries.has_confirmed(world.nora, invited[mine])


ESCALATIONS = [
    ["authority_admin"],
    ["provider_lead", "authority_admin"],
    ["operator"],
    ["is_operator"],
    ["trust_commissioner"],
    ["PROVIDER_LEAD"],
    ["provider_lead "],
]


@pytest.mark.parametrize("roles", ESCALATIONS)
def test_nobody_gives_a_role_that_is_not_theirs_to_give(world, sign_in, roles):
    before = sorted(Membership.objects.values_list("user", "organisation", "role", "ended_at"))
    ash, birch = world.ash_house.pk, world.birch_farm.pk
    forged = {"roles": roles, "email": "hanna@hanna.example", "is_operator": "on", "organisation": birch}

    for who in (world.alice, world.bob, world.charlie):
        client = sign_in(who)
        for place in (ash, birch, world.larkshire.pk):
            client.post(reverse("invite", args=[place]), forged)
            for person in (world.alice, world.bob, world.charlie, world.ada, world.nora):
                client.post(reverse("person_roles", args=[place, person.pk]), forged)

    assert sorted(Membership.objects.values_list("user", "organisation", "role", "ended_at")) == before
    assert Invitation.objects.count() == 0
    assert list(User.objects.filter(is_operator=True)) == [world.olu]


def test_the_parents_people_gain_nothing_in_its_schools_and_schools_of_others_are_not_listed(world, sign_in):
    Membership.objects.filter(user=world.tariq).update(role="trust_commissioner")
    other = Organisation.objects.create(kind="school", name="Beech School", name_key="beech", urn="900002")
    client, role = sign_in(world.tariq), world.tariq.memberships.get()

    answers = [
        client.get(reverse(name, args=[world.elm_grove.pk])).status_code
        for name in ("organisation", "people", "audit", "term_dates", "invite", "edit_organisation", "add_term")
    ]
    client.post(reverse("person_schools", args=[role.pk]), {"schools": [other.pk]})

    assert answers == [404] * 7
    assert list(role.schools.all()) == []


def test_editing_an_organisation_changes_only_what_the_form_asks(world, sign_in):
    forged = {
        "name": "Ash House Two",
        "companies_house": "01234567",
        "street": "1 Station Road",
        "town": "Larkton",
        "postcode": "LA1 1AA",
        "kind": "authority",
        "parent": world.larkshire.pk,
        "la_code": "999",
        "is_open": "",
        "trust_code": "1",
        "laestab": "9994001",
        "id": world.birch_farm.pk,
        "pk": world.birch_farm.pk,
    }
    assert sign_in(world.alice).post(reverse("edit_organisation", args=[world.ash_house.pk]), forged).status_code == 302
    sign_in(world.ada).post(reverse("edit_organisation", args=[world.larkshire.pk]), forged | {"la_code": "998"})
    school = sign_in(world.sana).post(reverse("edit_organisation", args=[world.elm_grove.pk]), forged | {"urn": "1"})

    ash = Organisation.objects.get(pk=world.ash_house.pk)
    assert (ash.name, ash.kind, ash.parent, ash.la_code, ash.is_open, ash.laestab) == (
        "Ash House Two",
        "provider",
        None,
        "",
        True,
        "",
    )
    assert Organisation.objects.get(pk=world.larkshire.pk).la_code == "999"
    assert school.status_code == 403


def test_a_name_can_neither_load_anything_into_a_pdf_nor_run_in_a_spreadsheet(world, sign_in, monkeypatch):
    """Names come in by form, where these are refused; a register or an identity provider may hold anything."""
    evil = '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd"><style>@import url(http://e)'
    User.objects.filter(pk=world.alice.pk).update(name=evil)
    User.objects.filter(pk=world.bob.pk).update(name="=cmd|' /C calc'!A0")
    client = sign_in(User.objects.get(pk=world.alice.pk))
    client.post(reverse("leave_organisation", args=[world.ash_house.pk]))
    Membership.objects.filter(user=world.bob).update(ended_at=None)
    client.post(reverse("remove_person", args=[world.ash_house.pk, world.bob.pk]))
    asked = []
    monkeypatch.setattr(pdf, "_asset", lambda name, real=pdf._asset: (asked.append(name), real(name))[1])

    printed = client.get(reverse("audit_pdf", args=[world.ash_house.pk]))
    table = b"".join(client.get(reverse("audit_csv", args=[world.ash_house.pk])).streaming_content).decode()

    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert set(asked) == {"pdf.css", "fonts/regular.woff2", "fonts/bold.woff2"}
    assert b"root:" not in printed.content
    assert "'=cmd" in table
    assert not re.search(r"(^|,)\"?=cmd", table, flags=re.M)


def test_a_code_of_the_app_is_refused_for_as_long_as_it_lives(world):
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, 0, 1, tzinfo=dt.UTC), tick=False) as clock:
        code, answers = code_of(world.max), []
        for seconds in (0, 20, 15, 20):
            clock.shift(seconds)
            client = Client()
            try_password(client, world.max.email, PASSWORD)
            answers.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)

    assert answers == [302, 200, 200, 200]


@pytest.mark.parametrize(
    "spelling",
    [
        "NORA@nora.example",
        " nora@nora.example ",
        "nora@nora.EXAMPLE",
        unicodedata.normalize("NFD", "nora@nora.example"),
    ],
)
def test_no_spelling_of_an_address_gives_fresh_tries(world, spelling):
    for _ in range(4):
        try_password(Client(), world.nora.email, "wrong wrong wrong")

    page = Client(HTTP_X_FORWARDED_FOR="9.9.9.9").post(
        reverse("account_login"), {"login": spelling, "password": PASSWORD}
    )

    assert page.status_code == 200
    assert "You have tried too often" in page.content.decode()


@pytest.mark.parametrize(
    "lookalike", ["nora@noraa.example", "nøra@nora.example", "ſana@sana.example", "alıce@alice.example"]
)
def test_a_letter_goes_to_no_address_that_only_looks_like_an_accounts(world, lookalike):
    Client().post(reverse("account_reset_password"), {"email": lookalike})

    assert [letter for letter in letters() if "/password/reset/key/" in body(letter)] == []


def test_the_cookies_of_production_are_for_https_and_for_no_script():
    text = (the_settings.BASE_DIR / "apframework" / "settings.py").read_text()

    for line in ("SESSION_COOKIE_SECURE = PRODUCTION", "CSRF_COOKIE_SECURE = PRODUCTION"):
        assert f"\n{line}\n" in text
    assert (the_settings.SESSION_COOKIE_HTTPONLY, the_settings.CSRF_COOKIE_HTTPONLY) == (True, True)
    assert (the_settings.SESSION_COOKIE_SAMESITE, the_settings.SESSION_COOKIE_DOMAIN) == ("Lax", None)


def test_a_session_says_nothing_to_whoever_reads_the_database(world):
    client = Client()
    client.get(reverse("open_invitation", args=[_invited(world, email=world.max.email)]))
    try_password(client, world.max.email, PASSWORD)
    row = Session.objects.get(session_key=client.cookies["sessionid"].value)

    raw = base64.b64decode(row.session_data)

    assert b"a-very-long-secret" not in raw
    assert world.max.email.encode() not in raw
    assert client.session["invitation"] == "a-very-long-secret-that-nobody-guesses-0123"


@pytest.mark.parametrize("data", ["", "x", "eA==", "é", base64.b64encode(b"x" * 60).decode()])
def test_a_session_that_cannot_be_read_is_an_empty_one(db, data):
    assert SessionStore().decode(data) == {}


@pytest.mark.parametrize("key", ["", "\x00" * 32, "a" * 31, "A" * 32, "a" * 33, "a" * 31 + "\n", "é" * 32])
def test_a_key_that_we_did_not_make_is_no_session(db, key):
    assert SessionStore(session_key=key).session_key is None


def test_a_body_that_is_too_large_is_refused_before_a_byte_is_read(world):
    for path, status in [("/account/login/", 413), ("/patterns/", 413), ("/operators/schools/", 413)]:
        environ = {"CONTENT_LENGTH": str(400 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=B"}
        answer = Client(enforce_csrf_checks=True).generic("POST", path, b"", **environ)
        assert (path, answer.status_code) == (path, status)


@pytest.fixture
def redis_away(monkeypatch):
    """The cache of production, its Redis gone."""
    from apframework import cache as module

    monkeypatch.setattr(module._Outage, "until", 0.0)
    gone = Redis("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    gone.own.clear()
    for name in ("add", "get", "set", "touch", "delete", "incr", "decr", "delete_many", "get_many", "clear"):
        monkeypatch.setattr(cache._connections[cache._alias], name, getattr(gone, name), raising=False)
    yield gone
    gone.own.clear()


def test_without_the_shared_cache_people_sign_in_and_guessing_is_slowed_all_the_same(world, redis_away):
    Authenticator.objects.filter(user=world.nora).delete()

    for _ in range(4):
        try_password(Client(), world.nora.email, "wrong wrong wrong")
    slowed = try_password(Client(), world.nora.email, PASSWORD)
    other = try_password(Client(), world.max.email, PASSWORD)

    assert "You have tried too often" in slowed.content.decode()
    assert other.status_code == 302
    assert Client().post(reverse("account_reset_password"), {"email": world.nora.email}).status_code == 302
    with pytest.raises(redis.RedisError):
        redis_away.shared.get("a")


def test_once_redis_is_back_it_is_asked_again(redis_away, monkeypatch):
    from apframework import cache as module

    redis_away.set("a", 1)
    assert (redis_away.get("a"), module._Outage.until > time.monotonic()) == (1, True)

    module._Outage.until = 0.0
    monkeypatch.setattr(redis_away, "shared", type("Back", (), {"get": lambda self, key: "theirs"})())

    assert redis_away.get("a") == "theirs"
