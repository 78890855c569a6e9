"""Two teachers at one pupil, one tap sent many times at once, and everybody else while somebody is marked. The race is
first shown to lose a mark without its lock, then not to with it."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.states import Role
from monitoring.models import Alert, RegisterEntry, Session
from monitoring.rules import registers as rules
from tests.cast import make_world
from tests.monitoring.made import made_member, made_session, watched
from tests.monitoring.registering import rest, tap
from tests.patience import found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world(transactional_db):
    return make_world()


def one(person) -> User:
    """As a client of their own has them: nothing of them is shared."""
    return User.objects.get(pk=person.pk)


def both(world, session) -> list:
    dina = made_member(world, "dina", world.ash_house, Role.PROVIDER_DSL)
    return found_by(
        lambda: tap(world, session, "present", by=one(world.bob)), lambda: tap(world, session, "absent", by=one(dina))
    )


def test_without_the_lock_one_of_two_marks_is_lost(world, monkeypatch, meet):
    session = made_session(watched(world))
    without_lock(monkeypatch, Session)
    meet(rules, "check_entry")

    found = both(world, session)

    assert {type(each) for each in found} == {Session, IntegrityError}
    assert RegisterEntry.objects.count() == 1


def test_two_marks_at_once_are_both_kept_in_order_and_the_last_one_stands(world, meet):
    session = made_session(watched(world))
    meet(rules, "check_entry")

    found = both(world, session)

    assert {type(each) for each in found} == {Session}
    session.refresh_from_db()
    entries = list(session.entries.values_list("number", "mark"))
    assert [number for number, _ in entries] == [1, 2]
    assert {mark for _, mark in entries} == {"present", "absent"}
    assert session.mark == entries[-1][1]
    assert Alert.objects.standing().filter(over_at=None).count() == (session.mark == "absent")


@pytest.mark.parametrize("go", range(ROUNDS))
def test_many_at_one_pupil_lose_nothing_and_one_tap_sent_many_times_stands_once(world, go):
    session = made_session(watched(world))
    key = uuid.uuid4()

    taps = [
        lambda note=number: tap(world, session, "present", by=one(world.bob), note=f"{note}") for number in range(4)
    ]
    again = [lambda: tap(world, session, "absent", by=one(world.bob), key=key, reason="ill") for _ in range(4)]
    found = found_by(*taps, *again)

    assert len(found) == CLIENTS
    assert {type(each) for each in found} == {Session}
    assert list(session.entries.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert RegisterEntry.objects.filter(key=key).count() == 1


@pytest.mark.parametrize("go", range(ROUNDS))
def test_whoever_is_marked_absent_is_not_swept_up_with_everybody_else(world, go):
    session = made_session(watched(world))

    found_by(
        lambda: tap(world, session, "absent", by=one(world.bob)),
        *(lambda: rest(world, session, by=one(world.bob)) for _ in range(7)),
    )

    session.refresh_from_db()
    assert session.mark == "absent"
    assert session.entries_made == session.entries.count() <= 2
