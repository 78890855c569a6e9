"""What operators type, and the demo world."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import demo, queries
from accounts.actions import demo as demo_actions
from accounts.models import Closure, Invitation, LookAlike, Membership, Organisation, TermDates, User
from accounts.states import Role
from accounts.tasks import tidy
from audit.models import Event
from core import access
from outbox.models import Message


@pytest.fixture
def demo_mode(settings):
    """The demo, with the worlds that these tests are about."""
    settings.DEMO, settings.DEMO_WORLDS = True, settings.DEMO_WORLDS[:2]


def test_a_council_is_opened_and_its_administrator_invited(db, capsys):
    arguments = {"name": "Larkshire Council", "la_code": "999", "admin_email": "ada@larkshire.example"}

    call_command("open_authority", **arguments)

    council = Organisation.objects.get()
    assert (council.kind, council.la_code, council.name_key) == ("authority", "999", "larkshire council")
    assert Invitation.objects.get().roles == [Role.ADMIN]
    assert Message.objects.get().to == "ada@larkshire.example"
    with pytest.raises(CommandError, match="already a council with code 999"):
        call_command("open_authority", **arguments)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"la_code": "99"}, "3 digits"),
        ({"la_code": "٩٩٩"}, "3 digits"),
        ({"name": "<script>"}, "must not include"),
        ({"admin_email": "nobody"}, "valid email"),
    ],
)
def test_a_council_that_is_badly_typed_is_refused(db, wrong, words):
    arguments = {"name": "Larkshire Council", "la_code": "999", "admin_email": "ada@larkshire.example"} | wrong

    with pytest.raises(CommandError, match=words):
        call_command("open_authority", **arguments)

    assert Organisation.objects.count() == 0


def test_the_record_of_processing_names_every_app_and_library(db, capsys):
    call_command("data_map")

    out = capsys.readouterr().out
    for table in ("accounts.User", "accounts.HeldAnswers", "audit.Event", "outbox.Message", "mfa.Authenticator"):
        assert f"| {table} | " in out
    assert "| accounts.HeldAnswers | personal | 1 hour | " in out


def test_the_demo_is_refused_outside_demo_mode(db):
    with pytest.raises(CommandError, match="MODE=demo"):
        call_command("demo", "--if-needed")
    with pytest.raises(access.Denied):
        demo_actions.mark_demo(world="x", finished=True, by=demo_actions.SYSTEM, at=timezone.now())
    with pytest.raises(access.Denied):
        demo_actions.make_person(email="", name="", password_hash="", by=demo_actions.SYSTEM, at=timezone.now())
    assert User.objects.count() == 0


def test_the_demo_world_has_every_role_and_everybody_can_sign_in(db, demo_mode, capsys):
    call_command("demo", "--if-needed")

    printed = capsys.readouterr().out
    assert set(Membership.objects.live().values_list("role", flat=True)) == set(Role)
    for _, email in demo.sign_ins():
        assert email in printed
    assert User.objects.count() == len(demo.sign_ins())
    assert authenticate(username="ada@larkshire.example", email="ada@larkshire.example", password=demo.PASSWORD)
    assert demo.PASSWORD in printed
    assert queries.demo_worlds("loaded") == set(settings.DEMO_WORLDS)
    assert LookAlike.objects.get().resembles.name == "Ash House"
    assert Invitation.objects.open(timezone.now()).count() == 1
    assert (TermDates.objects.count(), Closure.objects.count()) == (12, 3)
    assert Organisation.objects.get(name="Elm Grove School").parent.name == "Oak Trust"
    assert queries.schools_seen_by(User.objects.get(email="tariq@oak-trust.example"))
    assert Event.objects.count() > 100


def test_the_demo_world_is_loaded_once_and_printed_each_time(db, demo_mode, capsys):
    call_command("demo")
    people = User.objects.count()
    capsys.readouterr()

    call_command("demo", "--if-needed")

    assert User.objects.count() == people
    assert "ada@larkshire.example" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("demo")


@pytest.mark.parametrize(
    "today", [dt.date(2026, 8, 1), dt.date(2027, 1, 1), dt.date(2028, 2, 29), dt.date(2026, 7, 31)]
)
def test_the_demo_world_loads_on_any_day_of_the_year(db, demo_mode, today):
    demo.load(at=timezone.now(), today=today)

    first = TermDates.objects.earliest("starts_on").starts_on
    assert first <= dt.date(today.year, 9, 3)
    assert TermDates.objects.latest("ends_on").ends_on >= dt.date(today.year, 7, 1)


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_emptied_and_begun_anew(demo_mode, capsys):
    call_command("demo")
    User.objects.filter(email="ada@larkshire.example").update(name="Somebody else")

    call_command("demo", "--reset")

    assert User.objects.get(email="ada@larkshire.example").name == "Ada Marsh"
    assert User.objects.count() == len(demo.sign_ins())


@pytest.mark.django_db(transaction=True)
def test_a_demo_that_was_stopped_half_way_is_begun_anew(demo_mode, capsys, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(demo, "_dates", lambda *arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            call_command("demo")

    call_command("demo", "--if-needed")

    assert User.objects.count() == len(demo.sign_ins())


@pytest.mark.parametrize("options", [[], ["--if-needed"], ["--reset"]])
def test_a_database_with_people_that_is_no_demo_is_neither_loaded_nor_emptied(world, demo_mode, options):
    before = set(User.objects.values_list("email", flat=True))

    with pytest.raises(CommandError, match="it is no demo"):
        call_command("demo", *options)

    assert set(User.objects.values_list("email", flat=True)) == before


def test_housekeeping_compares_providers(world):
    tidy()

    assert not Organisation.objects.filter(kind="provider", compared_at=None).exists()
