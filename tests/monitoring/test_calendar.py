"""When a report is owed, as tables. Days are those of the autumn of 2026 and the spring of 2027 in England."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from monitoring.rules import calendar as rules
from monitoring.rules.calendar import Taught
from referrals.rules.running import Course, Weekly
from referrals.states import Runs


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def span(text: str) -> tuple[dt.date, dt.date]:
    first, _, last = text.partition("..")
    return day(first), day(last or first)


OPEN = Calendar()
AUTUMN = Calendar(terms=(span("2026-09-02..2026-10-23"), span("2026-11-02..2026-12-18")))
INSET = Calendar(closures=(span("2026-10-05"),))


def taught(
    weekdays="01234",
    *,
    runs=Runs.SCHOOL,
    school=OPEN,
    provider=OPEN,
    days="2026-09-28..2026-12-18",
    pauses=(),
    only=None,
) -> Taught:
    """A placement with a session from 09:30 to 14:30 on these weekdays, or (`only`) from a day to a day."""
    first, last = span(days)
    from_on, until_on = span(only) if only else (first, None)
    sessions = tuple(
        Weekly(n, int(n), dt.time(9, 30), dt.time(14, 30), runs, from_on, until_on) for n in map(int, weekdays)
    )
    pauses = tuple(span(one) for one in pauses)
    return Taught(sessions, Course(first=first, last=last, pauses=pauses, school=school, provider=provider))


WEEK = "2026-10-05..2026-10-11"  # a Monday to a Sunday


@pytest.mark.parametrize(
    ("what", "placements", "between", "days"),
    [
        ("its weekdays alone", [taught("02")], WEEK, "05 07"),
        ("nobody is placed", [], WEEK, ""),
        ("two placements, every day once", [taught("02"), taught("23")], WEEK, "05 07 08"),
        ("never at the weekend", [taught("0123456")], WEEK, "05 06 07 08 09"),
        ("the first day counts", [taught(days="2026-10-07..2026-12-18")], WEEK, "07 08 09"),
        ("the last day counts", [taught(days="2026-09-28..2026-10-06")], WEEK, "05 06"),
        ("paused days do not, both ends", [taught(pauses=["2026-10-06..2026-10-08"])], WEEK, "05 09"),
        ("the school's INSET day", [taught(school=INSET)], WEEK, "06 07 08 09"),
        ("the provider's closure, on school days", [taught(provider=INSET)], WEEK, "06 07 08 09"),
        ("provider days: the school's INSET day is no matter",
         [taught(runs=Runs.PROVIDER, school=INSET)], WEEK, "05 06 07 08 09"),
        ("provider days: its own closure is", [taught(runs=Runs.PROVIDER, provider=INSET)], WEEK, "06 07 08 09"),
        ("two schools, one open is enough", [taught(school=INSET), taught(school=OPEN)], WEEK, "05 06 07 08 09"),
        ("two schools, both closed", [taught(school=INSET), taught(school=INSET)], WEEK, "06 07 08 09"),
        ("half-term of the school", [taught(school=AUTUMN)], "2026-10-22..2026-11-03", "22 23 02 03"),
        ("an academy with dates of its own beside it",
         [taught("0", school=AUTUMN), taught("1", school=Calendar(terms=(span("2026-10-01..2026-10-28"),)))],
         "2026-10-23..2026-11-03", "27 02"),
        ("its own dates, in half-term", [taught("2", runs=Runs.DATES, school=AUTUMN, only="2026-10-28")],
         "2026-10-24..2026-11-01", "28"),
        ("its own dates, on a Saturday when both are closed",
         [taught("5", runs=Runs.DATES, school=AUTUMN, provider=INSET, only="2026-10-10")], WEEK, "10"),
        ("the clocks go back on Sunday 25 October",
         [taught("06", runs=Runs.DATES, only="2026-10-25..2026-10-26")], "2026-10-24..2026-10-27", "25 26"),
        ("the clocks go forward on Sunday 28 March",
         [taught("06", runs=Runs.DATES, days="2027-03-01..2027-04-30", only="2027-03-28..2027-03-29")],
         "2027-03-27..2027-03-30", "28 29"),
        ("Christmas Day, and Boxing Day's substitute on the Monday",
         [taught(days="2026-12-01..2027-01-31")], "2026-12-24..2027-01-04", "24 29 30 31 04"),
        ("Good Friday and Easter Monday", [taught(days="2027-03-01..2027-04-30")], "2027-03-25..2027-03-30", "25 30"),
    ],
)  # fmt: skip
def test_a_report_is_owed_for_days_with_a_session(what, placements, between, days):
    found = rules.reporting_days(placements, *span(between))

    assert " ".join(f"{one:%d}" for one in found) == days


TAUGHT = [day(f"2026-10-{n:02}") for n in (5, 7, 12, 14, 19, 21, 26)]


@pytest.mark.parametrize(
    ("every", "from_on", "until_on", "due"),
    [
        (1, "2026-09-01", None, [5, 7, 12, 14, 19, 21, 26]),
        (2, "2026-09-01", None, [5, 12, 19, 26]),
        (3, "2026-09-01", None, [5, 14, 26]),
        (366, "2026-09-01", None, [5]),
        (2, "2026-10-06", None, [7, 14, 21]),  # counted from the first reporting day that it holds
        (2, "2026-10-07", None, [7, 14, 21]),
        (1, "2026-10-12", "2026-10-19", [12, 14, 19]),  # start and end days count
        (2, "2026-10-12", "2026-10-18", [12]),
        (5, "2026-10-27", None, []),
    ],
)
def test_an_interval_is_counted_in_reporting_days(every, from_on, until_on, due):
    until = day(until_on) if until_on else None
    days = [day("2026-10-01") + dt.timedelta(days=n) for n in range(31)]

    found = [d.day for d in days if rules.is_due(d, TAUGHT, every=every, from_on=day(from_on), until_on=until)]

    assert found == due


@pytest.mark.parametrize(
    ("first", "done", "missed"),
    [
        (None, [], []),  # nothing was ever written down: today is the first day of use
        (10, [10, 11, 12], []),
        (10, [10, 11], [12]),  # down for a day
        (10, [10, 12], [11]),  # broken off in the middle
        (11, [11], [12]),
        (13, [13], []),
        (1, [1], [2, 3, 4, 5, 6, 7, 8]),  # seven at once, the rest at the next round
    ],
)
def test_days_that_were_missed_are_caught_up(first, done, missed):
    november = [day(f"2026-11-{n:02}") for n in range(1, 31)]

    found = rules.days_to_catch_up(
        november[first - 1] if first else None, {november[n - 1] for n in done}, day("2026-11-13")
    )

    assert [one.day for one in found] == missed


def test_nothing_older_than_sixty_days_is_caught_up():
    found = rules.days_to_catch_up(day("2025-01-01"), set(), day("2026-11-13"))

    assert found[0] == day("2026-09-14")


def test_a_day_to_come_is_refused():
    rules.check_day(day("2026-11-13"), day("2026-11-13"))
    with pytest.raises(Refused, match="14 November 2026 is still to come"):
        rules.check_day(day("2026-11-14"), day("2026-11-13"))
