"""Rules about joining and leaving, as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.rules import people
from accounts.rules.people import Refused

AT = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)


def refuses(function, *arguments) -> bool:
    try:
        function(*arguments)
    except Refused:
        return True
    return False


def test_an_invitation_lives_seven_days_whatever_the_clocks_do():
    assert people.invitation_expires_at(AT) == AT + dt.timedelta(days=7)


def test_a_secret_is_stored_as_its_sha256_and_any_text_has_one():
    assert people.token_hash("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert len(people.token_hash("\udcff🙂\x00")) == 64


@pytest.mark.parametrize(
    ("address", "masked"),
    [("alice@ash.example", "a•••@ash.example"), ("a@b.example", "a•••@b.example"), ("nothing", "•••@nothing")],
)
def test_an_address_is_shown_by_its_first_letter_and_domain(address, masked):
    assert people.masked(address) == masked


@pytest.mark.parametrize(
    ("roles", "refused"), [([], True), (["a"], False), (["a", "b"], False), (["c"], True), (["a", "c"], True)]
)
def test_only_roles_of_the_kind_are_given_and_at_least_one(roles, refused):
    assert refuses(people.check_roles, roles, ["a", "b"]) is refused


@pytest.mark.parametrize(("sent", "refused"), [(0, False), (99, False), (100, True), (101, True)])
def test_an_organisation_sends_a_hundred_letters_a_day(sent, refused):
    assert refuses(people.check_letters, sent) is refused


@pytest.mark.parametrize(
    ("managers", "leaving", "refused"),
    [
        ({1, 2}, 1, False),
        ({1}, 1, True),
        ({1}, 2, False),  # somebody who does not manage
        (set(), 1, False),  # nobody manages: nothing is lost
    ],
)
def test_the_last_manager_stays(managers, leaving, refused):
    assert refuses(people.check_somebody_manages, managers, leaving) is refused


@pytest.mark.parametrize(
    ("held", "wanted", "given", "ended"),
    [
        (["a"], ["a"], set(), set()),
        (["a"], ["b"], {"b"}, {"a"}),
        (["a", "b"], ["b", "c"], {"c"}, {"a"}),
    ],
)
def test_roles_change_by_giving_and_ending(held, wanted, given, ended):
    assert people.role_changes(held, wanted) == (given, ended)


@pytest.mark.parametrize(
    ("numbers", "tutor", "reason", "refused"),
    [
        ({"urn": "123456"}, False, "", False),
        ({"urn": "", "ukprn": "19900001"}, False, "", False),
        ({"urn": ""}, False, "", True),
        ({"urn": ""}, False, "a reason without saying so", True),
        ({"urn": ""}, True, "", True),
        ({"urn": ""}, True, "I teach alone", False),
        ({}, True, "I teach alone", False),
    ],
)
def test_a_provider_has_a_number_or_is_a_sole_tutor_with_a_reason(numbers, tutor, reason, refused):
    assert refuses(people.check_provider_identified, numbers, tutor, reason) is refused


def day(number):
    return dt.date(2026, 9, number)


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (1, 9, False),  # up to the day before
        (21, 25, False),  # from the day after
        (1, 10, True),  # shares its first day
        (20, 25, True),  # shares its last day
        (12, 15, True),  # inside
        (5, 25, True),  # around
        (25, 24, True),  # ends before it starts
        (25, 25, False),  # one day
    ],
)
def test_dates_of_one_kind_do_not_overlap(first, last, refused):
    others = [("Autumn", day(10), day(20))]

    assert refuses(people.check_dates, "New", day(first), day(last), others) is refused


def test_an_overlap_names_both():
    with pytest.raises(Refused) as refusal:
        people.check_dates("Late", day(20), day(25), [("Autumn", day(10), day(20))])

    assert str(refusal.value) == (
        "Late (20 September 2026 to 25 September 2026) overlaps "
        "Autumn (10 September 2026 to 20 September 2026). Change one of them"
    )


def test_a_term_of_more_than_a_year_is_a_slip():
    assert refuses(people.check_dates, "Long", dt.date(2026, 9, 1), dt.date(2027, 9, 3), [])
    assert not refuses(people.check_dates, "Long", dt.date(2026, 9, 1), dt.date(2027, 9, 2), [])
