"""What a daily report must say, and when lines that stand for a while are asked: tables, without a database."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules.refusals import Refused
from monitoring.rules import calendar_shown, reporting, standing
from monitoring.rules.reporting import Asked, Figures, Meanwhile, Said
from monitoring.rules.standing import Line

DAY = dt.date(2026, 10, 5)
NEXT_WEEK = DAY + dt.timedelta(days=7)
WELL = Said("well")
TOLD = Said("exception", "A window broke", "It is mended", NEXT_WEEK)
DRILLED = {"drill_on": "2026-09-30"}


def asked(kpi, buyer=1, title="Safeguarding", fed=("said",)):
    lines = tuple((f"Line of {one}", one, "daily") for one in fed)
    return Asked(kpi, buyer, f"Buyer {buyer}", title, lines)


@pytest.mark.parametrize(
    ("figures", "fed", "found"),
    [
        ({"expected": 3, "taken": 3, "absent": 1, "told": 1}, {"registers", "absences"}, {}),
        ({"expected": 3, "taken": 2}, {"registers"}, {"registers": ["1 register is not taken"]}),
        ({"expected": 3, "taken": 1}, {"absences"}, {"absences": ["2 registers are not taken"]}),
        ({"expected": 3, "to_come": 3}, {"registers"}, {"registers": ["3 sessions are still to come"]}),
        ({"breaches": 1}, {"registers"}, {"registers": ["Nobody was told within 30 minutes of 1 session"]}),
        (
            {"breaches": 2},
            {"registers", "absences"},
            {"absences": ["Nobody was told within 30 minutes of 2 sessions"]},
        ),
        ({"incidents": 1}, {"incidents"}, {"incidents": ["1 incident was written down"]}),
        ({"incidents": 1}, {"said"}, {}),
        ({"concerns": 4}, {"concerns"}, {}),
        ({"drill_on": "2025-10-05"}, {"drills"}, {}),
        (
            {"drill_on": "2025-10-04"},
            {"drills"},
            {"drills": ["No fire drill was written down in the last 12 months"]},
        ),
        ({"drill_on": ""}, {"drills"}, {"drills": ["No fire drill was written down in the last 12 months"]}),
    ],
)
def test_what_in_the_records_is_not_as_it_should_be(figures, fed, found):
    assert reporting.facts(Figures(**DRILLED | figures), fed, DAY) == found


def test_each_buyers_measures_are_held_against_its_own_pupils():
    rows = [asked(1, 1, fed=["registers"]), asked(2, 2, fed=["registers"]), asked(3, 2, "Other", fed=["said"])]
    figures = {1: Figures(expected=2, taken=1, **DRILLED), 2: Figures(expected=1, taken=1, **DRILLED)}

    against = reporting.touched(rows, figures, DAY)

    assert against == {1: ("1 register is not taken",), 2: (), 3: ()}
    groups = reporting.grouped(rows, against)
    assert [(one.key, [kpi.kpi for kpi in one.kpis], one.buyers) for one in groups] == [
        (1, [1], ["Buyer 1"]),
        (2, [2], ["Buyer 2"]),
        (3, [3], ["Buyer 2"]),
    ]


def test_measures_that_ask_alike_are_answered_together_and_can_be_taken_apart():
    rows = [
        asked(1, 1),
        asked(2, 2, title="safeguarding  "),
        asked(3, 2, title="Outcomes"),
        asked(4, 3, fed=["drills"]),
    ]
    against = dict.fromkeys(range(1, 5), ()) | {4: ("No drill",)}

    together = reporting.grouped(rows, against)
    apart = reporting.grouped(rows, against, {1})

    assert [[one.kpi for one in group.kpis] for group in together] == [[4], [1, 2], [3]]
    assert [(group.first, [one.kpi for one in group.kpis]) for group in apart] == [
        (4, [4]),
        (1, [1]),
        (1, [2]),
        (3, [3]),
    ]
    assert reporting.differing(together, {1: WELL, 2: TOLD, 3: WELL, 4: WELL}) == {1}
    assert reporting.differing(together, {}) == set()


@pytest.mark.parametrize(
    ("day", "owed", "words"),
    [(DAY + dt.timedelta(days=1), 5, "has not come"), (DAY, 0, "No report is owed")],
)
def test_a_report_is_of_a_day_that_has_come_and_owes_one(day, owed, words):
    reporting.check_day(DAY, DAY, 1)
    with pytest.raises(Refused, match=words):
        reporting.check_day(day, DAY, owed)


@pytest.mark.parametrize(("seen", "version", "words"), [(0, 1, "has filed"), (1, 2, "has corrected"), (5, 1, "filed")])
def test_who_has_not_seen_the_newest_version_is_told(seen, version, words):
    reporting.check_seen(version, version)
    with pytest.raises(Meanwhile, match=words):
        reporting.check_seen(seen, version)


def check(said, *, against=(), before=None, quiet=True, today=DAY):
    [found] = reporting.check_said(
        [asked(7)], {7: said}, against={7: against}, before={7: before} if before else {}, quiet=quiet, today=today
    ).values()
    return found


def test_what_is_filed_of_a_measure():
    assert check(Said("")) == WELL
    assert check(WELL, quiet=False) == WELL
    assert check(Said("well", "A cut finger, first aid", "x"), against=("1 incident",)) == Said(
        "well", "A cut finger, first aid"
    )
    assert check(TOLD, against=("1 incident",), quiet=False) == TOLD
    assert check(TOLD, before=TOLD, today=NEXT_WEEK + dt.timedelta(days=3)) == TOLD


@pytest.mark.parametrize(
    ("said", "against", "quiet", "words", "field"),
    [
        (Said(""), (), False, "say how it was", "status_7"),
        (Said("fine"), (), True, "say how it was", "status_7"),
        (
            Said(""),
            ("1 register is not taken",),
            True,
            "Safeguarding: 1 register is not taken. Say what happened",
            "what_7",
        ),
        (WELL, ("1 register is not taken",), False, "Say what happened", "what_7"),
        (Said("exception", "", "x", DAY), (), True, "write what was not", "what_7"),
        (Said("exception", "x", "", DAY), (), True, "write what is done", "action_7"),
        (Said("exception", "x", "x"), (), True, "enter the day", "by_7"),
        (Said("exception", "x", "x", DAY - dt.timedelta(days=1)), (), True, "today or later", "by_7"),
    ],
)
def test_what_is_refused_of_a_measure(said, against, quiet, words, field):
    with pytest.raises(Refused, match=words) as refused:
        check(said, against=against, quiet=quiet)
    assert refused.value.field == field


def test_a_measure_that_the_page_did_not_show_is_not_answered_by_the_tick():
    with pytest.raises(Meanwhile, match="has changed meanwhile"):
        reporting.check_said([asked(7)], {}, against={}, before={}, quiet=True, today=DAY)


def test_an_earlier_date_stands_only_where_it_stood_before():
    late = Said("exception", "x", "x", DAY - dt.timedelta(days=1))
    with pytest.raises(Refused, match="today or later"):
        check(late, before=TOLD)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Quillon cut a finger", "Quillon"),
        ("It was QUILLSWORTH'S chair", "QUILLSWORTH'S"),
        ("Ring 07700 900123", "07700 900123"),
        ("A pupil cut a finger", ""),
        ("", ""),
    ],
)
def test_a_report_names_no_pupil(text, found):
    people = ["Quillon", "Quillsworth"]
    if not found:
        reporting.check_names([("what_1", text)], people)
        return
    with pytest.raises(Refused, match=found) as refused:
        reporting.check_names([("what_1", text)], people)
    assert refused.value.field == "what_1"


def test_a_day_is_quiet_by_the_tick_alone():
    assert reporting.is_quiet(True, [WELL, WELL])
    assert not reporting.is_quiet(False, [WELL])
    assert not reporting.is_quiet(True, [WELL, TOLD])
    assert not reporting.is_quiet(True, [Said("well", "A word")])


@pytest.mark.parametrize(
    ("made", "filed", "late"),
    [
        ((10, 5, 4), (10, 5, 17, 0), False),  # 18:00 in summer
        ((10, 5, 4), (10, 5, 17, 1), True),
        ((10, 7, 8), (10, 7, 17, 0), False),  # the portal was down until Wednesday
        ((10, 7, 8), (10, 7, 17, 1), True),
    ],
)
def test_what_was_asked_late_is_late_from_the_day_on_which_it_was_asked(made, filed, late):
    made_at, filed_at = dt.datetime(2026, *made, tzinfo=dt.UTC), dt.datetime(2026, *filed, tzinfo=dt.UTC)

    assert reporting.is_late_due(DAY, made_at, dt.time(18), filed_at) is late


def test_what_a_correction_changed():
    assert reporting.changed({1: WELL, 2: TOLD}, {1: WELL, 2: WELL, 3: WELL}) == {2, 3}


AUTUMN = [(dt.date(2026, 9, 2), dt.date(2026, 10, 23)), (dt.date(2026, 11, 2), dt.date(2026, 12, 18))]
SPRING = [(dt.date(2027, 1, 4), dt.date(2027, 2, 12)), (dt.date(2027, 2, 22), dt.date(2027, 3, 25))]


@pytest.mark.parametrize(
    ("day", "spans", "term"),
    [
        (DAY, AUTUMN + SPRING, ((2026, 9, 2), (2027, 1, 3))),
        (dt.date(2026, 11, 20), SPRING + AUTUMN, ((2026, 9, 2), (2027, 1, 3))),
        (dt.date(2026, 12, 28), AUTUMN + SPRING, ((2026, 9, 2), (2027, 1, 3))),
        (dt.date(2027, 2, 15), AUTUMN + SPRING, ((2027, 1, 4), (2027, 3, 31))),
        (dt.date(2027, 5, 1), AUTUMN + SPRING, ((2027, 4, 1), (2027, 8, 31))),
        (dt.date(2026, 8, 30), AUTUMN, ((2026, 4, 1), (2026, 8, 31))),
        (dt.date(2026, 9, 1), AUTUMN, ((2026, 9, 1), (2026, 9, 1))),
        (DAY, [], ((2026, 9, 1), (2026, 12, 31))),
        (dt.date(2026, 2, 28), [], ((2026, 1, 1), (2026, 3, 31))),
    ],
)
def test_the_term_of_a_day(day, spans, term):
    assert standing.term_of(day, spans) == tuple(dt.date(*one) for one in term)


def at(*day):
    return dt.datetime(*day, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("answered_at", "changed_at", "why"),
    [
        (None, None, "first"),
        (at(2026, 9, 1, 22, 59), None, "term"),
        (at(2026, 9, 1, 23), None, ""),  # midnight in England
        (at(2026, 9, 10), at(2026, 9, 9), ""),
        (at(2026, 9, 10), at(2026, 9, 10), ""),
        (at(2026, 9, 10), at(2026, 9, 11), "change"),
        (at(2026, 9, 1), at(2026, 9, 11), "term"),
    ],
)
def test_why_a_line_is_asked(answered_at, changed_at, why):
    assert standing.why_asked(answered_at, (dt.date(2026, 9, 2), dt.date(2027, 1, 3)), changed_at) == why


def test_a_wording_is_asked_once_for_all_who_ask_it():
    term = (dt.date(2026, 9, 2), dt.date(2027, 1, 3))
    lines = [(1, "Policies"), (2, "Insurance"), (3, "Policies"), (4, "Staff")]
    answered = {1: at(2026, 9, 10), 2: at(2026, 9, 10), 4: at(2026, 9, 10)}

    found = standing.asked(lines, answered, term=term, changed_at=None, again=[4])

    assert found == [Line(1, "Policies", (1, 3), "first"), Line(4, "Staff", (4,), "")]


def test_what_is_said_of_lines_takes_the_tick_or_words():
    lines = [Line(1, "Policies", (1, 3), "first"), Line(2, "Staff", (2,), "term")]

    assert standing.check_standing(lines, {1: "", 2: "A new head"}, True) == {1: "", 3: "", 2: "A new head"}
    assert standing.check_standing(lines, {1: "New", 2: "Too"}, False) == {1: "New", 3: "New", 2: "Too"}
    with pytest.raises(Refused, match="still so") as refused:
        standing.check_standing(lines, {1: "New", 2: ""}, False)
    assert refused.value.field == "still"
    with pytest.raises(Meanwhile):
        standing.check_standing(lines, {1: "New"}, True)


@pytest.mark.parametrize(
    ("counts", "day", "state"),
    [
        (None, DAY, "none"),
        ({"missing": 0, "late": 0}, DAY, "in-time"),
        ({"missing": 0, "late": 1}, DAY, "late"),
        ({"missing": 1, "late": 1}, DAY, "today"),
        ({"missing": 1, "late": 0}, DAY - dt.timedelta(days=1), "missing"),
    ],
)
def test_what_a_day_in_the_calendar_came_to(counts, day, state):
    assert calendar_shown.state_of(counts, day, DAY) == state


def test_a_term_as_weeks_with_the_weekend_only_where_one_owes():
    first, last = dt.date(2026, 9, 30), DAY
    met = {"missing": 0, "late": 0}

    weeks = calendar_shown.weeks_of({DAY: met}, {DAY}, first=first, last=last, today=DAY)
    with_weekend = calendar_shown.weeks_of({dt.date(2026, 10, 3): met}, (), first=first, last=last, today=DAY)

    assert [len(week) for week in weeks] == [5, 5]
    assert [cell.in_term for cell in weeks[0]] == [False, False, True, True, True]
    assert (weeks[1][0].words, weeks[1][0].told) == ("On time", True)
    assert [len(week) for week in with_weekend] == [7, 7]
