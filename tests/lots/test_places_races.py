"""Two people at once. Each race is first shown to happen when the lock is taken away, then not to happen with it."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from accounts.models import User
from lots.actions import places as actions
from lots.actions import reopening, suspensions
from lots.models import Framework, Place
from lots.queries import openings
from lots.rules import awards
from lots.rules import places as rules
from lots.rules.refusals import Refused
from lots.states import Cause, EndReason
from lots.steps import places as steps
from tests.cast import make_world
from tests.lots.places import AT, LATER, accept, provider, published, running
from tests.lots.test_reopening import NEXT, TODAY, two_generations
from tests.patience import LONG, together, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 3


@pytest.fixture
def world(transactional_db):
    return make_world()


def without_locks(monkeypatch):
    """Frameworks are read and not held."""
    without_lock(monkeypatch, Framework)
    monkeypatch.setattr(
        steps, "frameworks_locked", lambda pks: {row.pk: row for row in Framework.objects.filter(pk__in=set(pks))}
    )


def again(person) -> User:
    return User.objects.get(pk=person.pk)


def award_twice(world):
    given = running(world, max_participants=1)
    sets = [[given.award(firm, "1B")] for firm in (world.ash_house, world.birch_farm)]
    return together(
        *[
            lambda one=one: actions.award_places(framework=given.framework, given=one, by=again(world.max), at=AT)
            for one in sets
        ]
    )


def providers_on() -> int:
    return Place.objects.values("provider").distinct().count()


def test_without_the_lock_two_award_sets_go_over_the_limit(world, monkeypatch, meet):
    without_locks(monkeypatch)
    meet(awards, "check_limits")

    assert award_twice(world) == [None, None]

    assert providers_on() == 2


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_award_sets_that_exceed_the_limit_one_is_refused_whole(world, meet, turn):
    meet(awards, "check_limits")

    raised = award_twice(world)

    assert sorted(type(error) for error in raised if error) == [awards.OverLimit]
    assert providers_on() == 1


def test_a_hundred_is_never_exceeded_by_two_sets_at_once(world, meet):
    given = running(world)
    firms = [provider(f"Firm {number}") for number in range(102)]
    sets = [[given.award(firm, "1B") for firm in some] for some in (firms[:51], firms[51:])]
    meet(awards, "check_limits")

    raised = together(
        *[
            lambda one=one: actions.award_places(framework=given.framework, given=one, by=again(world.max), at=AT)
            for one in sets
        ]
    )

    assert sum(error is None for error in raised) == 1
    assert providers_on() == 51


def suspend_while_accepting(world):
    given = published(world)
    first, second = given.give(world, given.award(world.ash_house, "1B"), given.award(world.ash_house, "2A"))
    accept(world, first)
    return second, together(
        lambda: actions.accept_places(provider=world.ash_house, chosen=[second], by=again(world.alice), at=LATER),
        lambda: suspensions.suspend_provider(
            place=Place.objects.get(pk=first.pk), cause=Cause.SAFEGUARDING, reason="Why", by=again(world.max), at=LATER
        ),
    )


def test_without_the_lock_a_place_accepted_at_the_same_moment_escapes_the_suspension(world, monkeypatch):
    """Accepting has looked for suspensions, suspending has looked for accepted places, and neither has finished."""
    without_locks(monkeypatch)
    both_have_looked = threading.Barrier(2)

    def waiting(original, *arguments, **words):
        if threading.current_thread() is not threading.main_thread():
            both_have_looked.wait(LONG)
        return original(*arguments, **words)

    for module, name in ((steps, "balance"), (suspensions.queries, "suspension_labels")):
        monkeypatch.setattr(module, name, partial(waiting, getattr(module, name)))

    second, raised = suspend_while_accepting(world)

    assert raised == [None, None]
    assert Place.objects.get(pk=second.pk).state == "accepted"


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_place_accepted_at_the_same_moment_is_held(world, meet, turn):
    meet(steps, "places_locked")

    second, raised = suspend_while_accepting(world)

    assert raised == [None, None]
    assert Place.objects.get(pk=second.pk).state == "suspended"


def switch_while_ending(world):
    first, second = two_generations(world, "1B", "2A", before=("1B", "2A"))
    place = second.place(world.ash_house, "1B")
    raised = together(
        lambda: reopening.switch_framework(framework=second.framework, by=again(world.max), at=NEXT, today=TODAY),
        lambda: actions.end_place(place=place, reason=EndReason.WITHDREW, by=again(world.alice), at=NEXT),
    )
    assert first.framework.pk
    return Framework.objects.get(pk=second.framework.pk), place, raised


def test_without_the_lock_a_part_is_left_without_a_provider_that_nobody_acknowledged(world, monkeypatch, meet):
    without_locks(monkeypatch)
    meet(rules, "check_acknowledged")
    monkeypatch.setattr(steps, "end_places", meeting(steps.end_places, rules))

    new, place, raised = switch_while_ending(world)

    assert raised == [None, None]
    assert new.state == "running"
    assert Place.objects.get(pk=place.pk).state == "ended"
    assert openings.acknowledged(new) == ()


def meeting(original, module):
    """Ending waits at the same barrier as the switch's check, after both have read."""

    def waiting(**words):
        module.check_acknowledged([], [])
        return original(**words)

    return waiting


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_switch_and_a_place_that_ends_come_one_after_the_other(world, meet, monkeypatch, turn):
    meet(rules, "check_acknowledged")
    monkeypatch.setattr(steps, "end_places", meeting(steps.end_places, rules))

    new, place, raised = switch_while_ending(world)

    ended_at_the_end = Place.objects.get(pk=place.pk).state == "ended"
    assert ended_at_the_end
    if new.state == "running":  # the switch came first, and the place ended on a framework that runs
        assert raised == [None, None]
    else:  # the place ended first, and the switch was refused
        assert [type(error) for error in raised] == [Refused, type(None)]
        assert "Nobody would be on Lot 1, part B" in str(raised[0])


def reopen_twice(world):
    first = running(world).framework
    return together(
        *[lambda: reopening.reopen_framework(framework=first, by=again(world.max), at=LATER, today=TODAY)] * 2
    )


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_who_open_again_at_once_one_does(world, turn):
    raised = reopen_twice(world)

    assert sorted(type(error) for error in raised if error) == [Refused]
    assert Framework.objects.filter(previous__isnull=False).count() == 1
