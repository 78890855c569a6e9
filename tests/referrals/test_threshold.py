"""The signal that a provider may be an unregistered school: over all commissioners, to councils alone, no pupils."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Organisation
from audit.models import Event
from core.access import Denied, System
from lots.models import Place
from outbox.models import Message
from providers.models import Profile
from referrals import tasks
from referrals.actions import starting
from referrals.actions import threshold as actions
from referrals.models import Placement, ThresholdSignal, WeeklySession
from referrals.permissions.reviews import JUDGE
from referrals.queries import threshold as queries
from referrals.rules import threshold as rules
from referrals.rules.threshold import Taught
from referrals.states import Item
from tests.referrals.agreed import insure, that_day  # noqa: F401
from tests.referrals.answering import made_cover
from tests.referrals.made import AT, CANARIES, PRIVATE, made_place, made_pupil
from tests.referrals.placed import made_assurances, made_placement

TODAY = dt.date(2026, 10, 12)
NOBODY = replace(PRIVATE, upn="")


def judge(today=TODAY):
    return actions.judge_threshold(by=System(JUDGE), at=AT, today=today)


def taught(world, pupil, *, days=4, **fields) -> Placement:
    """Five hours on each of these days."""
    placement = made_placement(world, pupil=pupil, **fields)
    first = placement.sessions.first()
    placement.sessions.all().delete()
    WeeklySession.objects.bulk_create(
        WeeklySession(
            placement=placement, weekday=one, starts=first.starts, ends=first.ends, site=first.site,
            from_on=placement.starts_on,
        )
        for one in range(days)
    )  # fmt: skip
    return placement


def flagged(world, *, days=4, **fields) -> Placement:
    return taught(world, made_pupil(world, has_ehcp=True), days=days, **fields)


@pytest.mark.parametrize(
    ("pupils", "over"),
    [
        ([], False),
        ([Taught(1081, False)] * 4, False),
        ([Taught(1081, False)] * 5, True),
        ([Taught(1081, False)] * 4 + [Taught(1080, False)], False),
        ([Taught(1081, True)], True),
        ([Taught(1080, True)], False),
    ],
)
def test_five_pupils_or_one_with_a_plan_for_more_than_18_hours(pupils, over):
    assert rules.crosses(pupils) is over


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [((9, 0), (12, 30), 210), ((17, 0), (19, 0), 60), ((18, 0), (20, 0), 0), ((19, 0), (20, 0), 0)],
)
def test_the_evening_is_not_the_day(starts, ends, minutes):
    assert rules.minutes_by_day(dt.time(*starts), dt.time(*ends)) == minutes


@pytest.mark.parametrize(
    ("born_on", "on", "of_age"),
    [
        ((2021, 8, 31), (2026, 8, 30), False),
        ((2021, 8, 31), (2026, 8, 31), True),
        ((2021, 9, 1), (2026, 12, 30), False),
        ((2021, 9, 1), (2026, 12, 31), True),
        ((2021, 1, 5), (2026, 3, 31), True),
        ((2020, 2, 29), (2025, 3, 31), True),
        ((2020, 2, 29), (2025, 3, 30), False),
        ((2010, 9, 1), (2027, 6, 25), True),
        ((2010, 9, 1), (2027, 6, 26), False),
        ((2010, 8, 31), (2026, 6, 26), True),
        ((2010, 8, 31), (2026, 6, 27), False),
    ],
)
def test_compulsory_school_age(born_on, on, of_age):
    assert rules.is_of_school_age(dt.date(*born_on), dt.date(*on)) is of_age


def test_the_council_is_told_once_without_a_pupil_or_a_number(world, sign_in):
    flagged(world)

    assert judge() == 1
    assert judge() == 0

    signal = ThresholdSignal.objects.get(began_on=TODAY)
    assert (signal.provider, list(signal.told.all())) == (world.ash_house, [world.larkshire])
    letters = Message.objects.filter(key__startswith="threshold:")
    assert {one.to for one in letters} == {world.ada.email, world.eve.email, world.tom.email}
    assert len(letters) == 3
    text = "".join(one.subject + one.body for one in letters)
    assert "12 October 2026" in text
    assert not [word for word in (*CANARIES, "Elm Grove", "Ash House") if word in text]
    event = Event.objects.filter(action="referrals.threshold.judged").first()
    assert event.data == {"began": 1, "ended": 0}
    page = sign_in(world.ada).get(reverse("threshold_warnings", args=[world.larkshire.pk])).content.decode()
    assert "Ash House" in page
    assert "Above it" in page
    assert not [word for word in (*CANARIES, "Elm Grove") if word in page]
    assert not ThresholdSignal.objects.visible_to(world.ines).exists()
    with pytest.raises(Denied):
        actions.judge_threshold(by=world.ada, at=AT, today=TODAY)


def test_nothing_is_over_where_nobody_is_placed(world):
    tasks.judge_threshold()

    assert not ThresholdSignal.objects.exists()


def test_it_ends_when_the_hours_do_and_may_begin_again(world):
    placement = flagged(world)
    judge()
    placement.sessions.filter(weekday=3).update(until_on=TODAY)

    assert judge(TODAY) == 0
    assert judge(TODAY + dt.timedelta(days=1)) == 1
    placement.sessions.update(until_on=None)
    assert judge(TODAY + dt.timedelta(days=2)) == 1

    assert [(one.began_on.day, one.ended_on and one.ended_on.day) for one in ThresholdSignal.objects.all()] == [
        (14, None),
        (12, 13),
    ]


def test_one_child_of_two_commissioners_is_counted_once_with_all_hours(world):
    place = made_place(world)
    flagged(world, days=2, place=place)
    assert queries.over_threshold(TODAY) == set()

    same = made_pupil(world, commissioner=world.larkshire)
    taught(world, same, days=2, place=place, home_school=None)

    assert queries.over_threshold(TODAY) == {world.ash_house.pk}
    assert queries.over_threshold(TODAY, provider=world.birch_farm.pk) == set()


def test_five_children_without_a_number_in_one_query(world, django_assert_num_queries):
    place = made_place(world)
    for number in range(4):
        taught(world, made_pupil(world, private=NOBODY, first_names=f"No {number}"), place=place)
    with django_assert_num_queries(1):
        assert queries.over_threshold(TODAY) == set()

    taught(world, made_pupil(world, private=NOBODY, looked_after=False), place=place)

    with django_assert_num_queries(1):
        assert queries.over_threshold(TODAY) == {world.ash_house.pk}


@pytest.mark.parametrize(
    "change",
    [
        lambda world: Profile.objects.update_or_create(
            provider=world.ash_house,
            defaults={"registration": "registered", "school_urn": "900009", "updated_at": AT},
        ),
        lambda world: Organisation.objects.filter(pk=world.ash_house.pk).update(urn="900009"),
        lambda world: Placement.objects.update(state="paused"),
        lambda world: Placement.objects.update(starts_on=TODAY + dt.timedelta(days=1)),
        lambda world: Placement.objects.get().pupil.__class__.objects.update(born_on=dt.date(2009, 1, 1)),
        lambda world: WeeklySession.objects.update(starts=dt.time(17, 0), ends=dt.time(20, 0)),
    ],
)
def test_who_is_not_over(world, change):
    flagged(world)
    assert queries.over_threshold(TODAY) == {world.ash_house.pk}

    change(world)

    assert queries.over_threshold(TODAY) == set()


def test_which_authorities_may_know(world, django_assert_num_queries):
    """That of the framework, the one that has placed a pupil, and that of the area of the school; nobody else."""
    placement = flagged(world)
    ash, larkshire, mereshire = world.ash_house.pk, world.larkshire.pk, world.mereshire.pk
    with django_assert_num_queries(3):
        assert queries.authorities_of({ash}, TODAY) == {ash: {larkshire}}

    Organisation.objects.filter(pk=world.elm_grove.pk).update(la_code="")
    Place.objects.update(state="ended", ended_at=AT)
    assert queries.authorities_of({ash}, TODAY) == {ash: set()}

    Organisation.objects.filter(pk=world.elm_grove.pk).update(la_code="998")
    assert queries.authorities_of({ash}, TODAY) == {ash: {mereshire}}

    Placement.objects.filter(pk=placement.pk).update(commissioner=world.larkshire, home_school=None)
    assert queries.authorities_of({ash}, TODAY) == {ash: {larkshire}}


@pytest.mark.usefixtures("that_day")
def test_a_pupil_who_starts_is_counted_at_once(world):
    placement = flagged(world, state="assurance")
    made_assurances(world, placement, *Item)
    insure(world.ash_house)
    made_cover(world.elm_grove)
    at = AT.replace(day=28)

    starting.start_placement(placement=placement, by=world.sana, at=at, today=at.date())

    assert ThresholdSignal.objects.get().began_on == at.date()
