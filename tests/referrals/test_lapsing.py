"""Enquiries that nobody answered: a reminder one working day before, the end after the last moment."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.models import Event
from core import access
from core.access import Denied
from outbox.models import Message
from referrals import tasks
from referrals.actions import lapsing
from referrals.models import Enquiry
from referrals.permissions.enquiries import LAPSE, REMIND
from tests.accounts.mail import body
from tests.referrals.asked import asked, that_day  # noqa: F401
from tests.referrals.made import CANARIES, made_offer

LAST = dt.datetime(2026, 9, 17, 22, 59, 59, 999999, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)


def sent(prefix: str) -> list[str]:
    return sorted(Message.objects.filter(key__startswith=prefix).values_list("to", flat=True))


def lapse(at) -> int:
    return lapsing.lapse(by=access.System(LAPSE), at=at)


def remind(at) -> int:
    return lapsing.remind(by=access.System(REMIND), at=at)


@pytest.fixture
def waiting(world, that_day):  # noqa: F811
    rows = asked(world)
    Enquiry.objects.update(lapses_at=LAST)
    return rows


def test_what_waits_after_its_last_moment_lapses_and_both_sides_are_told(world, waiting, that_day):  # noqa: F811
    made_offer(world, waiting[0])
    that_day(LAST)
    assert lapse(LAST) == 0
    that_day(LAST + TICK)

    counts = [lapse(LAST + TICK), lapse(LAST + TICK)]

    assert counts == [1, 0]
    assert dict(Enquiry.objects.values_list("provider", "state")) == {
        world.ash_house.pk: "offered",
        world.birch_farm.pk: "lapsed",
    }
    assert Enquiry.objects.get(state="lapsed").ended_at == LAST + TICK
    assert (sent("enquiry-lapsed"), sent("enquiry-no-answer")) == ([world.charlie.email], [world.sana.email])
    text = " ".join(f"{one.subject} {body(one)}" for one in Message.objects.all())
    assert [one for one in CANARIES if one in text] == []
    [event] = Event.objects.filter(action="referrals.enquiry.lapsed")
    assert (event.organisation_id, event.by_label) == (world.elm_grove.pk, "system:referrals.lapse_enquiries")


@pytest.mark.parametrize(
    ("now", "reminded"),
    [
        ("2026-09-15T12:00", 0),  # two working days before
        ("2026-09-16T06:59", 0),  # before 8am in England
        ("2026-09-16T07:00", 2),
        ("2026-09-17T12:00", 2),  # on the last day, if it was missed
        ("2026-09-17T23:00", 0),  # over
    ],
)
def test_a_reminder_comes_one_working_day_before(world, waiting, that_day, now, reminded):  # noqa: F811
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    that_day(moment)

    counts = [remind(moment), remind(moment)]

    assert counts == [reminded, 0]
    people = [world.alice.email, world.bob.email, world.charlie.email]
    assert sent("enquiry-reminder") == (people if reminded else [])
    assert Event.objects.filter(action="referrals.enquiry.reminded").count() == reminded


def test_nobody_is_reminded_on_the_day_of_the_enquiry_or_after_an_answer(world, waiting, that_day):  # noqa: F811
    made_offer(world, waiting[0])
    noon = dt.datetime(2026, 9, 17, 12, tzinfo=dt.UTC)
    Enquiry.objects.filter(pk=waiting[1].pk).update(sent_at=noon - dt.timedelta(hours=3))
    that_day(noon)

    assert remind(noon) == 0


def test_nobody_but_the_calendar_does_it(world, waiting):
    for who in (world.sana, world.alice, access.System("lots.commence_places")):
        for action in (lapsing.lapse, lapsing.remind):
            with pytest.raises(Denied):
                action(by=who, at=LAST)


def test_the_tasks_do_it(world, waiting, that_day):  # noqa: F811
    that_day(dt.datetime(2026, 9, 16, 12, tzinfo=dt.UTC))
    tasks.remind_of_enquiries()
    that_day(LAST + TICK)
    tasks.lapse_enquiries()

    assert sent("enquiry-reminder") != []
    assert set(Enquiry.objects.values_list("state", flat=True)) == {"lapsed"}
