"""Sessions: seen, ended, run out; and what was typed into one that had run out."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.actions import sign_in as actions
from accounts.models import HeldAnswers
from accounts.rules import sign_in as rules
from accounts.tasks import tidy
from audit.models import Event
from core import access, crypto
from tests.accounts.test_sign_in_password import code_of, sign_in_by_password, try_password
from tests.cast import PASSWORD

EDIT = "/organisations/{}/edit/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.fixture(autouse=True)
def nora_has_no_second_step(request):
    """A code works once; Nora signs in from several places."""
    if "world" in request.fixturenames:
        Authenticator.objects.filter(user=request.getfixturevalue("world").nora).delete()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/130.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) CriOS/130.0 Mobile Safari/604.1", "Chrome on an iPad"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/130.0 Safari/537.36", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on a Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("", "A browser"),
    ],
)
def test_a_device_is_named_in_plain_words(agent, words):
    assert rules.device(agent) == words


@pytest.mark.parametrize(
    ("began", "seen", "over"),
    [(0, 0, ""), (0, 3600, ""), (3600, 3600, ""), (3601, 3601, "idle"), (43_200, 0, ""), (43_201, 0, "absolute")],
)
def test_a_session_is_over_after_an_hour_idle_or_twelve_in_all(began, seen, over):
    now = 1_000_000
    assert rules.session_over(began=now - began, seen=now - seen, now=now, idle_minutes=60, hours=12) == (
        "idle" if seen > 3600 else over
    )


def test_alice_sees_where_she_is_signed_in_and_ends_the_other(world):
    here, there = sign_in_by_password(world.nora), Client(headers={"user-agent": CHROME})
    try_password(there, world.nora.email, PASSWORD)
    page = here.get("/account/sessions/").content.decode()
    row = UserSession.objects.get(user_agent=CHROME)

    here.post(f"/account/sessions/{row.pk}/end/")

    assert ("Chrome on Windows" in page, page.count("This session")) == (True, 1)
    assert there.get("/account/sessions/").status_code == 302
    assert here.get("/account/sessions/").status_code == 200
    assert Session.objects.count() == 1
    assert Event.objects.filter(action="accounts.session.ended").values_list("by", flat=True).get() == world.nora.pk


def test_bob_cannot_end_noras_session(world, sign_in):
    nora = sign_in_by_password(world.nora)
    row = UserSession.objects.get(user=world.nora)

    assert sign_in(world.bob).post(f"/account/sessions/{row.pk}/end/").status_code == 404
    with pytest.raises(access.Denied):
        actions.end_session(session=row, by=world.bob, at=timezone.now())
    assert nora.get("/account/sessions/").status_code == 200


def test_ending_a_session_that_is_over_changes_nothing(world):
    sign_in_by_password(world.nora)
    row = UserSession.objects.get(user=world.nora)
    actions.end_session(session=row, by=world.nora, at=timezone.now())
    row.pk = 0

    actions.end_session(session=row, by=world.nora, at=timezone.now())

    assert Event.objects.filter(action="accounts.session.ended").count() == 1


def test_signing_out_everywhere_else(world):
    browsers = [sign_in_by_password(world.nora) for _ in range(3)]

    browsers[0].post("/account/sessions/end-others/")
    browsers[0].post("/account/sessions/end-others/")

    assert [client.get("/account/sessions/").status_code for client in browsers] == [200, 302, 302]
    [event] = Event.objects.filter(action="accounts.session.others_ended")
    assert event.data == {"sessions": 2, "why": "asked"}


def test_a_changed_password_ends_every_other_session(world):
    here, there = sign_in_by_password(world.nora), sign_in_by_password(world.nora)

    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "seven purple otters"})

    assert (here.get("/account/email/").status_code, there.get("/account/email/").status_code) == (200, 302)
    assert UserSession.objects.filter(user=world.nora).count() == 1


def test_a_closed_account_is_out_at_the_next_request(world):
    client = sign_in_by_password(world.nora)
    world.nora.is_active = False
    world.nora.save()

    assert client.get("/account/email/").status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_sessions_asks_the_same_of_the_database_however_long(world, many, django_assert_num_queries):
    clients = [sign_in_by_password(world.nora) for _ in range(many)]
    clients[0].get("/account/sessions/")

    with django_assert_num_queries(4):
        clients[0].get("/account/sessions/")


def test_an_idle_session_is_flushed_and_says_so(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in_by_password(world.nora)
        key = client.session.session_key
        clock.shift(dt.timedelta(minutes=61, seconds=1))
        answer = client.get("/account/email/", follow=True)

    assert answer.redirect_chain[-1][0] == "/account/login/?next=/account/email/"
    assert "because you did nothing here for 60 minutes" in answer.content.decode()
    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.filter(session_key=key).exists()
    assert Event.objects.get(action="accounts.session.ran_out").data == {"limit": "idle"}


def test_somebody_who_keeps_working_is_not_idle_but_twelve_hours_are_enough(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in_by_password(world.nora)
        codes = []
        for _ in range(25):
            clock.shift(dt.timedelta(minutes=30))
            codes.append(client.get("/account/email/").status_code)

    assert codes == [200] * 24 + [302]
    assert Event.objects.get(action="accounts.session.ran_out").data == {"limit": "absolute"}


def test_last_seen_is_noted_every_five_minutes_not_more_often(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in_by_password(world.nora)
        seen = []
        for minutes in (4, 2, 2, 4):
            clock.shift(dt.timedelta(minutes=minutes))
            client.get("/account/email/")
            seen.append(UserSession.objects.get(user=world.nora).last_seen_at)

    assert [round((moment - seen[0]).total_seconds() / 60) for moment in seen] == [0, 6, 6, 12]


def test_a_public_page_is_shown_to_somebody_whose_session_is_over(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in_by_password(world.nora)
        clock.shift(dt.timedelta(hours=2))

        assert client.get("/").status_code == 200
        assert "_auth_user_id" not in client.session


# --- Typed answers ---------------------------------------------------------------------------------------------------

ANSWERS = {
    "name": "Ash House <School>",
    "street": "1 Mill Lane",
    "note": ["one", "two"],
    "password": "hush",
    "otp": "1",
}


def type_late(user, clock, path, answers, client=None):
    """The person's session runs out while they type; then they send."""
    client = client or sign_in_by_password(user)
    clock.shift(dt.timedelta(hours=2))
    return client, client.post(path, answers)


def sign_in_again(client, user, address):
    answer = client.post(address, {"login": user.email, "password": PASSWORD})
    if "authenticate" in answer.url:
        answer = client.post(answer.url, {"code": code_of(user)})
    return answer


def test_what_alice_typed_is_kept_and_offered_after_she_signs_in_again(world):
    path = EDIT.format(world.ash_house.pk)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, late = type_late(world.alice, clock, path, ANSWERS)
        told = client.get(late.url).content.decode()
        back = sign_in_again(client, world.alice, late.url)
        page = client.get(back.url)

    [held] = HeldAnswers.objects.all()
    html = page.content.decode()
    assert late.url == "/account/login/?next=/account/kept-answers/"
    assert "We kept your answers: sign in again within an hour" in told
    assert back.url == "/account/kept-answers/"
    assert b"Mill Lane" not in bytes(held.answers_sealed)
    assert page.context["kept"][0]["fields"] == [
        ("name", "Ash House <School>"),
        ("street", "1 Mill Lane"),
        ("note", "one"),
        ("note", "two"),
    ]
    assert f'action="{path}"' in html
    assert "Ash House &lt;School&gt;" in html
    assert "<School>" not in html


def test_sent_answers_are_judged_again_and_let_go_once_they_were_taken(world):
    path = EDIT.format(world.ash_house.pk)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, late = type_late(world.alice, clock, path, ANSWERS)
        sign_in_again(client, world.alice, late.url)
        kept = client.get("/account/kept-answers/").context["kept"][0]
        fields = dict(kept["fields"]) | {"held_answers": str(kept["held"].pk)}
        answer = client.post(path, fields)

    assert answer.status_code in {200, 302}
    assert HeldAnswers.objects.count() == 0


def test_answers_that_were_not_taken_stay(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, late = type_late(world.alice, clock, EDIT.format(world.ash_house.pk), ANSWERS)
        sign_in_again(client, world.alice, late.url)
        pk = HeldAnswers.objects.get().pk
        refused = client.post(EDIT.format(world.birch_farm.pk), {"name": "x", "held_answers": str(pk)})

    assert refused.status_code == 404
    assert HeldAnswers.objects.count() == 1


def test_nobody_else_in_that_browser_sees_them_or_lets_them_go(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, late = type_late(world.alice, clock, EDIT.format(world.ash_house.pk), ANSWERS)
        sign_in_again(client, world.charlie, late.url)
        html = client.get("/account/kept-answers/").content.decode()
        pk = HeldAnswers.objects.get().pk
        client.post("/account/kept-answers/", {"held": pk})
        client.post(EDIT.format(world.birch_farm.pk), {"held_answers": pk})

    assert "Mill Lane" not in html
    assert "No kept answers" in html
    assert HeldAnswers.objects.count() == 1
    with pytest.raises(access.Denied):
        actions.let_go_of_answers(held=HeldAnswers.objects.get(), by=world.charlie, at=timezone.now())


def test_answers_can_be_thrown_away_and_twice_is_harmless(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, late = type_late(world.alice, clock, EDIT.format(world.ash_house.pk), ANSWERS)
        sign_in_again(client, world.alice, late.url)
        held = HeldAnswers.objects.get()
        client.post("/account/kept-answers/", {"held": held.pk})
        client.post("/account/kept-answers/", {"held": "٣"})
        actions.let_go_of_answers(held=held, by=world.alice, at=timezone.now())

    assert HeldAnswers.objects.count() == 0


def test_another_site_cannot_plant_answers(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        answer = client.post(EDIT.format(world.ash_house.pk), ANSWERS, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert HeldAnswers.objects.count() == 0


@pytest.mark.parametrize(
    "path", ["/account/password/change/", "/account/logout/", "/account/kept-answers/", "/nowhere/"]
)
def test_only_forms_of_our_own_are_kept(world, path):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        type_late(world.alice, clock, path, ANSWERS)

    assert HeldAnswers.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("{}", {"password": "hush"}),
        ("{}?" + "a" * 600, {"name": "Ash"}),
        ("{}", {"name": "a" * 1_100_000}),
    ],
    ids=["nothing but a secret", "an address too long", "too much"],
)
def test_what_cannot_be_kept_is_said_not_to_be(world, path, answers):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, late = type_late(world.alice, clock, path.format(EDIT.format(world.ash_house.pk)), answers)

    assert HeldAnswers.objects.count() == 0
    assert "What you sent was not saved" in client.get(late.url).content.decode()


def test_files_are_not_kept_and_the_page_says_so(world):
    from django.core.files.uploadedfile import SimpleUploadedFile

    with time_machine.travel(timezone.now(), tick=False) as clock:
        answers = {"name": "Ash", "file": SimpleUploadedFile("a.txt", b"text")}
        client, late = type_late(world.alice, clock, EDIT.format(world.ash_house.pk), answers)
        sign_in_again(client, world.alice, late.url)
        html = client.get("/account/kept-answers/").content.decode()

    assert "Files and passwords are not kept" in html


def test_typing_it_again_replaces_what_was_kept_before(world):
    at = timezone.now()
    for name in ["first", "second"]:
        actions.hold_answers(path="/x/", answers={"name": [name]}, files=False, by=world.alice, at=at)

    assert HeldAnswers.objects.count() == 1


def test_kept_answers_run_out_after_an_hour_and_are_removed(world, sign_in):
    client = sign_in(world.alice)
    at = timezone.now()
    old = actions.hold_answers(
        path=EDIT.format(world.ash_house.pk), answers={"name": ["x"]}, files=False, by=world.alice, at=at
    )
    HeldAnswers.objects.filter(pk=old.pk).update(expires_at=at - dt.timedelta(seconds=1))

    shown = client.get("/account/kept-answers/").content.decode()
    tidy()
    tidy()

    assert "No kept answers" in shown
    assert HeldAnswers.objects.count() == 0
    assert Event.objects.filter(action="accounts.leftovers.removed").count() == 1


def test_answers_whose_key_is_gone_or_whose_page_is_gone_are_not_shown(world, sign_in):
    at = timezone.now()
    for path in ["/nowhere/", "/account/password/change/", "/organisations/"]:
        actions.hold_answers(path=path, answers={"name": ["x"]}, files=False, by=world.alice, at=at)
    other = crypto.seal(b"{}", purpose="held-answers:0")
    HeldAnswers.objects.filter(path="/organisations/").update(answers_sealed=other)

    assert "No kept answers" in sign_in(world.alice).get("/account/kept-answers/").content.decode()


def test_what_was_typed_when_a_second_step_is_demanded_is_kept_too(world, sign_in):
    from tests.accounts.test_sign_in_second_step import without_second_step

    client = sign_in(without_second_step(world.sana))

    answer = client.post(EDIT.format(world.elm_grove.pk), ANSWERS)

    assert answer.url == "/account/second-step/"
    assert client.session["after_second_step"] == "/account/kept-answers/"
    assert HeldAnswers.objects.count() == 1


def test_nobody_but_the_portal_tidies(world):
    with pytest.raises(access.Denied):
        actions.tidy(by=access.System("somebody.else"), at=timezone.now())
