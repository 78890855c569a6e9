"""Signing in by password: slowed, never locked; quiet about who is here."""

from __future__ import annotations

import threading
import time

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import throttle
from accounts.models import User
from accounts.rules import sign_in as rules
from audit.models import Event
from tests.accounts.mail import body, letters, link
from tests.cast import PASSWORD, make_person

LOGIN = "/account/login/"
NASTY = {
    "10,000 characters": "a" * 10_000,
    "NUL": "al\0ice",
    "RTL override": "al\u202eice",
    "emoji": "al😀ice",
    "script": "<script>alert(1)</script>",
    "decomposed": "zoe\u0308",
    "broken UTF-8": "al\ufffdice",
}


def try_password(client, email, password, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def test_the_right_password_leads_to_the_second_step_and_the_code_to_the_first_page(world):
    client = Client()

    first = try_password(client, world.alice.email, PASSWORD)
    second = client.post("/account/second-step/authenticate/", {"code": code_of(world.alice)})

    assert (first.status_code, first.url) == (302, "/account/second-step/authenticate/")
    assert (second.status_code, second.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(world.alice.pk)


def code_of(user) -> str:
    """What the person's authenticator app shows now."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import decrypt

    secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[1]))


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (0, 0),
        (1, 0),
        (2, 0),
        (3, 0),
        (4, 1),
        (5, 2),
        (6, 4),
        (7, 8),
        (8, 16),
        (9, 32),
        (10, 60),
        (11, 60),
        (10_000, 60),
    ],
)
def test_the_wait_grows_and_stops_growing(failures, seconds):
    assert rules.wait_after(failures) == seconds


def test_three_wrong_passwords_cost_nothing_the_fourth_a_second_and_then_the_honest_person_gets_in(world):
    client = Client()
    for _ in range(4):
        assert b"do not match" in try_password(client, world.alice.email, "wrong wrong wrong").content

    too_early = try_password(client, world.alice.email, PASSWORD)
    time.sleep(1.05)
    in_time = try_password(client, world.alice.email, PASSWORD)

    assert too_early.status_code == 200
    assert "You have tried too often. Wait 1 second, then try again" in too_early.content.decode()
    assert f'value="{world.alice.email}"' in too_early.content.decode()
    assert in_time.status_code == 302


def test_getting_in_starts_the_count_afresh(world):
    client = Client()
    for _ in range(3):
        try_password(client, world.alice.email, "wrong wrong wrong")
    try_password(client, world.alice.email, PASSWORD)

    answers = [try_password(Client(), world.alice.email, "wrong wrong wrong").content.decode() for _ in range(4)]

    assert ["do not match" in answer for answer in answers] == [True] * 4


def test_who_guesses_from_elsewhere_does_not_slow_the_honest_person(world):
    for _ in range(6):
        try_password(Client(), world.alice.email, "wrong wrong wrong", REMOTE_ADDR="203.0.113.9")

    honest = try_password(Client(), world.alice.email, PASSWORD, REMOTE_ADDR="198.51.100.1")

    assert honest.status_code == 302


def test_a_spoofed_header_gives_no_fresh_start(world, settings):
    settings.TRUSTED_PROXIES = 0
    for number in range(4):
        try_password(Client(), world.alice.email, "wrong wrong wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")

    answer = try_password(Client(), world.alice.email, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.77")

    assert "Wait" in answer.content.decode()


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "found"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.5", 0, "192.0.2.1"),
        ("10.0.0.1", "203.0.113.5", 1, "203.0.113.5"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.5", 1, "203.0.113.5"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.5, 10.0.0.2", 2, "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5", 2, "10.0.0.1"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "not an address", 1, "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6,", 1, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.5:4711", 1, "203.0.113.5"),
        ("10.0.0.1", "[2001:db8::1]:443", 1, "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1", 1, "2001:db8::1"),
        ("", "", 0, "0.0.0.0"),
    ],
)
def test_the_client_address_is_the_nth_from_the_right_and_nothing_else(remote, forwarded, proxies, found):
    assert rules.client_address(remote, forwarded, proxies) == found


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_one_ipv6_customer_is_one_address(address, group):
    assert rules.address_group(address) == group


def test_a_school_of_300_behind_one_address_signs_in_though_everybody_is_wrong_once(settings):
    request = RequestFactory().post(LOGIN, REMOTE_ADDR="203.0.113.9")

    for number in range(300):
        throttle.take(request, kind="password", account=f"person{number}@school.example")
    for number in range(300):
        throttle.take(request, kind="password", account=f"person{number}@school.example")
        throttle.forgive(request, kind="password", account=f"person{number}@school.example")


def test_beyond_600_failures_an_address_is_let_through_once_a_second():
    request = RequestFactory().post(LOGIN, REMOTE_ADDR="203.0.113.9")
    cache.set("throttle:address:203.0.113.9", 600, 600)

    throttle.take(request, kind="password", account="one@school.example")
    with pytest.raises(throttle.Wait) as second:
        throttle.take(request, kind="password", account="two@school.example")
    time.sleep(1.05)
    throttle.take(request, kind="password", account="three@school.example")

    assert second.value.seconds == 1


def test_a_count_that_runs_out_between_two_lines_starts_again(monkeypatch):
    request = RequestFactory().post(LOGIN)
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: False)

    throttle.take(request, kind="password", account="one@school.example")
    throttle.forgive(request, kind="password", account="another@school.example")


def test_who_loses_the_race_for_the_place_waits(monkeypatch):
    request = RequestFactory().post(LOGIN)
    for _ in range(3):
        throttle.take(request, kind="password", account="one@school.example")
    real = cache.add
    monkeypatch.setattr(cache, "add", lambda key, *rest: False if key.endswith(":place") else real(key, *rest))

    with pytest.raises(throttle.Wait) as lost:
        throttle.take(request, kind="password", account="one@school.example")

    assert lost.value.seconds == 1


def test_what_was_never_counted_can_be_forgiven():
    throttle.forgive(RequestFactory().post(LOGIN), kind="password", account="one@school.example")


def test_twenty_at_once_get_no_further_than_four():
    """Each thread is a guess. Three are free, the fourth takes the one place; the others are not looked at."""
    request = RequestFactory().post(LOGIN, REMOTE_ADDR="203.0.113.9")
    through = guesses(lambda: throttle.take(request, kind="password", account="alice@ash.example"))

    assert through == 4


def test_without_the_lock_more_would_get_through(monkeypatch):
    """The race: read the count, look, write the count. With a pause between, everybody reads the same number."""
    barrier = threading.Barrier(20)

    def naive():
        failures = cache.get("naive", 0)
        barrier.wait()
        if rules.wait_after(failures + 1):
            raise throttle.Wait(1)
        cache.set("naive", failures + 1)

    assert guesses(naive) == 20


def guesses(attempt) -> int:
    """How many of twenty at once were let through."""
    through = []

    def guess():
        try:
            attempt()
        except throttle.Wait:
            return
        through.append(1)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(through)


def test_wrong_codes_wait_as_wrong_passwords_do(world):
    client = Client()
    try_password(client, world.alice.email, PASSWORD)
    for _ in range(4):
        client.post("/account/second-step/authenticate/", {"code": "000000"})

    answer = client.post("/account/second-step/authenticate/", {"code": code_of(world.alice)})

    assert "You have tried too often. Wait 1 second" in answer.content.decode()


def test_asking_again_for_the_password_waits_too(world, sign_in):
    client = sign_in(world.alice)
    for _ in range(4):
        client.post("/account/reauthenticate/", {"password": "wrong wrong wrong"})

    answer = client.post("/account/reauthenticate/", {"password": PASSWORD})

    assert "You have tried too often. Wait 1 second" in answer.content.decode()


def test_changing_the_password_is_no_way_around_the_wait(world, sign_in):
    client = sign_in(world.alice)
    form = {"oldpassword": "wrong wrong wrong", "password1": "seven purple otters"}
    answers = [client.post("/account/password/change/", form).content.decode() for _ in range(4)]

    last = client.post("/account/password/change/", form | {"oldpassword": PASSWORD}).content.decode()

    assert ["That is not your password" in answer for answer in answers] == [True] * 4
    assert "You have tried too often. Wait 1 second" in last


# --- Nobody learns who is here ---------------------------------------------------------------------------------------


@pytest.fixture
def hashings(monkeypatch):
    """Counts the passwords that are hashed: what takes the time."""
    counted = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: counted.append(1) or real(self, password, salt)
    )
    return counted


def page(response) -> str:
    """The page without what differs each time: the proof that the form is ours."""
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def test_a_wrong_password_looks_the_same_for_known_unknown_closed_and_passwordless(world, hashings):
    make_person("otto", is_active=False, email="otto@otto.example")
    world.bob.set_unusable_password()
    world.bob.save()
    answers, counts = {}, {}
    for email in [world.alice.email, "stranger@nowhere.example", "otto@otto.example", world.bob.email]:
        hashings.clear()
        response = try_password(Client(), email, "wrong wrong wrong")
        answers[email] = (response.status_code, page(response).replace(email, ""))
        counts[email] = len(hashings)

    assert len(set(answers.values())) == 1
    assert set(counts.values()) == {1}


def test_a_closed_account_says_so_only_after_the_right_password(world):
    otto = make_person("otto", is_active=False)

    answer = try_password(Client(), otto.email, PASSWORD)

    assert (answer.status_code, answer.url) == (302, "/account/inactive/")


def test_creating_an_account_looks_the_same_for_a_known_address(world, hashings):
    answers, counts = [], []
    for email in [world.alice.email, "new@new.example"]:
        hashings.clear()
        client = Client()
        response = client.post(
            "/account/signup/", {"name": "Nina New", "email": email, "password1": "seven purple otters"}
        )
        answers.append((response.status_code, response.url, page(client.get(response.url)), len(letters(email))))
        counts.append(len(hashings))

    assert answers[0] == answers[1]
    assert counts == [1, 1]
    assert [letter.subject for letter in letters()] == ["You have an account already", "Confirm your email address"]


def test_asking_for_a_new_password_looks_the_same_for_an_unknown_address(world, hashings):
    answers, counts = [], []
    for email in [world.alice.email, "stranger@nowhere.example"]:
        hashings.clear()
        client = Client()
        response = client.post("/account/password/reset/", {"email": email})
        answers.append((response.status_code, response.url, page(client.get(response.url)), len(letters(email))))
        counts.append(len(hashings))

    assert answers[0] == answers[1]
    assert counts[0] == counts[1]
    assert [letter.subject for letter in letters()] == ["Choose a new password", "You have no account here"]


def test_two_who_sign_up_with_one_address_at_once_get_the_same_page(world, monkeypatch):
    """The second one's look came before the first one's write: the database refuses, the page does not tell."""
    monkeypatch.setattr("allauth.account.internal.flows.manage_email.assess_unique_email", lambda *a, **k: True)

    response = Client().post(
        "/account/signup/", {"name": "Nina", "email": world.alice.email, "password1": "seven purple otters"}
    )

    assert (response.status_code, response.url) == (302, "/account/confirm-email/")
    assert [letter.subject for letter in letters(world.alice.email)] == ["You have an account already"]


def test_a_failed_sign_in_is_written_down_only_for_an_account_that_exists_and_by_its_id(world):
    try_password(Client(), world.alice.email, "wrong wrong wrong")
    try_password(Client(), "stranger@nowhere.example", "wrong wrong wrong")

    events = Event.objects.filter(action="accounts.sign_in.failed")
    assert list(events.values_list("about_id", "by_label", "data")) == [
        (world.alice.pk, "anonymous", {"step": "password"})
    ]


# --- Creating an account, forgetting a password ----------------------------------------------------------------------


def test_nora_creates_an_account_confirms_her_address_and_signs_in(db):
    client = Client()
    client.post(
        "/account/signup/", {"name": "Zoe\u0308 Nora", "email": "Nora@New.example", "password1": "seven purple otters"}
    )
    [letter] = letters("nora@new.example")
    before = try_password(Client(), "nora@new.example", "seven purple otters")
    confirm = link(letter, "confirm-email")
    shown = client.get(confirm)
    client.post(confirm)
    after = try_password(Client(), "NORA@new.example", "seven purple otters")

    assert letter.body == ""
    assert "nora" not in letter.subject.lower()
    assert before.url == "/account/confirm-email/"
    assert "nora@new.example" in shown.content.decode()
    assert after.url == "/"
    assert User.objects.get(email="nora@new.example").name == "Zoë Nora"


def test_a_forgotten_password_is_set_anew_and_ends_every_session(world, sign_in):
    there = sign_in_by_password(world.nora)
    client = Client()
    client.post("/account/password/reset/", {"email": world.nora.email})
    [letter] = letters(world.nora.email)
    way = client.get(link(letter, "reset/key")).url

    done = client.post(way, {"password1": "seven purple otters"})

    assert done.url == "/account/password/reset/key/done/"
    assert there.get("/account/email/").status_code == 302
    assert try_password(Client(), world.nora.email, "seven purple otters").status_code == 302
    assert [one.subject for one in letters(world.nora.email)][1:] == ["Your password was reset"]
    again = client.get(link(letter, "reset/key"))
    assert "This link no longer works" in again.content.decode()


def sign_in_by_password(user) -> Client:
    """A browser of the person's, through the pages."""
    client = Client()
    answer = try_password(client, user.email, PASSWORD)
    if answer.url.endswith("authenticate/"):
        client.post(answer.url, {"code": code_of(user)})
    return client


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "12 characters or more"),
        ("password1234", "lists of common passwords"),
        ("charlie-farms", "less like your name"),
        ("a" * 1001, "1,000 characters or fewer"),
        ("seven\0otters purple", "characters"),
    ],
)
def test_a_password_that_would_not_do_is_refused_with_the_reason(db, password, words):
    response = Client().post(
        "/account/signup/", {"name": "Charlie Farms", "email": "c@new.example", "password1": password}
    )

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not User.objects.exists()


FORMS = [
    (LOGIN, {"login": "x@y.example", "password": "p"}),
    ("/account/signup/", {"name": "Nina", "email": "x@y.example", "password1": "seven purple otters"}),
    ("/account/password/reset/", {"email": "x@y.example"}),
]


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize(("address", "fields"), FORMS, ids=[address for address, _ in FORMS])
def test_whatever_is_typed_on_the_way_in_gets_an_answer(db, address, fields, nasty):
    for field in fields:
        value = NASTY[nasty] + ("@y.example" if field in {"login", "email"} else "")
        response = Client().post(address, fields | {field: value})
        assert response.status_code in {200, 302}


OWN_FORMS = [
    ("/account/password/change/", {"oldpassword": PASSWORD, "password1": "seven purple otters"}),
    ("/account/email/", {"email": "x@y.example", "action_add": ""}),
    ("/account/reauthenticate/", {"password": "p"}),
]


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize(("address", "fields"), OWN_FORMS, ids=[address for address, _ in OWN_FORMS])
def test_whatever_is_typed_on_ones_own_pages_gets_an_answer(world, sign_in, address, fields, nasty):
    client = sign_in(world.nora)
    for field in fields:
        value = NASTY[nasty] + ("@y.example" if field == "email" else "")
        response = client.post(address, fields | {field: value})
        assert response.status_code in {200, 302}


def test_a_composed_and_a_decomposed_address_are_one_account(db):
    for email in ["zoe@bücher.example", "zoe@bu\u0308cher.example"]:
        Client().post("/account/signup/", {"name": "Zoe", "email": email, "password1": "seven purple otters"})

    assert [user.email for user in User.objects.all()] == ["zoe@bücher.example"]


def test_a_password_is_the_same_from_a_keyboard_that_decomposes(world):
    world.nora.set_password("zwölf grüne bücher")
    world.nora.save()

    answer = try_password(Client(), world.nora.email, "zwo\u0308lf gru\u0308ne bu\u0308cher")

    assert answer.status_code == 302


def test_the_account_pages_are_reachable_by_name():
    assert [reverse(name) for name in ["account_login", "usersessions_list", "held_answers"]] == [
        LOGIN,
        "/account/sessions/",
        "/account/kept-answers/",
    ]


def test_letters_carry_their_secret_encrypted_and_our_own_address(world, settings):
    Client().post("/account/password/reset/", {"email": world.alice.email}, HTTP_HOST="localhost")

    [letter] = letters(world.alice.email)
    assert letter.body == ""
    assert f"{settings.BASE_URL}/account/password/reset/key/" in body(letter)


# --- Another address -------------------------------------------------------------------------------------------------


def ask_for(client, email) -> str:
    """The path of the link that confirms the new address."""
    client.post("/account/email/", {"email": email, "action_add": ""})
    return link(letters(email)[-1], "confirm-email")


def test_nora_changes_her_address_once_it_is_confirmed(world):
    client = sign_in_by_password(world.nora)
    address = ask_for(client, "nora@newer.example")
    waiting = client.get("/account/email/").content.decode()
    client.get(address)
    client.post(address)

    world.nora.refresh_from_db()
    assert "We have sent a link to <strong>nora@newer.example</strong>" in waiting
    assert world.nora.email == "nora@newer.example"
    assert [letter.subject for letter in letters("nora@nora.example")] == ["Your email address was changed"]
    assert try_password(Client(), "nora@newer.example", PASSWORD).url.endswith("authenticate/")
    assert Event.objects.filter(action="accounts.address.changed", about_id=world.nora.pk).count() == 1


def test_an_address_that_somebody_else_has_taken_meanwhile_changes_nothing(world):
    client = sign_in_by_password(world.nora)
    address = ask_for(client, "wanted@new.example")
    Client().post("/account/signup/", {"name": "W", "email": "other@new.example", "password1": "seven purple otters"})
    User.objects.filter(email="other@new.example").update(email="wanted@new.example")

    told = client.post(address, follow=True).content.decode()

    world.nora.refresh_from_db()
    assert world.nora.email == "nora@nora.example"
    assert "This email address cannot be confirmed" in told


@pytest.mark.django_db(transaction=True)
def test_two_who_take_one_address_in_the_same_moment(monkeypatch):
    """Without the look first, the database refuses the second; their account stays as it was."""
    person = make_person("uma", second_step=False)
    make_person("wim", email="wanted@new.example", second_step=False)
    EmailAddress.objects.filter(email="wanted@new.example").update(verified=False)
    client = sign_in_by_password(person)
    mine = EmailAddress.objects.create(user=person, email="wanted@new.example", verified=False, primary=False)
    real = User.objects.exclude
    monkeypatch.setattr(type(User.objects), "exclude", lambda self, **kwargs: real(**kwargs).none())

    told = client.post(f"/account/confirm-email/{EmailConfirmationHMAC(mine).key}/", follow=True)

    assert told.status_code == 200
    assert list(
        EmailAddress.objects.filter(user=person).order_by("pk").values_list("email", "primary", "verified")
    ) == [
        ("uma@uma.example", True, True),
        ("wanted@new.example", False, False),
    ]
    assert User.objects.get(pk=person.pk).email == "uma@uma.example"


@pytest.mark.parametrize(
    "address",
    [
        "/account/confirm-email/NUL-free:but:wrong/",
        "/account/password/reset/key/0-%00/",
        "/account/password/reset/key/zzzzzzzzzzzzzzzzzzzzz-a/",
        "/account/password/reset/key/1z141z3-set-password/",
        "/account/login/?next=%00//evil.example",
        "/account/signup/?email=%00%E2%80%AE@y.example",
    ],
)
def test_whatever_stands_in_the_address_gets_an_answer(db, address):
    assert Client().get(address).status_code in {200, 302}


def test_a_link_to_another_site_leads_nowhere(world):
    answer = Client().post(f"{LOGIN}?next=https://evil.example/", {"login": world.nora.email, "password": PASSWORD})

    assert "evil" not in answer.url


def test_somebody_without_a_password_sets_one(world, sign_in):
    world.nora.set_unusable_password()
    world.nora.save()
    client = sign_in(world.nora)

    asked = client.get("/account/password/set/")
    client.post("/account/password/set/", {"password1": "seven purple otters"})

    world.nora.refresh_from_db()
    assert asked.status_code == 200
    assert world.nora.check_password("seven purple otters")
    assert [letter.subject for letter in letters(world.nora.email)] == ["A password was set"]
