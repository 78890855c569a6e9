"""The dates of a framework in order, and how it stands at a moment."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules.milestones import Dates, due_next, milestones, standing
from lots.rules.notice_types import in_words
from lots.states import FrameworkState as State

PUBLISHED = dt.datetime(2026, 3, 18, 9, 0, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)  # 12:00 in England, in summer
DATES = Dates(
    state=State.PUBLISHED,
    published_at=PUBLISHED,
    enquiries_until=dt.datetime(2026, 4, 14, 11, 0, tzinfo=dt.UTC),
    closes_at=NOON,
    award_by_on=dt.date(2026, 7, 10),
    starts_on=dt.date(2026, 9, 1),
    ends_on=dt.date(2036, 8, 31),
    key_dates=(("reopening", dt.datetime(2028, 3, 1, 0, 0, tzinfo=dt.UTC), ""),),
)
TICK = dt.timedelta(microseconds=1)


def but(**changes) -> Dates:
    return Dates(**DATES.__dict__ | changes)


def moment(*parts) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("dates", "at", "code", "on"),
    [
        (but(state=State.DRAFT), PUBLISHED, "draft", None),
        (DATES, PUBLISHED, "open", NOON),
        (DATES, NOON, "open", NOON),  # the deadline itself is in time
        (DATES, NOON + TICK, "assessing", DATES.award_by_on),
        (but(closes_at=None), moment(2030, 1, 1), "open", None),
        (but(state=State.RUNNING), moment(2026, 8, 31, 22, 59), "awarded", DATES.starts_on),
        (but(state=State.RUNNING), moment(2026, 8, 31, 23, 0), "running", DATES.ends_on),  # midnight in England
        (but(state=State.RUNNING), moment(2036, 8, 31, 22, 59), "running", DATES.ends_on),
        (but(state=State.RUNNING), moment(2036, 8, 31, 23, 0), "over", DATES.ends_on),
        (but(state=State.RUNNING, starts_on=None, ends_on=None), moment(2040, 1, 1), "running", None),
        (but(state=State.ENDED, ended_at=NOON), NOON, "over", NOON),
        (but(state=State.WITHDRAWN, withdrawn_at=NOON), NOON, "withdrawn", NOON),
    ],
)
def test_how_a_framework_stands(dates, at, code, on):
    stands = standing(dates, at=at)

    assert (stands.code, stands.on) == (code, on)
    assert stands.words


def test_every_date_stands_in_its_place_and_what_is_past_is_marked():
    found = milestones(DATES, at=NOON + TICK)

    assert [(one.label, one.first, one.last, one.is_over) for one in found] == [
        ("Published", dt.date(2026, 3, 18), None, True),
        ("Last moment for questions", dt.date(2026, 4, 14), None, True),
        ("Last moment to apply", dt.date(2026, 4, 20), None, True),
        ("Award planned by", dt.date(2026, 7, 10), None, False),
        ("Runs", dt.date(2026, 9, 1), dt.date(2036, 8, 31), False),
        ("Planned re-opening", dt.date(2028, 3, 1), None, False),
    ]
    assert [one.is_moment for one in found] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("at", "has_a_time"),
    [
        (moment(2026, 2, 10, 23, 59, 59), False),
        (moment(2026, 2, 10, 0, 0), False),
        (moment(2026, 6, 9, 23, 0), False),  # midnight in England in summer
        (moment(2026, 6, 10, 22, 59, 59), False),
        (moment(2026, 2, 10, 23, 59), True),
        (moment(2026, 2, 10, 14, 0), True),
    ],
)
def test_a_notice_writes_a_whole_day_as_its_first_or_last_second(at, has_a_time):
    [one] = milestones(Dates(state=State.PUBLISHED, key_dates=(("engagement", at, ""),)), at=NOON)

    assert one.is_moment is has_a_time


def test_once_awarded_the_plan_for_it_goes():
    found = milestones(but(awarded_at=moment(2026, 7, 3, 9, 0)), at=NOON)

    assert [one.label for one in found if "ward" in one.label] == ["Awarded"]


def test_on_one_day_the_day_itself_comes_before_its_moments():
    dates = Dates(state=State.PUBLISHED, closes_at=NOON, award_by_on=dt.date(2026, 4, 20))

    assert [one.label for one in milestones(dates, at=NOON)] == ["Award planned by", "Last moment to apply"]


@pytest.mark.parametrize(
    ("at", "label"),
    [
        (PUBLISHED, "Published"),
        (PUBLISHED + TICK, "Last moment for questions"),
        (NOON, "Last moment to apply"),
        (NOON + TICK, "Award planned by"),
        (moment(2026, 7, 10, 22, 59), "Award planned by"),
        (moment(2026, 7, 10, 23, 0), "Runs"),
        (moment(2026, 8, 31, 23, 0), "Planned re-opening"),
        (moment(2028, 3, 2, 0, 0), "Runs until"),
        (moment(2036, 8, 31, 23, 0), None),
    ],
)
def test_what_is_due_next(at, label):
    due = due_next(DATES, at=at)

    assert (due and due.label) == label


@pytest.mark.parametrize(
    ("code", "words"), [("UK4", "Tender notice (UK4)"), ("UK99", "UK99"), ("", ""), ("<b>", "<b>")]
)
def test_a_notice_type_reads_as_words(code, words):
    assert in_words(code) == words
