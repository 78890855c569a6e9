"""Rules of what happens to an agreed placement: weeks, prices, ends, pauses, shares."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from referrals.rules import amending, ending, funding, pausing
from referrals.rules.running import Weekly

DAY = dt.date
NINE, NOON, THREE = dt.time(9), dt.time(12), dt.time(15)
FIRST, LAST, TODAY = DAY(2026, 9, 28), DAY(2026, 12, 18), DAY(2026, 10, 12)
TERMS = Calendar(terms=((DAY(2026, 9, 1), DAY(2026, 10, 23)), (DAY(2026, 11, 2), DAY(2026, 12, 18))))
CALENDARS = {"school": TERMS, "provider": Calendar()}


def row(key, weekday=0, *, from_on=FIRST, until_on=None, runs="school", ends=NOON) -> Weekly:
    return Weekly(key, weekday, NINE, ends, runs, from_on, until_on)


def key(weekday, *, site=1, address=""):
    return (weekday, NINE, NOON, site, "school", address)


def refused(call, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


MONDAY, WEDNESDAY = (row(1), key(0)), (row(2, 2), key(2))


@pytest.mark.parametrize(
    ("rows", "wanted", "expected"),
    [
        ([MONDAY, WEDNESDAY], [key(0), key(4)], ((2,), (), (1,))),  # Wednesday becomes Friday
        ([MONDAY], [key(0), key(0, site=2)], ((), (), (1,))),  # one more
        ([MONDAY, WEDNESDAY], [key(2)], ((1,), (), ())),  # one fewer
        ([MONDAY], [key(0, address="elsewhere")], ((1,), (), (0,))),  # the same time, another address
        ([MONDAY, (row(3, 1, from_on=DAY(2026, 11, 2)), key(1))], [key(0)], ((), (3,), ())),  # planned, never held
        ([MONDAY, (row(3, 1, from_on=DAY(2026, 11, 2)), key(1))], [key(0), key(1)], ((), (3,), (1,))),  # sooner
        ([(row(1, until_on=DAY(2026, 11, 1)), key(0))], [key(2)], ((1,), (), (0,))),  # ends sooner than was planned
        ([(row(1, until_on=DAY(2026, 10, 1)), key(0)), WEDNESDAY], [key(0), key(2)], ((), (), (0,))),  # long over
    ],
)
def test_a_new_week_ends_rows_and_begins_others(rows, wanted, expected):
    turn = amending.split(rows, wanted, DAY(2026, 10, 19))

    assert (turn.ends, turn.goes, turn.adds) == expected


def test_a_week_that_is_the_same_is_no_change():
    assert "as it was" in str(refused(amending.split, [MONDAY], [key(0)], DAY(2026, 10, 19)))


@pytest.mark.parametrize(
    ("day", "field", "says"),
    [
        (DAY(2026, 10, 11), "from_on", "12 October 2026 or a later"),
        (DAY(2026, 12, 19), "from_on", "ends on 18 December 2026"),
    ],
)
def test_what_has_taken_place_is_not_changed(day, field, says):
    refusal = refused(amending.check_from, day, today=TODAY, first=FIRST, last=LAST)

    assert (refusal.field, says in str(refusal)) == (field, True)


def test_only_what_is_agreed_and_not_over_is_changed():
    amending.check_running("live")
    amending.check_from(TODAY, today=TODAY, first=FIRST, last=LAST)
    amending.check_not_ending(None)

    assert "moved on: ended" in str(refused(amending.check_running, "ended"))
    assert "13 November" in str(refused(amending.check_not_ending, DAY(2026, 11, 13)))


STEPS = [(DAY(2026, 10, 5), 40_00), (DAY(2026, 11, 2), 38_00)]


@pytest.mark.parametrize(
    ("day", "pence"),
    [(FIRST, 45_00), (DAY(2026, 10, 4), 45_00), (DAY(2026, 10, 5), 40_00), (DAY(2026, 11, 2), 38_00), (LAST, 38_00)],
)
def test_the_price_of_a_day(day, pence):
    assert amending.price_on(day, 45_00, STEPS) == pence


@pytest.mark.parametrize(
    ("pence", "from_on", "steps", "field"),
    [
        (44_99, FIRST, [], None),
        (45_00, FIRST, [], "pence"),
        (46_00, FIRST, [], "pence"),
        (37_99, DAY(2026, 11, 2), STEPS, None),
        (39_00, DAY(2026, 11, 9), STEPS, "pence"),  # lower than agreed, higher than it is
        (30_00, DAY(2026, 11, 1), STEPS, "from_on"),
    ],
)
def test_a_price_only_falls(pence, from_on, steps, field):
    if field is None:
        amending.check_price(pence, from_on, agreed=45_00, steps=steps)
    else:
        assert refused(amending.check_price, pence, from_on, agreed=45_00, steps=steps).field == field


@pytest.mark.parametrize(
    ("ends_on", "framework_ends", "says"),
    [
        (DAY(2027, 1, 8), None, None),
        (LAST, None, "already"),
        (DAY(2027, 9, 28), None, None),
        (DAY(2027, 9, 29), None, "a year at most"),
        (DAY(2027, 1, 8), DAY(2027, 1, 7), "framework ends"),
        (DAY(2027, 1, 7), DAY(2027, 1, 7), None),
    ],
)
def test_an_extension_is_later_within_a_year_and_within_the_framework(ends_on, framework_ends, says):
    given = {"last": LAST, "first": FIRST, "framework_ends": framework_ends}
    if says is None:
        amending.check_extension(ends_on, **given)
    else:
        assert says in str(refused(amending.check_extension, ends_on, **given))


def test_no_more_is_bought_of_a_provider_in_bad_standing_or_above_the_budget():
    good = {"suspended": False, "insured": True, "shares": True}
    amending.check_provider(**good)
    for wrong in ({"suspended": True}, {"insured": False}, {"shares": False}):
        refused(amending.check_provider, **good | wrong)

    amending.check_budget(200, 100, covered=True, holds_budget=False)
    amending.check_budget(200, 100, covered=False, holds_budget=True)
    amending.check_budget(100, 100, covered=False, holds_budget=False)
    assert "£2.00" in str(refused(amending.check_budget, 200, 100, covered=False, holds_budget=False))


OCTOBER = {"first": DAY(2026, 10, 5), "last": DAY(2026, 10, 30)}  # Mondays: 5, 12, 19; 26 is half-term


@pytest.mark.parametrize(
    ("week", "extra", "expected"),
    [
        ([row(1)], {}, (900, 900_00 // 10)),  # 3 × 3 hours at £10
        ([row(1, runs="provider")], {}, (1200, 120_00)),  # half-term too
        ([row(1, until_on=DAY(2026, 10, 11)), row(2, from_on=DAY(2026, 10, 12), ends=THREE)], {}, (1500, 150_00)),
        ([row(1)], {"pauses": [(DAY(2026, 10, 12), DAY(2026, 10, 16))]}, (600, 60_00)),
        ([row(1)], {"pauses": [(DAY(2026, 10, 12), None)]}, (900, 90_00)),  # nobody knows yet: it stays drawn
        ([row(1)], {"steps": [(DAY(2026, 10, 12), 5_00)]}, (900, 30_00 + 2 * 15_00)),
        ([row(1), row(2, 1)], {"unit": "week", "steps": [(DAY(2026, 10, 13), 5_00)]}, (300, 10_00 + 10_00 + 5_00)),
        ([row(1)], {"last": DAY(2026, 10, 1)}, (0, 0)),
    ],
)
def test_what_a_placement_comes_to(week, extra, expected):
    given = {"unit": "hour", "agreed": 10_00, "steps": [], "calendars": CALENDARS} | OCTOBER | extra

    assert amending.worth(week, **given) == expected


@pytest.mark.parametrize(
    ("last_on", "says"),
    [
        (DAY(2026, 10, 5), None),
        (DAY(2026, 10, 4), "5 October 2026 or a later"),
        (LAST, None),
        (DAY(2026, 12, 19), "extend it"),
    ],
)
def test_the_last_day_is_a_week_ago_at_most_and_not_after_what_was_agreed(last_on, says):
    given = {"today": TODAY, "first": FIRST, "agreed_end": LAST}
    if says is None:
        ending.check_last_day(last_on, **given)
    else:
        assert says in str(refused(ending.check_last_day, last_on, **given))


def test_before_the_first_day_the_last_one_may_be_the_day_before_it():
    given = {"today": DAY(2026, 9, 21), "first": FIRST, "agreed_end": LAST}
    ending.check_last_day(DAY(2026, 9, 27), **given)

    refused(ending.check_last_day, DAY(2026, 9, 26), **given)


def test_notice_was_given_between_the_agreement_and_today():
    ending.check_notice_on(TODAY, today=TODAY, first_told=FIRST)

    for day in (DAY(2026, 10, 13), DAY(2026, 9, 27)):
        assert refused(ending.check_notice_on, day, today=TODAY, first_told=FIRST).field == "notice_on"


@pytest.mark.parametrize(
    ("last_on", "unsafe", "expected"),
    [
        (TODAY, False, False),
        (TODAY, True, True),
        (DAY(2026, 10, 11), False, True),
        (DAY(2026, 10, 13), True, False),
    ],
)
def test_when_it_is_over(last_on, unsafe, expected):
    assert ending.is_over(last_on, today=TODAY, unsafe=unsafe) is expected


NOTICED = dt.datetime(2026, 10, 12, 9, tzinfo=dt.UTC)
LATER = [(DAY(2026, 10, day), dt.datetime(2026, 10, day, 9, tzinfo=dt.UTC)) for day in (12, 13, 14)]


@pytest.mark.parametrize(
    ("last_on", "hours", "charged", "reason", "expected", "says"),
    [
        (TODAY, 24, True, "moved", DAY(2026, 10, 12), "24 hours’ notice"),  # exactly 24 hours is enough
        (TODAY, 25, True, "moved", DAY(2026, 10, 13), "less than 25 hours"),
        (TODAY, 72, True, "moved", DAY(2026, 10, 14), "cancelled late"),
        (DAY(2026, 10, 16), 72, True, "moved", DAY(2026, 10, 16), "72 hours’ notice"),
        (TODAY, 72, True, "unsafe", TODAY, "no notice is owed"),
        (TODAY, 72, True, "provider", TODAY, "no notice is owed"),
        (TODAY, 72, False, "moved", TODAY, "charges nothing"),
        (TODAY, None, True, "moved", TODAY, "no framework"),
    ],
)
def test_until_when_it_is_charged_and_why(last_on, hours, charged, reason, expected, says):
    day, why = ending.last_charged(
        LATER, last_on=last_on, noticed_at=NOTICED, notice_hours=hours, charged=charged, reason=reason
    )

    assert (day, says in why) == (expected, True)


@pytest.mark.parametrize(
    ("reason", "destination", "met", "of", "field"),
    [
        ("moved", "", None, None, None),
        ("moved", "college", 2, 3, None),
        ("moved", "college", None, 3, "targets_met"),
        ("moved", "college", 4, 3, "targets_met"),
        ("reintegrated", "same_school", 0, 0, None),
        ("reintegrated", "", None, None, None),
        ("reintegrated", "work", None, None, "destination"),
    ],
)
def test_what_came_of_it_hangs_together(reason, destination, met, of, field):
    if field is None:
        ending.check_outcome(reason, destination, met, of)
    else:
        assert refused(ending.check_outcome, reason, destination, met, of).field == field


def test_a_provider_reads_it_for_thirty_days_more():
    assert ending.shown_until(DAY(2026, 11, 13)) == DAY(2026, 12, 13)


@pytest.mark.parametrize(
    ("from_on", "until_on", "others", "field"),
    [
        (TODAY, None, [], None),
        (DAY(2026, 10, 11), None, [], "from_on"),
        (DAY(2026, 12, 19), None, [], "from_on"),
        (DAY(2026, 10, 19), DAY(2026, 10, 18), [], "until_on"),
        (DAY(2026, 10, 19), DAY(2026, 10, 19), [(DAY(2026, 10, 12), DAY(2026, 10, 18))], None),
        (DAY(2026, 10, 18), DAY(2026, 10, 19), [(DAY(2026, 10, 12), DAY(2026, 10, 18))], "from_on"),
        (DAY(2026, 11, 2), None, [(DAY(2026, 10, 12), None)], "from_on"),
        (TODAY, None, [(DAY(2026, 11, 2), DAY(2026, 11, 6))], "from_on"),
        (TODAY, DAY(2026, 11, 1), [(DAY(2026, 11, 2), DAY(2026, 11, 6))], None),
    ],
)
def test_a_pause_begins_today_or_later_and_meets_no_other(from_on, until_on, others, field):
    given = {"today": TODAY, "first": FIRST, "last": LAST, "others": others}
    if field is None:
        pausing.check_pause(from_on, until_on, **given)
    else:
        assert refused(pausing.check_pause, from_on, until_on, **given).field == field


@pytest.mark.parametrize(
    ("on", "pause", "field"),
    [
        (TODAY, (DAY(2026, 10, 5), None), None),
        (TODAY, None, ""),
        (DAY(2026, 10, 11), (DAY(2026, 10, 5), None), "on"),
        (DAY(2026, 12, 19), (DAY(2026, 10, 5), None), "on"),
        (DAY(2026, 10, 17), (DAY(2026, 10, 5), DAY(2026, 10, 16)), None),
        (DAY(2026, 10, 18), (DAY(2026, 10, 5), DAY(2026, 10, 16)), "on"),
    ],
)
def test_it_goes_on_today_or_later(on, pause, field):
    if field is None:
        pausing.check_resume(on, pause, today=TODAY, last=LAST)
    else:
        assert (refused(pausing.check_resume, on, pause, today=TODAY, last=LAST).field or "") == field


def test_the_pause_that_holds_or_comes_next():
    rows = [(1, DAY(2026, 10, 1), DAY(2026, 10, 2)), (2, DAY(2026, 11, 2), None), (3, TODAY, DAY(2026, 10, 16))]

    assert pausing.standing(rows, TODAY) == 3
    assert pausing.standing(rows[:1], TODAY) is None
    assert pausing.is_paused_on(TODAY, [(TODAY, None)])
    assert not pausing.is_paused_on(TODAY, [(DAY(2026, 10, 1), DAY(2026, 10, 11))])


SCHOOL, COUNCIL = 1, 2
WHOLE = [funding.Share(1, SCHOOL, 10_000, FIRST)]


@pytest.mark.parametrize(
    ("wanted", "from_on", "field", "says"),
    [
        ([(COUNCIL, 10_000)], FIRST, "from_on", "later day"),
        ([(COUNCIL, 10_000)], DAY(2026, 12, 19), "from_on", "ends on"),
        ([(COUNCIL, 9_999)], TODAY, "share_1", "99.99%"),
        ([], TODAY, "funder_1", "who pays"),
        ([(SCHOOL, 10_000)], TODAY, None, "already"),
    ],
)
def test_who_pays_is_added_to_and_never_overwritten(wanted, from_on, field, says):
    refusal = refused(funding.check_change, wanted, from_on, WHOLE, first=FIRST, last=LAST)

    assert (refusal.field or None, says in str(refusal)) == (field, True)


@pytest.mark.parametrize(
    "turns",
    [
        [(TODAY, [(COUNCIL, 10_000)])],
        [(TODAY, [(COUNCIL, 5_000), (SCHOOL, 5_000)]), (DAY(2026, 11, 2), [(COUNCIL, 3_333), (SCHOOL, 6_667)])],
        [(LAST, [(COUNCIL, 1), (SCHOOL, 9_999)])],
    ],
)
def test_on_every_day_the_shares_come_to_the_whole(turns):
    rows = list(WHOLE)
    for from_on, wanted in turns:
        ended = funding.check_change(wanted, from_on, rows, first=FIRST, last=LAST)
        rows = [
            funding.Share(one.key, one.funder, one.share, one.from_on, from_on - dt.timedelta(days=1))
            if one.key in ended
            else one
            for one in rows
        ]
        rows += [funding.Share(len(rows) + n, *pair, from_on) for n, pair in enumerate(wanted, 1)]
    funding.check_whole(rows, FIRST, LAST)

    days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert {sum(one.share for one in funding.on_day(rows, day)) for day in days} == {10_000}


def test_a_day_without_the_whole_is_named():
    gap = [funding.Share(1, SCHOOL, 10_000, FIRST, TODAY), funding.Share(2, COUNCIL, 10_000, DAY(2026, 10, 20))]

    assert "13 October 2026" in str(refused(funding.check_whole, gap, FIRST, LAST))
    funding.check_whole([], LAST, FIRST)
