"""The board's lines, weeks and exceptions, and what figures propose: as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.states import Fed
from lots.rules.refusals import Refused
from monitoring.rules import board, ratings
from monitoring.rules.board import Due, Line, Said
from monitoring.rules.ratings import Figures
from monitoring.states import Grade

MON = dt.date(2026, 10, 5)
SEPTEMBER, HALF = dt.date(2026, 9, 1), dt.date(2026, 10, 23)
TUE, WED, SAT = (MON + dt.timedelta(days=n) for n in (1, 2, 5))


def said(day=MON, version=1, status="well", kpi=1, what="", by_on=None) -> Said:
    return Said(kpi, day, version, day.day * 10 + version, status, what, "We mend it" if what else "", by_on)


def told(day=MON, version=1, by_on=TUE, what="A window was broken") -> Said:
    return said(day, version, "exception", what=what, by_on=by_on)


def test_worst_comes_first_and_equals_stand_by_name():
    lines = [
        Line(1, "Zebra", owed=10, on_time=10),
        Line(2, "alder", owed=10, on_time=10),
        Line(3, "Told", owed=10, on_time=10, exceptions=2),
        Line(4, "Late", owed=10, late=1, on_time=9),
        Line(5, "Missed once", owed=10, missing=2),
        Line(6, "Missed on", owed=10, missing=1, missed_row=1),
    ]

    assert [one.provider for one in board.worst_first(lines)] == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(("on_time", "owed", "share"), [(0, 0, None), (0, 3, 0), (189, 190, 99), (190, 190, 100)])
def test_a_share_is_rounded_down(on_time, owed, share):
    assert Line(1, "Ash House", owed=owed, on_time=on_time).share == share


@pytest.mark.parametrize(
    ("today", "spans", "first"),
    [
        (WED, [(SEPTEMBER, HALF), (dt.date(2026, 11, 2), dt.date(2026, 12, 18))], "2026-09-01"),
        (dt.date(2026, 10, 28), [(SEPTEMBER, HALF)], "2026-09-01"),
        (dt.date(2026, 11, 2), [(SEPTEMBER, HALF), (dt.date(2026, 11, 2), SAT)], "2026-11-02"),
        (WED, [], "2026-09-01"),
        (WED, [(dt.date(2026, 11, 2), dt.date(2026, 12, 18))], "2026-09-01"),
    ],
)  # fmt: skip
def test_a_board_begins_with_this_half_term(today, spans, first):
    assert board.period_of(today, spans) == (dt.date.fromisoformat(first), today)


@pytest.mark.parametrize(
    ("today", "since"),
    [("2026-10-05", "2025-11-05"), ("2026-12-31", "2026-01-28"), ("2026-01-31", "2025-02-28")],
)
def test_a_rating_is_due_after_eleven_months(today, since):
    assert board.last_rated_by(dt.date.fromisoformat(today)).isoformat() == since


@pytest.mark.parametrize(
    ("due", "one", "words", "sign"),
    [
        (None, None, "Nothing due", ""),
        (Due(1, MON, True, False), said(), "On time", "✓"),
        (Due(1, MON, True, False), None, "On time", "✓"),
        (Due(1, MON, True, True), said(), "Late", "L"),
        (Due(1, MON, True, True), told(), "Late, something to tell", "L!"),
        (Due(1, MON, False, False), None, "Missing", "M"),
        (Due(1, WED, False, False), None, "Due today", "…"),
    ],
)
def test_a_cell_says_in_words_what_its_colour_says(due, one, words, sign):
    dues = [due or Due(1, TUE, True, False)]

    [week] = board.weeks_of(dues, {(1, MON): one} if one else {}, {1: "Safeguarding"}, today=WED)

    [(kpi, cells)] = week.rows
    cell = next(cell for cell in cells if cell.day == (due.day if due else MON))
    assert (kpi, week.monday, len(week.days), cell.words, cell.sign) == (1, MON, 5, words, sign)


def test_weeks_stand_newest_first_with_the_weekend_where_something_is_due_and_measures_in_their_order():
    dues = [Due(2, MON, True, False), Due(1, SAT, True, False), Due(2, MON + dt.timedelta(days=7), True, False)]

    weeks = board.weeks_of(dues, {}, {1: "Safeguarding", 2: "Health"}, today=SAT)

    assert [(len(one.days), [kpi for kpi, _ in one.rows]) for one in weeks] == [(5, [2]), (7, [1, 2])]


@pytest.mark.parametrize(
    ("versions", "days"),
    [
        ([said()], {}),
        ([said(), said(version=2)], {}),
        ([said(), said(version=2, kpi=2)], {}),  # asked at noon, so answered later: no correction
        ([said(), told(version=2)], {MON: 52}),
        ([told(), told(version=3, by_on=WED), told(version=2)], {MON: 53}),
        ([said(TUE), told(TUE, 2), said(), told(version=2)], {TUE: 62, MON: 52}),
    ],
)
def test_a_day_is_corrected_where_a_later_version_says_something_else(versions, days):
    assert board.corrected(versions) == days


@pytest.mark.parametrize(
    ("later", "today", "state"),
    [
        ([], TUE, board.OPEN),
        ([], WED, board.OVERDUE),
        ([said(TUE)], WED, board.CLOSED),
        ([told(TUE, by_on=SAT)], WED, board.OVERDUE),
        ([said(TUE, kpi=2)], WED, board.OVERDUE),
        ([said(MON - dt.timedelta(days=1))], WED, board.OVERDUE),
    ],
)
def test_an_exception_is_open_until_a_later_day_says_that_all_is_well(later, today, state):
    found = board.told_of(board.newest([told(), *later]), today=today)

    assert found[-1].state == state


def test_of_a_day_the_newest_version_counts():
    assert board.told_of(board.newest([told(), said(version=2)]), today=WED) == []


ALL = set(Fed)


@pytest.mark.parametrize(
    ("figures", "fed", "grade"),
    [
        ({}, ALL, Grade.OTHER),
        ({"sessions": 10, "breaches": 10}, ALL, Grade.OTHER),
        ({"owed": 100, "on_time": 95, "late": 5}, ALL, Grade.GOOD),
        ({"owed": 100, "late": 6}, ALL, Grade.APPROACHING),
        ({"owed": 100, "late": 16}, ALL, Grade.IMPROVE),
        ({"owed": 100, "late": 31}, ALL, Grade.INADEQUATE),
        ({"owed": 100, "missing": 1}, ALL, Grade.GOOD),
        ({"owed": 100, "missing": 2}, ALL, Grade.APPROACHING),
        ({"owed": 100, "missing": 16}, ALL, Grade.INADEQUATE),
        ({"owed": 190, "missing": 2}, ALL, Grade.APPROACHING),  # 1.05 in a hundred: more than 1
        ({"owed": 100, "exceptions": 60}, ALL, Grade.GOOD),  # telling counts against nobody
        ({"owed": 100, "exceptions": 1, "overdue": 1}, ALL, Grade.APPROACHING),
        ({"owed": 100, "exceptions": 9, "overdue": 4}, ALL, Grade.INADEQUATE),
        ({"owed": 100, "sessions": 1000, "breaches": 1}, {Fed.ABSENCES}, Grade.APPROACHING),
        ({"owed": 100, "sessions": 1000, "breaches": 1}, {Fed.REGISTERS}, Grade.GOOD),
        ({"owed": 100, "sessions": 100, "not_taken": 4}, {Fed.REGISTERS}, Grade.IMPROVE),
        ({"owed": 100, "late": 6, "sessions": 100, "not_taken": 11}, {Fed.REGISTERS}, Grade.INADEQUATE),
    ],
)
def test_the_worst_of_what_is_looked_at_is_proposed(figures, fed, grade):
    assert ratings.proposed(Figures(**figures), fed) == grade


def test_the_limits_and_figures_are_told_in_words():
    found = {one.measure.bad: one for one in ratings.held(Figures(owed=190, missing=2, late=1, overdue=2), ALL)}

    assert found["missing"].figures == "2 of 190 (1.1%)"
    assert found["missing"].measure.limits.startswith("Good up to 1%, approaching target up to 5%")
    assert (found["overdue"].figures, found["overdue"].label) == ("2", "Requires improvement")
    assert set(found) == {"not_on_time", "missing", "overdue"}


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(TUE, MON, "last"), (MON, SAT, "last"), (MON - dt.timedelta(days=366), MON, "last")],
)
def test_a_period_is_in_order_over_and_of_a_year_at_most(first, last, field):
    with pytest.raises(Refused) as refusal:
        ratings.check_period(first, last, today=WED)
    assert refusal.value.field == field

    ratings.check_period(MON - dt.timedelta(days=365), MON, today=MON)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "offered"}, "once both sides have signed"),
        ({"grade": "splendid"}, "Choose a rating"),
        ({"reason": " "}, "Enter the reason"),
        ({"reason": "a" * 2001}, "2,000 characters or fewer"),
    ],
)
def test_a_rating_has_a_grade_of_the_scale_and_a_reason(fields, words):
    usual = {"state": "ended", "grade": "good", "reason": "Every report came"}
    ratings.check_rating(**usual)

    with pytest.raises(Refused, match=words):
        ratings.check_rating(**usual | fields)


def test_what_a_page_saw_changes_with_the_figures_and_with_the_rating():
    now = Figures(owed=3)

    assert ratings.mark_of(1, now) == ratings.mark_of(1, now.kept())
    assert len({ratings.mark_of(1, now), ratings.mark_of(2, now), ratings.mark_of(1, Figures(owed=4))}) == 3
