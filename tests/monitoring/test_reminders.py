"""Reminders of daily reports: to whom, when, and each once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied
from monitoring import running, tasks
from monitoring.actions import reminders as actions
from monitoring.models import Reminder, ReportDay, ReportDue, ReportTerms
from monitoring.states import ReminderKind as Kind
from outbox.models import Message
from tests.monitoring.made import DAY, NINE, local, made_dues, made_member, made_report
from tests.monitoring.reminding import TUESDAY, WEDNESDAY, agreed, letters, owes, remind, sent

THURSDAY, FRIDAY = WEDNESDAY + dt.timedelta(1), WEDNESDAY + dt.timedelta(2)
ALICE, BOB = "alice@alice.example", "bob@bob.example"


def test_the_day_of_a_provider_that_does_not_report(world):
    contract = owes(world, DAY, TUESDAY, WEDNESDAY)

    for day in (DAY, TUESDAY, WEDNESDAY):
        for hour in (0, 7, 8, 9, 12, 16, 17, 18, 23):
            remind(hour, day=day)

    assert sent() == [
        (Kind.TODAY, DAY),
        (Kind.CUT_OFF, DAY),
        (Kind.TODAY, TUESDAY),
        (Kind.OVERDUE, DAY),
        (Kind.CUT_OFF, TUESDAY),
        (Kind.TODAY, WEDNESDAY),
        (Kind.ESCALATED, TUESDAY),
        (Kind.OVERDUE, TUESDAY),
        (Kind.CUT_OFF, WEDNESDAY),
    ]
    assert sorted({to for to, _ in letters()}) == [ALICE, BOB, "eve@eve.example"]
    assert len(letters()) == 8 * 2 + 1
    assert Reminder.objects.get(kind=Kind.ESCALATED).contract == contract


def test_one_letter_for_a_provider_with_a_link_and_nobody_named(world):
    owes(world, kpis=5)
    made_dues(agreed(world, kpis=2, buyer=world.mereshire))

    remind(8)

    [first, second] = Message.objects.order_by("to")
    assert (first.to, second.to) == (ALICE, BOB)
    assert first.key == f"reminder:today:{world.ash_house.pk}:2026-10-05:{world.alice.pk}"
    assert "It answers 7 measures of your agreements." in first.body
    assert (first.queue, first.organisation_id) == ("mail", world.ash_house.pk)
    assert "http" in first.body
    event = Event.objects.get(action="monitoring.reminders.written")
    assert event.data == {"reminders": 1, "letters": 2}


def test_nobody_is_reminded_once_the_report_is_in(world):
    contract = owes(world, DAY, TUESDAY)
    made_report(contract)

    assert [remind(hour) for hour in (8, 16)] == [0, 0]
    assert remind(9, day=TUESDAY) == 1
    assert sent() == [(Kind.TODAY, TUESDAY)]


@pytest.mark.parametrize(
    "fields", [{"caught_up": True}, {"dropped_at": NINE}, {"day": DAY - dt.timedelta(61)}], ids=str
)
def test_what_is_not_asked_or_was_caught_up_with_reminds_nobody(world, fields):
    contract = agreed(world)
    made_dues(contract, **({"day": DAY} | fields))
    made_dues(contract, day=TUESDAY)

    remind(16)
    remind(9, day=TUESDAY)

    assert sent() == [(Kind.TODAY, TUESDAY)]


def test_on_a_day_without_duty_nothing_is_sent(world):
    owes(world, DAY, THURSDAY)
    remind(8)
    remind(16)

    assert [remind(hour, day=day) for day in (TUESDAY, WEDNESDAY) for hour in range(24)] == [0] * 48
    remind(9, day=THURSDAY)
    assert sent()[2:] == [(Kind.OVERDUE, DAY), (Kind.TODAY, THURSDAY)]


def test_what_is_asked_once_a_week_is_overdue_on_the_next_day_with_lessons(world):
    contract = owes(world, DAY)
    ReportDay.objects.create(contract=contract, day=WEDNESDAY)

    assert [remind(9, day=TUESDAY), remind(8, day=WEDNESDAY), remind(9, day=WEDNESDAY)] == [0, 0, 1]
    assert sent() == [(Kind.OVERDUE, DAY)]


def test_a_beat_that_was_away_for_26_hours_says_once_what_still_makes_sense(world):
    owes(world, DAY, TUESDAY, WEDNESDAY)
    remind(7, 59)

    remind(10, day=TUESDAY)
    remind(10, 1, day=TUESDAY)

    assert sent() == [(Kind.OVERDUE, DAY), (Kind.TODAY, TUESDAY)]


def test_several_overdue_days_are_one_letter(world):
    owes(world, DAY, TUESDAY, WEDNESDAY)

    remind(20, 0, day=WEDNESDAY)
    remind(9, day=WEDNESDAY)

    overdue = Message.objects.filter(key__startswith="reminder:overdue:")
    assert {one.subject for one in overdue} == {"2 daily reports are overdue"}
    assert {one.key.split(":")[3] for one in overdue} == {"2026-10-06"}
    assert "Monday 5 October 2026" in overdue.first().body
    assert sent() == [
        (Kind.ESCALATED, TUESDAY),
        (Kind.OVERDUE, DAY),
        (Kind.OVERDUE, TUESDAY),
        (Kind.TODAY, WEDNESDAY),
    ]


def test_each_buyer_has_its_own_times_and_a_provider_the_earliest(world):
    owes(world)
    made_dues(agreed(world, buyer=world.mereshire))
    made_dues(agreed(world, provider=world.birch_farm))
    times = {"due_today_at": dt.time(7, 15), "remind_at": dt.time(14), "cut_off": dt.time(16), "changed_at": NINE}
    ReportTerms.objects.create(buyer=world.mereshire, **times)

    assert [remind(7, 14), remind(7, 15), remind(8)] == [0, 1, 1]
    assert [remind(14), remind(15, 30)] == [1, 1]
    assert (
        list(Reminder.objects.order_by("pk").values_list("provider__name", flat=True))
        == [
            "Ash House",
            "Birch Farm",
        ]
        * 2
    )


def test_a_contract_manager_is_told_and_where_there_is_none_who_decides(world):
    contract = owes(world, DAY, TUESDAY, WEDNESDAY)
    remind(9, day=WEDNESDAY)
    Reminder.objects.all().delete()
    Message.objects.all().delete()
    made_member(world, "connie", world.larkshire, Role.CONTRACTS)

    remind(9, day=WEDNESDAY)

    letter = Message.objects.get(key__startswith="reminder:escalated:")
    assert (letter.to, letter.organisation_id) == ("connie@connie.example", world.larkshire.pk)
    assert contract.reference in letter.body
    assert "for 2 reporting days in a row" in letter.body


def test_a_report_in_between_begins_the_count_again(world):
    contract = owes(world, DAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    made_report(contract, day=TUESDAY, filed_at=local(WEDNESDAY, 10), late=True)

    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        remind(9, day=day)

    assert [(kind, day) for kind, day in sent() if kind == Kind.ESCALATED] == [(Kind.ESCALATED, THURSDAY)]


def test_a_provider_with_nobody_is_not_asked_again_and_the_others_are(world):
    owes(world)
    made_dues(agreed(world, provider=world.birch_farm))
    Membership.objects.filter(organisation=world.ash_house).update(ended_at=timezone.now(), person_name="")

    assert [remind(8), remind(8, 1)] == [2, 0]
    assert letters() == [("charlie@charlie.example", "Your daily report is due today")]


def test_a_part_that_is_still_missing_is_counted_alone(world):
    owes(world, kpis=5)
    late = agreed(world, buyer=world.mereshire, kpis=2)
    made_dues(late)
    made_report(late)

    remind(16)

    assert "It answers 5 measures" in Message.objects.first().body
    assert ReportDue.objects.missing().count() == 5


def test_statements_do_not_grow_with_what_is_owed(world, django_assert_num_queries):
    owes(world, DAY, TUESDAY, WEDNESDAY)
    with django_assert_num_queries(23) as few:
        remind(9, day=WEDNESDAY)
    Reminder.objects.all().delete()
    Message.objects.all().delete()
    for provider in (world.birch_farm, world.elm_grove):
        contract = agreed(world, provider=provider)
        for day in (DAY, TUESDAY, WEDNESDAY):
            made_dues(contract, day=day)

    with django_assert_num_queries(len(few)):
        remind(9, day=WEDNESDAY)
    with django_assert_num_queries(11):
        remind(9, 1, day=WEDNESDAY)


def test_the_task_asks_the_clock_and_nobody_else_may_remind(world, monkeypatch):
    owes(world)
    monkeypatch.setattr(tasks.clock, "now", lambda: local(DAY, 8))

    tasks.remind_of_reports()

    assert sent() == [(Kind.TODAY, DAY)]
    call_command("run_daily", "--date", "2026-10-05")
    assert len(sent()) == 1
    with pytest.raises(Denied):
        actions.remind(by=world.eve, at=NINE, today=DAY)
    assert running.remind(local(DAY - dt.timedelta(1), 9)) == 0
