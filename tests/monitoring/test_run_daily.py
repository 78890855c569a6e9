"""Days written down by beat, by the tick and by hand, with a clock that moves on."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core.management import CommandError, call_command

from monitoring import tasks
from monitoring.actions import days
from monitoring.models import DayRun, ReportDay, ReportDue, Session
from tests.monitoring.made import DAY, NINE, watched

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def placement(world):
    return watched(world)


def beat(at: dt.datetime) -> None:
    with time_machine.travel(at, tick=False):
        tasks.run_days()


def rows() -> list[tuple]:
    """The days of the sessions, and whether they were caught up."""
    return list(Session.objects.order_by("day").values_list("day__day", "caught_up"))


def test_the_first_day_of_use_is_today(placement):
    beat(NINE)

    assert list(DayRun.objects.values_list("day", "caught_up")) == [(DAY, False)]
    assert rows() == [(5, False)]


def test_beat_that_was_down_for_26_hours_catches_up_once(placement):
    beat(NINE)
    beat(NINE + 70 * HOUR)  # from Monday 09:00 to Thursday 07:00, over Wednesday's session
    beat(NINE + 70 * HOUR + dt.timedelta(minutes=1))

    assert list(DayRun.objects.order_by("day").values_list("day__day", "caught_up")) == [
        (5, False),
        (6, True),
        (7, True),
        (8, False),
    ]
    assert rows() == [(5, False), (7, True)]
    assert list(ReportDue.objects.order_by("day", "pk").values_list("day__day", "caught_up")) == (
        [(5, False)] * 5 + [(7, True)] * 5
    )


@pytest.mark.parametrize("hours", [26, 22])
def test_a_day_whose_evening_was_missed_is_not_caught_up(placement, hours):
    beat(NINE)
    beat(NINE + hours * HOUR)

    assert rows() == [(5, False)]
    assert not DayRun.objects.filter(caught_up=True).exists()


def test_a_long_gap_is_caught_up_seven_days_at_a_time_with_today_first(placement):
    beat(NINE)
    later = NINE + 16 * 24 * HOUR
    beat(later)
    assert DayRun.objects.filter(day=later.date()).exists()
    assert DayRun.objects.count() == 1 + 1 + 7

    for _ in range(3):
        beat(later)

    assert DayRun.objects.count() == 17
    assert rows() == [(5, False), (7, True), (12, True), (14, True), (19, True), (21, False)]


def test_an_interval_holds_across_days_that_were_caught_up(placement):
    placement.framework.contracts.get().kpis.update(days=2)
    beat(NINE)
    beat(NINE + 7 * 24 * HOUR)  # Monday again; Wednesday's reporting day was missed

    assert list(ReportDay.objects.order_by("day").values_list("day__day", flat=True)) == [5, 7, 12]
    due = ReportDue.objects.filter(dropped_at=None).order_by("day").values_list("day__day", flat=True).distinct()
    assert list(due) == [5, 12]


def test_a_day_that_fails_is_tried_again_and_leaves_nothing_half_done(placement, monkeypatch):
    def fails(**_):
        raise RuntimeError("Broken off")

    with monkeypatch.context() as patch:
        patch.setattr(days.days, "write_dues", fails)
        with pytest.raises(RuntimeError, match="Broken off"):
            beat(NINE)
    assert (DayRun.objects.count(), Session.objects.count()) == (0, 0)

    beat(NINE)
    assert (Session.objects.count(), ReportDue.objects.count()) == (1, 5)


def test_a_day_by_hand_is_the_same_as_by_itself(placement, capsys):
    with time_machine.travel(NINE, tick=False):
        call_command("run_daily", date="2026-10-05")
        call_command("run_daily")

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2026-10-05: 1 sessions and 5 reports written down, 0 sessions called off, ")
    assert second.startswith("2026-10-05: 0 sessions and 0 reports written down, ")
    assert rows() == [(5, False)]


def test_a_day_of_the_past_by_hand_is_marked(placement):
    with time_machine.travel(NINE, tick=False):
        call_command("run_daily", date="2026-09-30")

    assert rows() == [(30, True)]


@pytest.mark.parametrize(
    ("date", "says"),
    [
        ("2026-10-06", "6 October 2026 is still to come. Give today or a day before it"),
        ("5 October", "5 October is not a day. Write it as YYYY-MM-DD, for example 2026-10-05"),
        ("2026-02-30", "2026-02-30 is not a day"),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_with_what_to_type(world, date, says):
    with time_machine.travel(NINE, tick=False), pytest.raises(CommandError, match=says):
        call_command("run_daily", date=date)

    assert not DayRun.objects.exists()


def test_the_days_come_before_any_letter_in_the_tick_and_go_the_way_of_the_alarms():
    route = current_app.amqp.router.route({}, "monitoring.tasks.run_days")

    assert settings.TICK.index("monitoring.tasks.run_days") < settings.TICK.index("outbox.tasks.sweep_alarms")
    assert route["queue"].name == "alarms"
