"""The numbers by which registers know an organisation.

python-stdnum has no module for any of them, and none carries a check digit: each is a named rule here. A rule takes
what a person typed (lower case, spaces, hyphens), returns it as its register spells it, and raises `WrongIdentifier`
with a sentence that says what the number looks like and where it stands. Digits of other scripts and full-width
digits are refused, never converted: two spellings of one number would be two organisations.
"""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s\u00a0\u2009\u202f\-\u2010\u2011\u2012\u2013\u2014./]+")


class WrongIdentifier(ValueError):
    """What was typed cannot be such a number; the message says what one looks like and where to find it."""


def _compact(text: str) -> str:
    return _BETWEEN.sub("", text).upper()


def _matching(text: str, pattern: str, message: str) -> str:
    number = _compact(text)
    if not re.fullmatch(pattern, number, flags=re.ASCII):
        raise WrongIdentifier(message)
    return number


# Two letters before six digits: Scotland and Northern Ireland, partnerships, charitable incorporated organisations,
# overseas companies, registered societies (Companies House, "company number prefixes").
_COMPANY_PREFIXES = (
    "AC|CE|CS|ES|FC|GE|GN|GS|IC|IP|LP|NA|NC|NF|NI|NL|NO|NP|NR|NZ|OC|OE|PC|RC|RS|SA|SC|SE|SF|SI|SL|SO|SP|SR|ZC"
)
_COMPANY = rf"[0-9]{{8}}|(?:{_COMPANY_PREFIXES})[0-9]{{6}}|R[0-9]{{7}}|IP[0-9]{{5}}R|SP[0-9]{{4}}RS"


def companies_house(text: str) -> str:
    """8 characters: digits, or a prefix and digits. A shorter all-digit number has lost its leading zeros."""
    message = (
        "Companies House number must be 8 characters, like 01234567 or SC123456. "
        "It is on your certificate of incorporation and on the Companies House register"
    )
    number = _compact(text)
    if re.fullmatch(r"[0-9]{5,7}", number, flags=re.ASCII):
        number = number.zfill(8)
    number = _matching(number, _COMPANY, message)
    if not number.strip("0"):
        raise WrongIdentifier(message)
    return number


def charity_number(text: str) -> str:
    """England and Wales: 6 or 7 digits. Scotland: SC0 and 5 digits. Northern Ireland: NIC and 6 digits."""
    return _matching(
        text,
        r"[1-9][0-9]{5,6}|SC0[0-9]{5}|NIC[0-9]{6}",
        "Charity number must be 6 or 7 digits, like 1234567, or start with SC0 or NIC. "
        "It is on the register of charities",
    )


def ukprn(text: str) -> str:
    """UK provider reference number: 8 digits, the first is 1."""
    return _matching(
        text,
        r"1[0-9]{7}",
        "UKPRN must be 8 digits and start with 1, like 10012345. It is on the UK Register of Learning Providers",
    )


def urn(text: str) -> str:
    """Unique reference number of an establishment in the national register of schools: 6 digits."""
    return _matching(
        text,
        r"[1-9][0-9]{5}",
        "URN must be 6 digits, like 123456. It is on the Get Information about Schools register",
    )


def uprn(text: str) -> str:
    """Unique property reference number of an address: up to 12 digits, without the zeros that some lists put before
    them."""
    message = "UPRN must be up to 12 digits, like 100012345678. It is on the council’s tax or planning papers"
    number = _matching(text, r"[0-9]{1,12}", message).lstrip("0")
    if not number:
        raise WrongIdentifier(message)
    return number


def laestab(text: str) -> str:
    """Local authority (3 digits) and establishment (4 digits), usually typed with a slash between them."""
    return _matching(
        text, r"[2-9][0-9]{6}", "LAESTAB must be 7 digits, like 821/4001. It is on the school's census return"
    )


def ppon(text: str) -> str:
    """Public procurement organisation number, `ABCD-1234-EFGH`, with or without `GB-PPON-` before it."""
    number = _compact(text).removeprefix("GBPPON").removeprefix(":")
    found = re.fullmatch(r"([A-Z]{4})([0-9]{4})([A-Z]{4})", number, flags=re.ASCII)
    if not found:
        raise WrongIdentifier(
            "PPON must be 4 letters, 4 digits and 4 letters, like ABCD-1234-EFGH. "
            "It is on your organisation's page in the Find a Tender service"
        )
    return "-".join(found.groups())


_NO_LOOK_ALIKES = "6789BCDFGHJKLMNPQRTWbcdfghjkmnpqrtwz"


def share_code(text: str) -> str:
    """Share code of the central digital platform: 8 characters that cannot be mistaken for each other. Its capitals
    and small letters differ, so its case is kept."""
    code = _BETWEEN.sub("", text)
    if not re.fullmatch(rf"[{_NO_LOOK_ALIKES}]{{8}}", code, flags=re.ASCII):
        raise WrongIdentifier(
            "Share code must be 8 characters, like 6BcD7fGh, with small and capital letters exactly as shown. "
            "It is under ‘Supplier information’ in the Find a Tender service"
        )
    return code


def postcode(text: str) -> str:
    """UK postcode, spelled with one space before the last three characters (BS 7666)."""
    compact = _matching(
        text,
        r"GIR0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9]{1,2}|[A-HK-Y][0-9][ABEHMNPRV-Y])"
        r"[0-9][ABD-HJLNP-UW-Z]{2}",
        "Enter a full UK postcode, like LA1 1AA",
    )
    return f"{compact[:-3]} {compact[-3:]}"


def postcode_area(code: str) -> str:
    """The one or two letters that a postcode starts with."""
    return re.match(r"[A-Z]{0,2}", code)[0]
