"""Which reminders are due at a moment, and a buyer's times, as tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from lots.rules.refusals import Refused
from monitoring.rules import letters
from monitoring.rules import reminders as rules
from monitoring.rules.reminders import Owed
from monitoring.rules.terms import USUAL, check_terms, mark_of
from monitoring.rules.times import ENGLAND, moment
from monitoring.states import ReminderKind as Kind

MONDAY = dt.date(2026, 10, 5)
LARKSHIRE, MERESHIRE = 1, 2


def at(hour, minute=0, day=MONDAY):
    return moment(day, dt.time(hour, minute))


def time(text):
    return dt.time.fromisoformat(text)


def owed(missing=5, *, buyer=LARKSHIRE, day=MONDAY):
    return Owed(provider=9, buyer=buyer, contract=buyer, day=day, missing=missing)


@pytest.mark.parametrize(
    ("quiet", "times"),
    [
        (("20:00", "07:00"), {"19:59": False, "20:00": True, "00:00": True, "06:59": True, "07:00": False}),
        (("01:00", "06:00"), {"00:59": False, "01:00": True, "05:59": True, "06:00": False}),
        (("00:00", "06:00"), {"23:59": False, "00:00": True}),
        (("07:00", "07:00"), {"06:59": False, "07:00": False, "12:00": False}),
    ],
)
def test_quiet_hours_may_go_over_midnight_and_end_with_their_minute(quiet, times):
    terms = replace(USUAL, quiet_from=time(quiet[0]), quiet_until=time(quiet[1]))

    assert {text: terms.is_quiet(time(text)) for text in times} == times


@pytest.mark.parametrize(
    ("hour", "told", "due"),
    [
        ((7, 59), (), None),
        ((8, 0), (), Kind.TODAY),
        ((8, 0), {Kind.TODAY}, None),
        ((15, 29), (), Kind.TODAY),
        ((15, 30), {Kind.TODAY}, Kind.CUT_OFF),
        ((15, 30), (), Kind.CUT_OFF),
        ((15, 31), {Kind.CUT_OFF}, None),
        ((17, 59), {Kind.TODAY}, Kind.CUT_OFF),
        ((18, 0), {Kind.TODAY}, None),
        ((23, 0), (), None),
    ],
)
def test_what_is_said_of_today(hour, told, due):
    assert rules.of_today([owed()], told, {LARKSHIRE: USUAL}, MONDAY, at(*hour)) == due


def test_nothing_is_said_once_everything_is_in():
    assert rules.of_today([owed(0)], (), {LARKSHIRE: USUAL}, MONDAY, at(15, 30)) is None


@pytest.mark.parametrize(
    ("here", "there", "hour", "due"),
    [
        (5, 5, (6, 59), None),
        (5, 5, (7, 0), Kind.TODAY),
        (5, 0, (7, 0), None),
        (5, 5, (14, 0), Kind.CUT_OFF),
        (5, 0, (14, 0), Kind.TODAY),
        (0, 5, (14, 0), Kind.CUT_OFF),
    ],
)
def test_of_two_buyers_the_earliest_counts_whose_report_is_missing(here, there, hour, due):
    terms = {LARKSHIRE: USUAL, MERESHIRE: replace(USUAL, due_today_at=dt.time(7), remind_at=dt.time(14))}
    rows = [owed(here), owed(there, buyer=MERESHIRE)]

    assert rules.of_today(rows, (), terms, MONDAY, at(*hour)) == due


def test_after_the_reminder_of_one_buyer_the_morning_message_of_another_stays_away():
    terms = {LARKSHIRE: USUAL, MERESHIRE: replace(USUAL, remind_at=dt.time(10), cut_off=dt.time(11))}
    rows = [owed(), owed(buyer=MERESHIRE)]

    assert rules.of_today(rows, {Kind.CUT_OFF}, terms, MONDAY, at(12)) is None


@pytest.mark.parametrize(
    ("kind", "quiet", "hour", "goes"),
    [
        (Kind.TODAY, ("20:00", "09:00"), (8, 30), False),
        (Kind.TODAY, ("20:00", "09:00"), (9, 0), True),
        (Kind.CUT_OFF, ("15:00", "17:00"), (16, 0), False),
        (Kind.CUT_OFF, ("15:00", "17:00"), (17, 0), True),
        (Kind.CUT_OFF, ("15:00", "18:30"), (18, 30), False),
        (Kind.OVERDUE, ("20:00", "07:00"), (8, 59), False),
        (Kind.OVERDUE, ("20:00", "07:00"), (19, 59), True),
        (Kind.OVERDUE, ("20:00", "07:00"), (20, 0), False),
        (Kind.ESCALATED, ("20:00", "10:00"), (9, 30), False),
        (Kind.ESCALATED, ("20:00", "10:00"), (10, 0), True),
    ],
)
def test_in_quiet_hours_it_waits_and_goes_if_it_still_makes_sense(kind, quiet, hour, goes):
    terms = replace(USUAL, quiet_from=time(quiet[0]), quiet_until=time(quiet[1]))

    assert rules.is_open(kind, terms, MONDAY, at(*hour)) is goes


@pytest.mark.parametrize(
    ("day", "utc", "goes"),
    [
        ((2026, 10, 23), "2026-10-23T06:59", False),
        ((2026, 10, 23), "2026-10-23T07:00", True),
        ((2026, 10, 26), "2026-10-26T07:30", False),
        ((2026, 10, 26), "2026-10-26T08:00", True),
        ((2027, 3, 26), "2027-03-26T08:00", True),
        ((2027, 3, 29), "2027-03-29T06:59", False),
        ((2027, 3, 29), "2027-03-29T07:00", True),
    ],
)
def test_eight_in_england_is_eight_on_both_sides_of_a_change_of_the_clocks(day, utc, goes):
    moment_ = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)

    assert rules.is_open(Kind.TODAY, USUAL, dt.date(*day), moment_) is goes


def test_quiet_hours_come_twice_where_the_hour_does():
    terms = replace(USUAL, quiet_from=dt.time(0), quiet_until=dt.time(1, 30))
    moments = [dt.datetime(2026, 10, 25, *time, tzinfo=dt.UTC) for time in ((0, 35), (1, 10), (1, 30))]

    assert [terms.is_quiet(one.astimezone(ENGLAND).time()) for one in moments] == [False, True, False]


def test_overdue_days_are_told_together_each_once_and_from_the_hour_of_their_buyer():
    friday, thursday = MONDAY - dt.timedelta(3), MONDAY - dt.timedelta(4)
    rows = [owed(day=friday), owed(day=thursday), owed(day=friday, buyer=MERESHIRE)]
    terms = {LARKSHIRE: USUAL, MERESHIRE: replace(USUAL, overdue_at=dt.time(8))}

    assert rules.overdue(rows, terms, MONDAY, at(7, 59)) == []
    assert rules.overdue(rows, terms, MONDAY, at(8)) == [friday]
    assert rules.overdue(rows, terms, MONDAY, at(9)) == [thursday, friday]


@pytest.mark.parametrize(
    ("missing", "row"),
    [([], 0), ([0, 0], 0), ([5, 0], 0), ([0, 5], 1), ([5, 5, 1], 3), ([5, 0, 1, 5], 2)],
)
def test_days_missed_in_a_row_end_with_one_that_was_reported_in_full(missing, row):
    days = [(MONDAY + dt.timedelta(number), count) for number, count in enumerate(missing)]

    assert rules.missed_in_a_row(days) == [day for day, _ in days[len(days) - row :]]


@pytest.mark.parametrize(
    ("missed", "told", "after", "for_day"),
    [
        (0, [], 1, None),
        (1, [], 1, 0),
        (1, [], 2, None),
        (2, [], 2, 1),
        (4, [], 2, 3),
        (3, [1], 2, None),
        (6, [1], 2, None),
        (7, [1], 2, 6),
        (11, [1, 6], 2, None),
        (12, [1, 6], 2, 11),
        (2, [-9], 2, 1),
    ],
)
def test_a_contract_manager_is_told_once_and_again_after_a_week_of_school(missed, told, after, for_day):
    def day(number):
        return MONDAY + dt.timedelta(number)

    found = rules.escalated([day(number) for number in range(missed)], [day(number) for number in told], after)

    assert found == (None if for_day is None else day(for_day))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"due_today_at": "15:30"}, "remind_at"),
        ({"remind_at": "18:00"}, "cut_off"),
        ({"quiet_until": "08:01"}, "due_today_at"),
        ({"quiet_from": "15:30", "overdue_at": "15:00"}, "remind_at"),
        ({"overdue_at": "20:00"}, "overdue_at"),
    ],
)
def test_times_that_could_not_be_kept_are_refused(fields, field):
    with pytest.raises(Refused) as refusal:
        check_terms(replace(USUAL, **{name: time(value) for name, value in fields.items()}))

    assert refusal.value.field == field


@pytest.mark.parametrize(("days", "fine"), [(0, False), (1, True), (20, True), (21, False)])
def test_how_many_days_may_be_missed(days, fine):
    try:
        check_terms(replace(USUAL, escalate_after=days))
        assert fine
    except Refused:
        assert not fine


def test_the_usual_times_are_fine_and_a_page_hands_back_what_it_saw():
    check_terms(USUAL)

    assert mark_of(USUAL) == "0800-1530-1800-0900-2-2000-0700"


def test_what_letters_say():
    def body(kind, *days):
        return letters.to_provider(kind, "Ash House", days, "https://x.example/")

    tuesday = MONDAY + dt.timedelta(1)
    one = body(Kind.TODAY, (MONDAY, 1))
    assert one.subject == "Your daily report is due today"
    assert "Ash House’s daily report for Monday 5 October 2026 is due today. It answers 1 measure of" in one.body
    assert "not filed yet, and will soon be late. It answers 5 measures" in body(Kind.CUT_OFF, (MONDAY, 5)).body
    assert body(Kind.OVERDUE, (MONDAY, 5)).subject == "A daily report is overdue"
    two = body(Kind.OVERDUE, (tuesday, 5), (MONDAY, 5))
    assert two.subject == "2 daily reports are overdue"
    assert "- Monday 5 October 2026\n- Tuesday 6 October 2026\n" in two.body
    assert "- and 2 more" in body(Kind.OVERDUE, *[(MONDAY + dt.timedelta(n), 1) for n in range(7)]).body
    assert "for 1 reporting day under" in letters.to_manager("Ash House", "FA-1", 1, "https://x.example/").body
    assert "for 3 reporting days in a row under" in letters.to_manager("Ash House", "FA-1", 3, "x").body
