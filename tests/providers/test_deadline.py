"""The deadline, to the microsecond, by the database's clock, as it stands at that moment."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.models import Event
from core import clock
from lots.models import Framework
from providers.actions import applications as actions
from providers.models import Application, LateAttempt, Opening, Submission
from providers.queries.bids import own_bid
from providers.rules import deadline
from providers.rules.refusals import Refused, TooLate
from tests.providers import bids

NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)  # midday in England
TICK = dt.timedelta(microseconds=1)
SOON = dt.timedelta(minutes=5)


@pytest.mark.parametrize(
    ("state", "closes_at", "opened", "at", "refused"),
    [
        ("published", NOON, False, NOON - TICK, None),
        ("published", NOON, False, NOON, None),
        ("published", NOON, False, NOON + TICK, TooLate),
        ("published", None, False, NOON, None),
        ("published", NOON, True, NOON, TooLate),
        ("running", NOON, False, NOON, TooLate),
        ("ended", None, False, NOON, TooLate),
        ("draft", NOON, False, NOON, Refused),
        ("withdrawn", NOON, False, NOON, Refused),
    ],
)
def test_when_a_round_takes_applications(state, closes_at, opened, at, refused):
    if refused is None:
        deadline.check_open(state=state, closes_at=closes_at, opened=opened, at=at)
        return
    with pytest.raises(Refused) as refusal:
        deadline.check_open(state=state, closes_at=closes_at, opened=opened, at=at)
    assert type(refusal.value) is refused


@pytest.fixture
def at(monkeypatch):
    """`at(moment)` sets the database's clock."""
    return lambda moment: monkeypatch.setattr(clock, "database_now", lambda: moment)


@pytest.fixture
def application(world):
    """Complete, to a framework that closes at midday."""
    return bids.complete(world, bids.applied(world, bids.open_framework(world, closes_at=NOON)))


def everything(application, by) -> dict:
    """Every action that the deadline ends."""
    return {
        "start": lambda: actions.start(framework=application.framework, provider=application.provider, by=by),
        "save": lambda: actions.save_part(application=application, code="lots", answers={}, revision=1, by=by),
        "submit": lambda: bids.submit(application),
        "withdraw": lambda: actions.withdraw(application=application, by=by),
    }


def test_midday_itself_is_in(application, at):
    at(NOON)

    made = bids.submit(application)

    assert made.submitted_at == NOON


def test_the_next_microsecond_is_out(application, at):
    at(NOON + TICK)

    with pytest.raises(TooLate) as late:
        bids.submit(application)

    assert (late.value.at, late.value.closes_at) == (NOON + TICK, NOON)
    assert Submission.objects.count() == 0


def test_after_the_deadline_nothing_changes_and_everything_is_read(world, application, at):
    at(NOON)
    made = bids.submit(application)
    before = Application.objects.values().get(pk=application.pk)
    at(NOON + TICK)

    for act in everything(application, world.alice).values():
        with pytest.raises(TooLate):
            act()

    assert Application.objects.values().get(pk=application.pk) == before
    assert Submission.objects.get() == made
    assert len(own_bid(application, user=world.alice).draft) == 9


def test_the_deadline_is_the_one_that_stands_now_not_the_one_that_was_read(world, application, at):
    at(NOON + TICK)
    application = bids.seen(application)
    Framework.objects.filter(pk=application.framework_id).update(closes_at=NOON + SOON)

    assert bids.submit(application).submitted_at == NOON + TICK
    actions.withdraw(application=application, by=world.alice)


def test_what_was_taken_before_the_deadline_is_given_back_after_it(application, at):
    at(NOON)
    made = bids.submit(application, key="one")
    at(NOON + SOON)

    assert bids.submit(application, key="one") == made


def test_once_it_is_opened_nothing_is_taken_whatever_the_clock_says(application, at):
    at(NOON)
    Opening.objects.create(framework=application.framework, opened_at=NOON, submissions=0)

    with pytest.raises(TooLate):
        bids.submit(application)


def test_a_late_attempt_is_noted_to_the_microsecond_and_tells_nothing(world, application):
    actions.note_late(application=application, what="submit", at=NOON + TICK, by=world.alice)

    noted = LateAttempt.objects.get()
    assert (noted.at, noted.what, noted.by) == (NOON + TICK, "submit", world.alice)
    event = Event.objects.get(action="providers.late_attempt.noted")
    assert (event.organisation_id, event.data) == (world.ash_house.pk, {"what": "submit"})


def test_the_clock_is_that_of_the_database(application):
    """A deadline that is set by the database's clock and passes by it."""
    Framework.objects.filter(pk=application.framework_id).update(closes_at=clock.database_now())

    with pytest.raises(TooLate) as late:
        bids.submit(application)

    assert late.value.closes_at < late.value.at < late.value.closes_at + SOON
    Framework.objects.filter(pk=application.framework_id).update(closes_at=clock.database_now() + SOON)
    assert bids.submit(application).number == 1


@pytest.mark.race  # SQLite has no clock of its own
def test_the_clock_of_this_computer_decides_nothing(application, monkeypatch):
    Framework.objects.filter(pk=application.framework_id).update(closes_at=clock.database_now() + SOON)
    monkeypatch.setattr(clock, "now", lambda: NOON + 10_000 * bids.DAY)

    assert bids.submit(application).number == 1
