"""When visits are due, what fulfils them, and what a visit that was held must say."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from monitoring.rules import visits as rules
from monitoring.rules.visits import Had, Seen, Span, ToDo, Wanted, Written

D = dt.date
TODAY = D(2026, 10, 14)  # a Wednesday
AUTUMN = Span(D(2026, 9, 2), D(2026, 10, 23))
WHOLE = Calendar(terms=((D(2026, 9, 1), D(2026, 12, 18)),))
WINTER = Span(D(2026, 10, 25), D(2026, 12, 18))
FIRST, SECOND = Span(D(2026, 9, 7), D(2026, 10, 18)), Span(D(2026, 10, 19), D(2026, 11, 29))
HALVES = Calendar(terms=((AUTUMN.first, AUTUMN.last), (D(2026, 11, 2), D(2026, 12, 18))))
WEEK_41, WEEK_42 = Span(D(2026, 10, 5), D(2026, 10, 11)), Span(D(2026, 10, 12), D(2026, 10, 18))
GOOD = Written(
    held_on=TODAY, arrived=dt.time(9), left=dt.time(10), words="Calm", seen="",
    findings=(Seen("1.1", "Checks", "partly", "One is missing", 1),), actions=(ToDo("Ask", "provider", TODAY),),
)  # fmt: skip


def changed(**fields) -> Written:
    return Written(**{name: getattr(GOOD, name) for name in Written.__dataclass_fields__} | fields)


def test_weeks_are_monday_to_sunday_and_only_those_with_a_session():
    assert rules.weeks([D(2026, 10, 5), D(2026, 10, 11), D(2026, 10, 12)]) == [WEEK_41, WEEK_42]
    assert rules.weeks([]) == []
    assert rules.week_of(D(2026, 10, 25)).first == D(2026, 10, 19)  # the day on which the clocks change
    assert (rules.every("face"), rules.every("unannounced"), rules.every("quality")) == (
        "week", "half_term", "half_term",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("calendar", "first", "last", "spans"),
    [
        (HALVES, D(2026, 9, 7), TODAY, [AUTUMN]),
        (HALVES, D(2026, 9, 7), D(2026, 11, 2), [AUTUMN, Span(D(2026, 11, 2), D(2026, 12, 18))]),
        (HALVES, D(2026, 10, 24), D(2026, 11, 1), []),
        (WHOLE, D(2026, 9, 1), TODAY, [Span(D(2026, 9, 1), D(2026, 10, 24))]),
        (WHOLE, D(2026, 9, 1), D(2026, 11, 1), [Span(D(2026, 9, 1), D(2026, 10, 24)), WINTER]),
        (Calendar(), D(2026, 9, 7), TODAY, [FIRST]),
        (Calendar(), D(2026, 9, 7), D(2026, 10, 19), [FIRST, SECOND]),
    ],
)  # fmt: skip
def test_half_terms_of_a_calendar(calendar, first, last, spans):
    assert rules.half_terms(calendar, first, last) == spans


@pytest.mark.parametrize(
    ("kind", "placement", "had", "counts"),
    [
        ("face", None, Had("face", TODAY), True),
        ("face", None, Had("face", TODAY, placement=7), True),
        ("face", 7, Had("face", TODAY, placement=7), True),
        ("face", 7, Had("face", TODAY, placement=8), False),
        ("face", 7, Had("face", TODAY), False),
        ("face", None, Had("face", TODAY, ours=False, whose="Elm"), False),
        ("face", None, Had("quality", TODAY), False),
        ("unannounced", None, Had("unannounced", TODAY), True),
        ("unannounced", None, Had("quality", TODAY), False),
        ("unannounced", None, Had("quality", TODAY, ours=False), True),
        ("quality", None, Had("unannounced", TODAY, ours=False), True),
        ("unannounced", None, Had("face", TODAY, ours=False), False),
        ("unannounced", 7, Had("unannounced", TODAY, ours=False), False),
    ],
)
def test_what_fulfils_a_schedule(kind, placement, had, counts):
    assert rules.fulfils(Wanted(kind, TODAY, placement=placement), had) is counts


def test_a_schedule_stands_in_each_week_that_has_begun():
    wanted = Wanted("face", D(2026, 9, 28))
    spans = [Span(D(2026, 9, 21), D(2026, 9, 27)), WEEK_41, WEEK_42, Span(D(2026, 10, 19), D(2026, 10, 25))]

    found = rules.stands(wanted, spans, [], TODAY)
    assert [(one.span, one.how) for one in found] == [(WEEK_42, "due"), (WEEK_41, "overdue")]
    [now, before] = rules.stands(wanted, spans, [Had("face", D(2026, 10, 11))], TODAY)
    assert (before.how, before.on, now.how) == ("held", D(2026, 10, 11), "due")
    assert [one.span for one in rules.stands(Wanted("face", D(2026, 9, 28), D(2026, 10, 11)), spans, [], TODAY)] == [
        WEEK_41
    ]


def test_our_own_visit_is_named_before_one_that_is_shared():
    had = [Had("unannounced", D(2026, 9, 9), ours=False, whose="Elm"), Had("unannounced", D(2026, 9, 30))]

    assert [one.on for one in rules.stands(Wanted("unannounced", TODAY), [AUTUMN], had, TODAY)] == [D(2026, 9, 30)]
    assert rules.stands(Wanted("unannounced", TODAY), [AUTUMN], had[:1], TODAY)[0].whose == "Elm"


@pytest.mark.parametrize(
    ("values", "words"),
    [({"stands_already": True}, "already"), ({"until_on": TODAY - dt.timedelta(days=1)}, "or later")],
)
def test_what_a_schedule_must_be(values, words):
    right = {"from_on": TODAY, "until_on": TODAY, "stands_already": False}

    rules.check_schedule(**right)
    with pytest.raises(Refused, match=words):
        rules.check_schedule(**right | values)


def test_a_visit_is_planned_ahead_and_moves_once():
    rules.check_plan(planned_on=TODAY, today=TODAY)
    with pytest.raises(Refused, match="today or later"):
        rules.check_plan(planned_on=TODAY - dt.timedelta(days=1), today=TODAY)
    rules.check_move("planned", "held")
    for now, then in (("held", "cancelled"), ("cancelled", "held"), ("held", "held")):
        with pytest.raises(Refused, match="already"):
            rules.check_move(now, then)


@pytest.mark.parametrize(
    ("written", "of_pupil", "words"),
    [
        (changed(findings=(Seen("1.1", "Checks", "not_met"),)), False, "what is wanting"),
        (GOOD, True, "does not see a visit to one pupil"),
        (changed(held_on=TODAY + dt.timedelta(days=1)), False, "today or in the past"),
        (changed(left=dt.time(9)), False, "after the time you arrived"),
        (changed(held_on=None), False, "Enter the day"),
        (changed(actions=(ToDo("Ask", "provider", TODAY - dt.timedelta(days=1)),)), False, "before the visit"),
        (changed(words="", findings=()), False, "Write what you saw"),
    ],
)
def test_what_a_finished_visit_must_say(written, of_pupil, words):
    with pytest.raises(Refused, match=words):
        rules.check_written(written, today=TODAY, finished=True, of_pupil=of_pupil)


def test_what_is_not_finished_may_be_empty_and_what_is_said_is_one_text():
    empty = changed(held_on=None, arrived=None, left=None, words="", findings=(), actions=())

    rules.check_written(empty, today=TODAY, finished=False, of_pupil=True)
    rules.check_written(GOOD, today=TODAY, finished=True, of_pupil=False)
    seen = changed(words="", findings=(), actions=(), seen="Met alone")
    rules.check_written(seen, today=TODAY, finished=True, of_pupil=True)
    assert GOOD.texts == "Calm\nChecks\nOne is missing\nAsk"
    assert empty.texts == ""


@pytest.mark.parametrize(
    ("values", "words"),
    [({"of_pupil": True}, "one pupil"), ({"state": "planned"}, "when it was held"), ({"shared": True}, "meanwhile")],
)
def test_what_is_shared(values, words):
    right = {"state": "held", "of_pupil": False, "shared": False, "share": True}

    rules.check_share(**right)
    rules.check_share(**right | {"shared": True, "share": False})
    with pytest.raises(Refused, match=words):
        rules.check_share(**right | values)


def test_when_an_action_is_done():
    right = {"done": False, "done_on": TODAY, "held_on": TODAY, "today": TODAY}

    rules.check_done(**right)
    with pytest.raises(Refused, match="already"):
        rules.check_done(**right | {"done": True})
    for day in (TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)):
        with pytest.raises(Refused, match="after the visit"):
            rules.check_done(**right | {"done_on": day})
