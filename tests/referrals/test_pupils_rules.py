"""Numbers, names, ages, the roll, and what stays when two records become one: the rules as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.rules.identifiers import WrongIdentifier
from lots.rules.refusals import Refused
from referrals.rules import enrolments, merging, moves
from referrals.rules import pupils as rules
from referrals.rules.enrolments import Span
from referrals.rules.private import Contact, Private
from referrals.rules.pupils import Roll
from referrals.states import MoveState
from tests.referrals.pupils import who

TODAY = dt.date(2026, 11, 22)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("B801200005001", "B801200005001"),
        (" b801 2000-05001 ", "B801200005001"),
        ("P207000016049", "P207000016049"),
        ("Q207000016049", None),  # the worked example on two suppliers' help pages: wrong
        ("A80120000501A", "A80120000501A"),  # temporary: the last is a letter
        ("B80120000501A", None),
        ("A941200005001", None),
        ("R941200005001", "R941200005001"),  # West Northamptonshire, a council since 2021
        ("B101200005001", None),  # no council
        ("B80120000500", None),
        ("B8012000050011", None),
        ("I801200005001", None),
        ("B٨01200005001", None),
        ("0801200005001", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_a_upn_is_one_that_a_schools_system_prints(typed, number):
    if number is None:
        with pytest.raises(WrongIdentifier, match="leave this empty and say why"):
            rules.upn(typed)
    else:
        assert rules.upn(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1000102504", "1000102504"),
        ("100 010 2504", "1000102504"),
        ("2000000028", "2000000028"),
        ("1000102505", None),
        ("9999999999", None),
        ("2000000010", None),  # a remainder of 0 gives no number
        ("100010250", None),
        ("10001025044", None),
        ("abcdefghij", None),
    ],
)
def test_a_uln_fits_its_last_digit(typed, number):
    if number is None:
        with pytest.raises(WrongIdentifier, match="ULN"):
            rules.uln(typed)
    else:
        assert rules.uln(typed) == number


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Zoë Anne-Marie", "zoe anne marie"),
        ("O’Brien", "obrien"),
        ("STRAẞE  Łuk", "strasse luk"),
        ("…", ""),
    ],
)
def test_names_are_folded_for_searching(typed, key):
    assert rules.folded(typed) == key


def test_what_is_searched_holds_names_before_and_ends_where_there_is_no_room():
    assert rules.name_key("Ann", "Ash", "Annie", [("Ann", "Oak"), ("Ann", "Ash")]) == "ann ash annie ann oak"
    assert len(rules.name_key("A" * 200, "B" * 200, "C" * 200, [("D" * 200, "E" * 200)])) == rules.LONGEST_KEY


@pytest.mark.parametrize(
    ("born", "years"),
    [("2012-11-22", 14), ("2012-11-23", 13), ("2008-02-29", 18), ("2026-11-22", 0)],
)
def test_age_is_in_whole_years(born, years):
    assert rules.age_on(day(born), TODAY) == years


@pytest.mark.parametrize(
    ("born", "says"),
    [
        ("2023-11-22", None),
        ("2000-11-23", None),
        ("2023-11-23", "makes the pupil 2"),
        ("2000-11-22", "makes the pupil 26"),
        ("2026-11-23", "in the future"),
    ],
)
def test_a_pupil_is_three_to_twenty_five(born, says):
    if says is None:
        rules.check_born(day(born), TODAY)
    else:
        with pytest.raises(Refused, match=says) as refusal:
            rules.check_born(day(born), TODAY)
        assert refusal.value.field == "born_on"


@pytest.mark.parametrize(
    ("number", "reason", "says"),
    [
        ("B801200005001", "", None),
        ("", "not_known", None),
        ("", "", "or choose why there is none"),
        ("", "whatever", "or choose why there is none"),
        ("B801200005001", "not_known", "do not choose"),
    ],
)
def test_there_is_a_upn_or_the_reason_why_none(number, reason, says):
    if says is None:
        rules.check_number(number, reason)
    else:
        with pytest.raises(Refused, match=says):
            rules.check_number(number, reason)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("Ann", "Ash"), ("Ben", "Ash"), True),  # twins are asked about
        (("Catherine", "Mac Neill"), ("Katherine", "MacNeill"), True),
        (("Amal", "Haddad"), ("Haddad", "Amal"), True),
        (("Ann", "Ash"), ("Ann", "Oakley"), False),
        (("Ann", "Ash"), ("Ben", "Oakley"), False),
    ],
)
def test_like_names_on_one_birthday_are_asked_about(one, other, alike):
    assert rules.are_alike(one, other) is alike


def test_a_page_that_was_opened_before_is_told_and_so_is_a_record_that_is_over():
    rules.check_revision(3, 3)
    rules.check_standing(None, None)
    with pytest.raises(rules.Stale) as stale:
        rules.check_revision(4, 3)
    assert stale.value.revision == 4
    with pytest.raises(Refused, match="put together"):
        rules.check_standing(7, None)
    with pytest.raises(Refused, match="removed"):
        rules.check_standing(None, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("phone", "fine"), [("", True), ("01632 960 001", True), ("+44 (0)1632-960001", True), ("12", False), ("x", False)]
)
def test_a_telephone_number_has_7_to_15_digits(phone, fine):
    if fine:
        rules.check_phone(phone, "phone_0")
    else:
        with pytest.raises(Refused, match="01632"):
            rules.check_phone(phone, "phone_0")


def span(pk, kind, school, start, end=None, why=""):
    return Span(pk, kind, school, day(start), day(end) if end else None, why)


def roll(kind, school, start, end=None, why=""):
    return Roll(kind, day(start), school, why, day(end) if end else None)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (roll("main", 1, "2020-09-01"), None),
        (roll("main", 1, "2012-01-01"), "after the pupil was born"),
        (roll("main", 1, "2028-01-01"), "within a year"),
        (roll("main", 1, "2020-09-02", "2020-09-01"), "first day or later"),
        (roll("main", 1, "2020-09-02", "2028-09-01"), "last day must be within"),
    ],
)
def test_days_on_a_roll_can_be_true(new, says):
    if says is None:
        enrolments.check_days(new, born_on=day("2012-05-04"), today=TODAY)
    else:
        with pytest.raises(Refused, match=says):
            enrolments.check_days(new, born_on=day("2012-05-04"), today=TODAY)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (roll("main", 1, "2020-09-01"), None),
        (roll("none", None, "2020-09-01", why="eotas"), None),
        (roll("none", None, "2020-09-01"), "Choose why"),
        (roll("other", None, "2020-09-01"), "Choose the school"),
    ],
)
def test_at_a_school_or_at_none_and_why(new, says):
    if says is None:
        enrolments.check_shape(new)
    else:
        with pytest.raises(Refused, match=says):
            enrolments.check_shape(new)


OPEN = span(1, "main", 10, "2023-09-04")


@pytest.mark.parametrize(
    ("new", "ended"),
    [
        (roll("main", 11, "2024-01-08"), OPEN),
        (roll("none", None, "2024-01-08", why="excluded"), OPEN),
        (roll("other", 11, "2024-01-08"), None),
        (roll("main", 11, "2024-01-08", "2024-02-01"), None),
        (roll("main", 11, "2023-09-04"), None),
    ],
)
def test_the_next_main_school_ends_the_last(new, ended):
    spans = [span(2, "other", 12, "2023-09-04"), span(3, "main", 9, "2020-09-01", "2023-07-20"), OPEN]

    assert enrolments.ended_by(spans, new) is ended


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (roll("main", 9, "2020-09-01", "2023-09-03"), None),
        (roll("other", 11, "2024-01-08"), None),
        (roll("main", 11, "2024-01-08"), "at another main school from 4 September 2023 until now"),
        (roll("none", None, "2022-01-08", "2023-09-04", "medical"), "another main school"),
        (roll("other", 10, "2024-01-08"), "of this school from 4 September 2023"),
        (roll("main", 11, "2019-05-01", "2019-06-01"), "on no school’s roll from 1 January 2019 to 31 July 2019"),
    ],
)
def test_no_two_main_schools_on_one_day(new, says):
    spans = [OPEN, span(4, "none", None, "2019-01-01", "2019-07-31", "unplaced")]

    if says is None:
        enrolments.check_fits(spans, new)
    else:
        with pytest.raises(Refused, match=says):
            enrolments.check_fits(spans, new)


@pytest.mark.parametrize(
    ("one", "until", "says"),
    [
        (OPEN, "2026-11-22", None),
        (OPEN, "2023-09-03", "4 September 2023 or later"),
        (OPEN, "2029-01-01", "within a year"),
        (span(1, "main", 10, "2023-09-04", "2024-01-01"), "2025-01-01", "ended already"),
    ],
)
def test_when_an_enrolment_can_end(one, until, says):
    if says is None:
        enrolments.check_end(one, day(until), TODAY)
    else:
        with pytest.raises(Refused, match=says):
            enrolments.check_end(one, day(until), TODAY)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ([], set()),
        ([span(7, "main", 10, "2023-09-04")], {7}),
        ([span(7, "main", 10, "2024-09-04", "2024-12-20")], {7}),
        ([span(7, "main", 9, "2020-09-01", "2023-07-20")], set()),
        ([span(7, "other", 11, "2024-09-01")], set()),
        ([span(7, "main", 10, "2023-09-01")], None),  # says more than the record that stays
        ([span(7, "other", 10, "2023-10-01")], None),
        ([span(7, "main", 11, "2025-09-01")], None),
        ([span(7, "none", None, "2025-09-01", why="eotas")], None),
    ],
)
def test_what_two_records_say_of_the_roll_is_joined_or_refused(gone, left):
    if left is None:
        with pytest.raises(Refused, match="Correct the dates on one of them"):
            enrolments.left_behind([OPEN], gone)
    else:
        assert enrolments.left_behind([OPEN], gone) == left


@pytest.mark.parametrize("state", [MoveState.ACCEPTED, MoveState.DECLINED, MoveState.WITHDRAWN])
def test_a_record_is_answered_once(state):
    moves.check_move(MoveState.OFFERED, state)
    with pytest.raises(Refused, match="already"):
        moves.check_move(state, MoveState.ACCEPTED)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, None),
        ({"taker": 1}, "there already"),
        ({"may_commission": False}, "school, trust or council that is open"),
        ({"is_open": False}, "school, trust or council that is open"),
        ({"people": 0}, "Nobody there uses"),
    ],
)
def test_who_can_take_a_record(changed, says):
    asked = {"giver": 1, "taker": 2, "may_commission": True, "is_open": True, "people": 1} | changed
    if says is None:
        moves.check_taker(**asked)
    else:
        with pytest.raises(Refused, match=says):
            moves.check_taker(**asked)


def test_a_move_shows_initials_and_a_year():
    assert moves.shown_before("Quillon Zephyrine", "Quillsworth", day("2012-05-04")) == "QQ, born 2012"


MOTHER, AUNT = Contact(name="Ada Ash", phone="01632 960001"), Contact(name="Bea Ash")
KEPT = who(
    first_names="Ann",
    last_name="Ash",
    has_ehcp=False,
    private=Private(sex="F", health="Asthma", needs=("semh",), contacts=(MOTHER,), postcode="LK1 1AA"),
)
GONE = who(
    first_names="Annie",
    last_name="Ash",
    has_ehcp=True,
    private=Private(
        upn="B801200005001", sex="F", health="Nuts", risks="Runs", needs=("autism", "semh"), contacts=(MOTHER, AUNT)
    ),
    no_upn_reason="",
)


def test_what_differs_is_chosen_and_the_safer_stands_chosen_before():
    assert merging.differing(KEPT, GONE) == ["name", "has_ehcp", "health"]
    assert [merging.safer(KEPT, GONE, name) for name in ("name", "has_ehcp", "health")] == ["kept", "gone", "both"]


def test_nothing_that_one_record_says_is_lost():
    made = merging.merged(KEPT, GONE, {"name": "kept", "has_ehcp": "gone", "health": "both"})

    assert (made.first_names, made.has_ehcp, made.no_upn_reason) == ("Ann", True, "")
    assert made.private == Private(
        upn="B801200005001",
        sex="F",
        health="Asthma\n\nNuts",
        risks="Runs",
        needs=("semh", "autism"),
        contacts=(MOTHER, AUNT),
        postcode="LK1 1AA",
    )


@pytest.mark.parametrize("choices", [{}, {"name": "both", "has_ehcp": "gone", "health": "both"}, {"name": "x"}])
def test_what_was_not_chosen_is_asked_for(choices):
    with pytest.raises(Refused, match="Choose which is right: name") as refusal:
        merging.merged(KEPT, GONE, choices)
    assert refusal.value.field == "name"


def test_without_a_upn_on_either_the_reason_stays():
    assert merging.merged(who(), who(), {}).no_upn_reason == "not_known"


def test_two_records_of_one_commissioner_that_are_not_on_their_way():
    merging.check_pair(kept=1, gone=2, same_commissioner=True, moving=False)
    for pair in ({"gone": 1}, {"same_commissioner": False}, {"moving": True}):
        with pytest.raises(Refused):
            merging.check_pair(**({"kept": 1, "gone": 2, "same_commissioner": True, "moving": False} | pair))
