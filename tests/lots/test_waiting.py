"""Places that wait for the award notice, and then for the end of the waiting period before we sign."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from audit.models import Event
from lots.actions import reopening
from lots.models import Place, Transfer
from lots.rules.refusals import Refused
from lots.states import EndReason
from lots.steps import awards as awarding
from lots.steps import places as steps
from outbox.models import Message
from tests.lots.places import AT, LATER, accept, begin, published, running

UNTIL = LATER + dt.timedelta(days=3)
SECOND = dt.timedelta(seconds=1)


def give(world, made, *given, waits=True, tell=True) -> list[Place]:
    with transaction.atomic():
        return awarding.give_places(
            framework=made.framework,
            given=given,
            waits_until=None,
            waits_for_notice=waits,
            tell=tell,
            by=world.max,
            at=AT,
        )


def known(world, made, places, until=UNTIL, at=LATER) -> int:
    with transaction.atomic():
        return steps.waiting_ends(framework=made.framework, places=places, until=until, by=world.max, at=at)


def test_a_place_waits_for_the_notice_then_for_the_end_of_the_period_with_the_lot_that_came_along(world):
    made = running(world)
    [place] = give(world, made, made.award(world.ash_house, "1B"))
    accept(world, place)
    assert begin(at=LATER + dt.timedelta(days=900)) == 0

    assert known(world, made, [place]) == 2

    assert begin(at=UNTIL - SECOND) == 0
    assert begin(at=UNTIL) == 2
    assert set(Place.objects.values_list("state", "waits_until", "waits_for_notice")) == {("active", UNTIL, False)}
    assert Event.objects.get(action="lots.places.waiting_known").data == {"places": 2, "until": UNTIL.isoformat()}


def test_an_end_that_was_written_down_wrongly_is_put_right_and_reaches_nobody_else(world):
    made = running(world)
    mine, gone, theirs = give(
        world,
        made,
        made.award(world.ash_house, "1B"),
        made.award(world.ash_house, "2A"),
        made.award(world.birch_farm, "1B"),
    )
    with transaction.atomic():
        steps.end_places(rows=[gone], reason=EndReason.DECLINED, by=world.alice, at=AT)
    known(world, made, [mine, gone])

    assert known(world, made, [mine, gone], until=UNTIL + SECOND) == 2

    found = Place.objects.filter(waits_until=UNTIL + SECOND).values_list("provider__name", "lot__number")
    assert sorted(found) == [("Ash House", "1"), ("Ash House", "7")]
    theirs.refresh_from_db()
    assert (theirs.waits_until, theirs.waits_for_notice) == (None, True)


def test_a_place_that_moved_while_it_waited_is_reached(world):
    made = running(world)
    [place] = give(world, made, made.award(world.ash_house, "1B"))
    with transaction.atomic():
        steps.end_places(rows=[place], reason=EndReason.TRANSFERRED, by=world.max, at=AT)
        [moved] = steps.begin_anew(rows=[place], successor=world.birch_farm, by=world.max, at=AT, today=AT.date())
    assert moved.waits_for_notice
    assert not Transfer.objects.exists()

    known(world, made, [place])

    moved.refresh_from_db()
    assert (moved.waits_for_notice, moved.waits_until) == (False, UNTIL)


def test_who_tells_the_providers_is_the_caller_s_choice(world):
    made = running(world)

    give(world, made, made.award(world.ash_house, "1B"), tell=False)

    assert not Message.objects.exists()


def test_a_framework_cannot_begin_before_its_notice(world, sign_in):
    made = published(world, closes_at=AT)
    [place] = give(world, made, made.award(world.ash_house, "1B"))
    accept(world, place)

    with pytest.raises(Refused, match="notice was not recorded as published"):
        reopening.switch_framework(framework=made.framework, by=world.max, at=LATER, today=LATER.date())
    page = sign_in(world.max).get(f"/frameworks/{made.framework.pk}/begin/").text
    assert "the award notice was not recorded as published" in page
    page = sign_in(world.alice).get(f"/places/{place.pk}/").text
    assert "Not known until the award notice is published" in page


def test_places_that_somebody_else_tells_of_are_shown_to_the_provider_only_then_with_those_that_came_along(world):
    made = running(world)
    _, mine = give(world, made, made.award(world.birch_farm, "1B"), made.award(world.ash_house, "1B"), tell=False)
    assert not Place.objects.visible_to(world.alice).exists()
    assert Place.objects.visible_to(world.max).count() == 4

    with transaction.atomic():
        assert steps.told(places=[mine]) == 2
        assert steps.told(places=[mine]) == 0

    assert Place.objects.visible_to(world.alice).count() == 2
    assert not Place.objects.visible_to(world.charlie).exists()
