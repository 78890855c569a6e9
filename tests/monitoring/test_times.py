"""Times of a day in England as moments, across the change of the clocks."""

from __future__ import annotations

import datetime as dt

import pytest

from monitoring.rules import times


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ((2026, 10, 5), (18, 0), "2026-10-05T17:00"),
        ((2026, 11, 2), (18, 0), "2026-11-02T18:00"),
        ((2026, 10, 25), (1, 30), "2026-10-25T00:30"),
        ((2026, 10, 25), (8, 0), "2026-10-25T08:00"),
        ((2027, 3, 28), (1, 30), "2027-03-28T01:30"),
        ((2027, 3, 28), (8, 0), "2027-03-28T07:00"),
    ],
)
def test_a_time_in_england_is_a_moment(day, time, utc):
    found = times.moment(dt.date(*day), dt.time(*time))

    assert found == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


def test_the_minute_of_the_cut_off_is_in_time():
    day, cut_off = dt.date(2026, 10, 5), dt.time(18)
    at = times.moment(day, cut_off)

    assert [times.is_late(day, cut_off, at + dt.timedelta(microseconds=more)) for more in (-1, 0, 1)] == [
        False,
        False,
        True,
    ]
