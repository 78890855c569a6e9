"""The days that s.49 sets for an open framework."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules import scheme
from lots.rules.refusals import Refused
from lots.states import Route

D = dt.date
FIRST = D(2026, 9, 1)


def awarded(*days, suppliers: int = 20) -> tuple[scheme.Generation, ...]:
    return tuple(scheme.Generation(day, suppliers) for day in days)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (D(2026, 9, 1), 3, D(2029, 8, 31)),
        (D(2026, 1, 1), 3, D(2028, 12, 31)),
        (D(2026, 3, 1), 2, D(2028, 2, 29)),
        (D(2026, 3, 1), 3, D(2029, 2, 28)),
        (D(2028, 2, 29), 3, D(2031, 2, 28)),
        (D(2028, 2, 29), 4, D(2032, 2, 28)),
        (D(2028, 2, 29), 8, D(2036, 2, 28)),
        (D(2028, 2, 28), 4, D(2032, 2, 27)),
        (D(2027, 3, 1), 1, D(2028, 2, 29)),
    ],
)
def test_a_period_beginning_with_a_day_ends_the_day_before_its_anniversary(first, years, last):
    assert scheme.last_day(first, years) == last


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (D(2029, 8, 31), 3, D(2029, 5, 31)),
        (D(2029, 8, 31), 6, D(2029, 2, 28)),
        (D(2028, 8, 31), 6, D(2028, 2, 29)),
        (D(2029, 8, 31), 12, D(2028, 8, 31)),
        (D(2029, 1, 15), 3, D(2028, 10, 15)),
        (D(2029, 12, 31), 6, D(2029, 6, 30)),
        (D(2029, 12, 1), 12, D(2028, 12, 1)),
    ],
)
def test_months_before_a_day(day, months, before):
    assert scheme.months_before(day, months) == before


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (D(2026, 9, 1), "later"),
        (D(2028, 8, 30), "later"),
        (D(2028, 8, 31), "within_12"),
        (D(2029, 2, 27), "within_12"),
        (D(2029, 2, 28), "within_6"),
        (D(2029, 5, 30), "within_6"),
        (D(2029, 5, 31), "within_3"),
        (D(2029, 8, 31), "within_3"),
        (D(2029, 9, 1), "missed"),
    ],
)
def test_we_warn_twelve_six_and_three_months_before(today, state):
    [second, end] = scheme.deadlines(awarded(FIRST), today=today)

    assert (second.code, second.on, second.state) == ("second_award", D(2029, 8, 31), state)
    assert second.warns is (state != "later")
    assert (end.code, end.on, end.clause) == ("scheme_end", D(2034, 8, 31), "s.49(2)(c)")


def days(generations, today=FIRST) -> list[tuple]:
    return [(one.code, one.on, one.state) for one in scheme.deadlines(generations, today=today)]


@pytest.mark.parametrize(
    ("generations", "expected"),
    [
        ((), []),
        (awarded(FIRST), [("second_award", D(2029, 8, 31), "later"), ("scheme_end", D(2034, 8, 31), "later")]),
        (
            awarded(FIRST, D(2028, 9, 1)),
            [
                ("second_award", D(2029, 8, 31), "kept"),
                ("later_award", D(2033, 8, 31), "later"),
                ("scheme_end", D(2034, 8, 31), "later"),
            ],
        ),
        # On the last day: kept; the next period would end with the scheme, so no further award is due.
        (
            awarded(FIRST, D(2029, 8, 31)),
            [
                ("second_award", D(2029, 8, 31), "kept"),
                ("later_award", D(2034, 8, 30), "later"),
                ("scheme_end", D(2034, 8, 31), "later"),
            ],
        ),
        (
            awarded(FIRST, D(2029, 9, 1)),
            [("second_award", D(2029, 8, 31), "later"), ("scheme_end", D(2034, 8, 31), "later")],
        ),
        (
            awarded(FIRST, D(2028, 9, 1), D(2031, 9, 1)),
            [
                ("second_award", D(2029, 8, 31), "kept"),
                ("later_award", D(2033, 8, 31), "kept"),
                ("scheme_end", D(2034, 8, 31), "later"),
            ],
        ),
        (
            awarded(FIRST, D(2028, 9, 1), D(2033, 9, 1)),
            [
                ("second_award", D(2029, 8, 31), "kept"),
                ("later_award", D(2033, 8, 31), "later"),
                ("scheme_end", D(2034, 8, 31), "later"),
            ],
        ),
    ],
)
def test_the_days_of_a_scheme(generations, expected):
    assert days(generations) == expected


@pytest.mark.parametrize(
    ("generations", "by"),
    [
        ((), None),
        (awarded(FIRST), D(2029, 8, 31)),
        (awarded(FIRST, D(2028, 9, 1)), D(2033, 8, 31)),
        (awarded(FIRST, D(2029, 9, 1)), D(2029, 8, 31)),
        (awarded(FIRST, D(2029, 8, 31), D(2030, 1, 1)), None),
        (awarded(FIRST, D(2028, 9, 1), D(2031, 9, 1)), None),
    ],
)
def test_the_last_day_for_the_next_award(generations, by):
    assert scheme.next_award_by(generations) == by


@pytest.mark.parametrize(
    ("generations", "end"),
    [
        ((), None),
        (awarded(FIRST), D(2034, 8, 31)),
        (awarded(D(2028, 2, 29)), D(2036, 2, 28)),
        (awarded(FIRST, suppliers=0), D(2034, 8, 31)),
        (awarded(FIRST, suppliers=2), D(2034, 8, 31)),
        (awarded(FIRST, suppliers=1), D(2030, 8, 31)),
        # A later framework with one supplier: four years from its own award, if that is before the eight.
        (awarded(FIRST) + awarded(D(2028, 9, 1), suppliers=1), D(2032, 8, 31)),
        (awarded(FIRST) + awarded(D(2032, 9, 1), suppliers=1), D(2034, 8, 31)),
    ],
)
def test_everything_ends_after_eight_years_or_after_four_with_one_supplier(generations, end):
    assert scheme.scheme_end(generations) == end


def test_with_one_supplier_the_end_names_its_clause():
    [second, end] = scheme.deadlines(awarded(FIRST, suppliers=1), today=FIRST)

    assert second.code == "second_award"
    assert (end.on, end.clause) == (D(2030, 8, 31), "s.49(6)")


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (None, (Route.MEMBERSHIP, Route.EARLIER_TENDER, Route.NEW_TENDER)),
        (100, (Route.EARLIER_TENDER, Route.NEW_TENDER)),
        (0, (Route.EARLIER_TENDER, Route.NEW_TENDER)),
    ],
)
def test_where_the_number_is_limited_nobody_carries_on_as_a_member(most, expected):
    assert scheme.routes(most) == expected


@pytest.mark.parametrize(
    ("route", "most", "has_previous", "was_on_it", "refusal"),
    [
        (Route.NEW_TENDER, 100, False, False, None),
        (Route.EARLIER_TENDER, None, False, False, "first opening"),
        (Route.MEMBERSHIP, None, False, False, "first opening"),
        (Route.MEMBERSHIP, 100, True, True, r"section 49\(5\)"),
        (Route.MEMBERSHIP, None, True, True, None),
        (Route.MEMBERSHIP, None, True, False, "on the framework already"),
        (Route.EARLIER_TENDER, 100, True, False, None),
    ],
)
def test_by_which_route_a_place_is_given(route, most, has_previous, was_on_it, refusal):
    def check():
        scheme.check_route(route, max_participants=most, has_previous=has_previous, was_on_it=was_on_it)

    if refusal is None:
        check()
    else:
        with pytest.raises(Refused, match=refusal):
            check()


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({}, None),
        ({"is_open": False}, "not an open framework"),
        ({"has_next": True}, "opened again already"),
        ({"state": "published"}, "running"),
        ({"state": "ended"}, "running"),
        ({"state": "draft"}, "running"),
        ({"end": None}, None),
        ({"today": D(2034, 8, 31)}, None),
        ({"today": D(2034, 9, 1)}, "had to end by 31 August 2034"),
    ],
)
def test_when_a_framework_can_be_opened_again(words, refusal):
    given = {"is_open": True, "state": "running", "has_next": False, "end": D(2034, 8, 31), "today": FIRST} | words

    if refusal is None:
        scheme.check_reopening(**given)
    else:
        with pytest.raises(Refused, match=refusal):
            scheme.check_reopening(**given)


@pytest.mark.parametrize(
    ("generations", "today", "expected"),
    [
        ((), FIRST, None),
        (awarded(FIRST), FIRST, scheme.Proposal(D(2029, 3, 8), D(2029, 5, 31), D(2034, 8, 31))),
        (
            awarded(FIRST, D(2028, 9, 1), D(2031, 9, 1)),
            FIRST,
            scheme.Proposal(D(2034, 3, 8), D(2034, 5, 31), D(2034, 8, 31)),
        ),
        # Where there is no time left nothing is proposed in the past.
        (awarded(FIRST), D(2029, 8, 1), scheme.Proposal(D(2029, 8, 1), D(2029, 8, 1), D(2034, 8, 31))),
    ],
)
def test_days_proposed_for_the_next_opening(generations, today, expected):
    assert scheme.proposal(generations, today=today) == expected
