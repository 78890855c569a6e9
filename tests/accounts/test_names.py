"""When two organisations may be one."""

from __future__ import annotations

import unicodedata

import pytest

from accounts.rules import names
from accounts.rules.names import Known, Resemblance


@pytest.mark.parametrize(
    "dressed",
    [
        "Ash House",
        "ASH HOUSE",
        "The Ash House Ltd.",
        "Ash House C.I.C.",
        "Ash-House Limited",
        "Ash  House Community Interest Company",
        "Αsh Hоuse",  # Greek A, Cyrillic o
        "Ａｓｈ Ｈｏｕｓｅ",  # full width
        "Ash H0use",
        "Åsh Hoùse",
        unicodedata.normalize("NFD", "Åsh Hoùse"),
    ],
)
def test_a_name_is_the_same_however_it_is_dressed(dressed):
    assert names.name_key(dressed) == "ash house"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ltd", "ltd"),  # nothing but a legal form: kept
        ("St John’s & Co", "st johns and co"),
        ("!!!", "!!!"),
        ("Lincoln Plc", "lincoln"),
        ("Thea's", "theas"),  # "the" inside a word stays
        ("x" * 300, "x" * 200),
    ],
)
def test_a_key_is_never_empty_and_fits(name, key):
    assert names.name_key(name) == key


def known(pk, name, postcode="LK1 1AA", **numbers):
    return Known(pk=pk, name_key=names.name_key(name), postcode=postcode, numbers=frozenset(numbers.items()))


NEW = known(1, "Elder Tree Boxing Academy", ukprn="19900001", urn="123456")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (known(2, "Quite Another", ukprn="19900001"), "Same UKPRN"),
        (known(2, "Quite Another", ukprn="19900001", urn="123456"), "Same UKPRN and URN"),
        (known(2, "Quite Another", urn="19900001"), None),  # the same digits in another register
        (known(2, "The Elder Tree Boxing Academy CIC", "M1 1AE"), "Same name"),
        (known(2, "Elder Tree Boxing Academi"), "Similar name in the same area"),
        (known(2, "Elder Tree Boxing Academi", ""), "Similar name in the same area"),
        (known(2, "Elder Tree Boxing Academi", "M1 1AE"), None),
        (known(2, "Elder Trees Swimming Academy"), None),
        (known(1, "Elder Tree Boxing Academy"), None),  # itself
    ],
)
def test_what_resembles_a_new_organisation_and_why(other, reason):
    assert names.resemblances(NEW, [other]) == ([Resemblance(2, reason)] if reason else [])


def test_everything_that_resembles_is_found_in_order():
    others = [known(5, "Elder Tree Boxing Academy"), known(3, "Other", urn="123456"), known(4, "Nothing")]

    assert names.resemblances(NEW, others) == [Resemblance(3, "Same URN"), Resemblance(5, "Same name")]
