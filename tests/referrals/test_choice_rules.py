"""In which order offers stand, who may be chosen, and how long an enquiry can be answered."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules.refusals import Refused
from referrals.rules import answering, offers
from referrals.rules.choice import Bid, Wanted, check_departure, grounds_of, order_of

D = dt.date
WANTED = Wanted(minutes=600, starts_on=D(2026, 9, 28), ends_on=D(2026, 12, 18))


def bid(offer: int, pence: int = 100, **fields) -> Bid:
    fields = {
        "starts_on": D(2026, 9, 28),
        "ends_on": D(2026, 12, 18),
        "minutes": 600,
        "fits_mode": True,
        "rank": 1,
    } | fields
    return Bid(offer=offer, total_pence=pence, **fields)


def order(*bids, selection="lowest_cost", wanted=WANTED):
    return [(one.offer, one.position) for one in order_of(bids, wanted=wanted, selection=selection)]


LATE, SHORT = {"starts_on": D(2026, 9, 29)}, {"minutes": 599}


@pytest.mark.parametrize(
    ("bids", "expected"),
    [
        ([], []),
        ([bid(1, 200), bid(2, 100)], [(2, 1), (1, 2)]),
        # Who meets the need stands before who does not, however cheap.
        ([bid(1, 200), bid(2, 1, **SHORT)], [(1, 1), (2, 2)]),
        ([bid(1, 200), bid(2, 1, ends_on=D(2026, 12, 17))], [(1, 1), (2, 2)]),
        ([bid(1, 200), bid(2, 1, fits_mode=False)], [(1, 1), (2, 2)]),
        # Then who is free by the day.
        ([bid(1, 200), bid(2, 1, **LATE)], [(1, 1), (2, 2)]),
        ([bid(1, 200, **LATE), bid(2, 1, **SHORT)], [(1, 1), (2, 2)]),
        # Equals share a position, and the next one is counted on.
        ([bid(3, 100), bid(1, 100), bid(2, 101)], [(1, 1), (3, 1), (2, 3)]),
    ],
)
def test_meets_the_need_then_free_by_the_day_then_lowest_total(bids, expected):
    assert order(*bids) == expected


def test_by_rank_at_award_the_total_decides_nothing():
    assert order(bid(1, 100, rank=2), bid(2, 900, rank=1), selection="ranked") == [(2, 1), (1, 2)]


def test_where_nobody_said_what_is_wanted_nothing_falls_short_of_it():
    [found] = order_of([bid(1, **LATE, minutes=1)], wanted=Wanted(None, None, None), selection="lowest_cost")

    assert (found.short_of, found.late, found.is_first) == ((), False, True)


def test_what_falls_short_is_said_in_words():
    [found] = order_of(
        [bid(1, minutes=480, ends_on=D(2026, 12, 1), fits_mode=False)], wanted=WANTED, selection="lowest_cost"
    )

    assert found.short_of == (
        "8 hours a week, 10 hours were asked for",
        "Ends before the day asked for",
        "Taught in another way than asked for",
    )


GROUNDS = ("The pupil’s needs", "Travel")


@pytest.mark.parametrize(("first", "ground", "reason"), [(True, "", ""), (False, "Travel", "The bus takes two hours")])
def test_a_choice_that_may_be_made(first, ground, reason):
    check_departure(first=first, ground=ground, reason=reason, grounds=GROUNDS)


@pytest.mark.parametrize(
    ("first", "ground", "reason", "field"),
    [
        (False, "", "because", "ground"),
        (False, "We like them", "because", "ground"),
        (False, "Travel", "", "reason"),
        (False, "Travel", "  ", "reason"),
        (True, "Travel", "", ""),
        (True, "", "because", ""),
    ],
)
def test_another_than_the_first_names_a_published_ground_and_the_reason(first, ground, reason, field):
    with pytest.raises(Refused) as refusal:
        check_departure(first=first, ground=ground, reason=reason, grounds=GROUNDS)

    assert refusal.value.field == field


def test_grounds_stand_one_a_line():
    assert grounds_of(" The pupil’s needs\n\nTravel \n") == GROUNDS


@pytest.mark.parametrize(("line", "wanted", "fits"), [
    ("on_site", "on_site", True), ("any", "online", True), ("online", "any", True), ("online", "", True),
    ("online", "on_site", False),
])  # fmt: skip
def test_ways_of_teaching(line, wanted, fits):
    assert offers.fits_mode(line, wanted) is fits


@pytest.mark.parametrize(("pence", "awarded"), [(45_00, 45_00), (1, 45_00)])
def test_a_price_up_to_the_awarded_one(pence, awarded):
    offers.check_price(pence, awarded)


@pytest.mark.parametrize(
    ("pence", "awarded", "field"), [(45_01, 45_00, "pence"), (0, 45_00, "pence"), (45_00, None, "line")]
)
def test_never_a_higher_price(pence, awarded, field):
    with pytest.raises(Refused) as refusal:
        offers.check_price(pence, awarded)

    assert refusal.value.field == field


GOOD = {"state": "active", "framework": "running", "usable": True, "suspended": False, "insured": True}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"framework": "ended"}, "framework is not running"),
        ({"usable": False}, "no longer open to your organisation"),
        ({"suspended": True}, "suspended"),
        ({"state": "suspended"}, "suspended"),
        ({"state": "ended"}, "no longer has an active place"),
        ({"insured": False}, "public liability"),
        ({"held": True}, "document of this provider has run out"),
    ],
)
def test_who_takes_no_new_pupil(wrong, said):
    offers.check_place(**GOOD)

    with pytest.raises(Refused, match=said):
        offers.check_place(**GOOD | wrong)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("sent", "days", "last"),
    [
        ("2026-09-14T09:00", 3, "2026-09-17T22:59:59.999999"),  # Monday to Thursday, in summer time
        ("2026-09-17T09:00", 3, "2026-09-22T22:59:59.999999"),  # over a weekend
        ("2026-09-14T23:30", 1, "2026-09-16T22:59:59.999999"),  # already Tuesday in England
        ("2026-10-23T09:00", 1, "2026-10-26T23:59:59.999999"),  # over the change of the clocks
        ("2026-12-24T09:00", 1, "2026-12-29T23:59:59.999999"),  # over Christmas and its substitute day
    ],
)
def test_the_last_moment_is_the_end_of_a_working_day_in_england(sent, days, last):
    assert answering.last_moment(moment(sent), days) == moment(last)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-09-14T07:00", "2026-09-15T22:59:59.999999"),  # 8am in England
        ("2026-09-14T06:59", None),
        ("2026-09-18T12:00", "2026-09-21T22:59:59.999999"),  # Friday: those that end on Monday
    ],
)
def test_a_reminder_comes_one_working_day_before_and_never_in_the_night(now, until):
    assert answering.reminded_up_to(moment(now)) == (until and moment(until))


def test_the_day_begins_at_midnight_in_england():
    assert answering.day_began(moment("2026-09-14T09:00")) == moment("2026-09-13T23:00")


LAST = moment("2026-09-17T22:59:59.999999")


@pytest.mark.parametrize("state", ["waiting", "offered"])
def test_an_answer_is_taken_up_to_the_last_microsecond(state):
    answering.check_answerable(state, now=LAST, lapses_at=LAST)

    with pytest.raises(Refused, match="ended on 17 September 2026"):
        answering.check_answerable(state, now=LAST + dt.timedelta(microseconds=1), lapses_at=LAST)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("lapsed", "The time to answer ended"),
        ("chosen", "chosen"),
        ("not_chosen", "somebody else was chosen"),
        ("withdrawn", "taken back"),
        ("declined", "declined"),
    ],
)
def test_what_has_ended_is_not_answered(state, said):
    with pytest.raises(Refused, match=said):
        answering.check_answerable(state, now=moment("2026-09-14T09:00"), lapses_at=LAST)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-09-14T09:00", "Until the end of 17 September 2026"),
        ("2026-09-16T09:00", "Until the end of tomorrow"),
        ("2026-09-17T09:00", "Until the end of today"),
        ("2026-09-17T23:00", "Ended"),
    ],
)
def test_time_left_in_words(now, words):
    assert answering.left_in_words(moment(now), LAST) == words
