"""Who a pupil is: numbers, names as they are searched, age, and when two records may be of one pupil."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.gb import upn as register

from accounts.rules.identifiers import WrongIdentifier
from lots.rules.refusals import Refused
from referrals.rules.private import Private
from referrals.states import NoUpn

YOUNGEST, OLDEST = 3, 25
ALIKE = 80  # per cent of rapidfuzz's ratio over the words in order
LONGEST_KEY = 700
MOST_CONTACTS = 8
# The fields of `Who` and of `Private` by the page that they are written on.
WHO = ("first_names", "last_name", "known_as", "born_on", "no_upn_reason")
IDENTITY = ("upn", "uln", "sex", "language", "street", "town", "postcode")
FLAGS = ("has_ehcp", "looked_after")
NEEDS = ("needs", "need", "health", "risks", "plan")
# Councils that were made since the list in python-stdnum was (2011): Dorset; Bournemouth, Christchurch and Poole; North
# and West Northamptonshire; Cumberland; Westmorland and Furness.
LATER_COUNCILS = {"838", "839", "940", "941", "942", "943"}
# Latin letters that no spelling rule takes apart, as people without them on the keyboard type them.
_TYPED_AS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_BETWEEN = re.compile(r"[\s\u00a0\u2009\u202f\-\u2010\u2011\u2012\u2013\u2014./]+")


@dataclass(frozen=True)
class Roll:
    """Where a pupil is on the roll from a day on: at `school` (an id), or at none and why (`states.NoSchool`)."""

    kind: str
    from_on: dt.date
    school: int | None = None
    why_none: str = ""
    until_on: dt.date | None = None


@dataclass(frozen=True)
class Who:
    """What is written down of a pupil. `no_upn_reason` is a code of `states.NoUpn`, empty where `private` has a UPN."""

    first_names: str
    last_name: str
    born_on: dt.date
    known_as: str = ""
    has_ehcp: bool = False
    looked_after: bool = False
    no_upn_reason: str = ""
    private: Private = field(default_factory=Private)


class AlreadyThere(Refused):
    """The number is on another record of the same commissioner: `pupil` is its key."""

    def __init__(self, message: str, *, field: str, pupil: int):
        super().__init__(message, field=field)
        self.pupil = pupil


class MayBeTheSame(Refused):
    """There are records of the same commissioner with the same birthday and a like name: `pupils` are their keys."""

    def __init__(self, pupils: Iterable[int]):
        super().__init__("Check whether this pupil is in your records already")
        self.pupils = tuple(pupils)


class Stale(Refused):
    """Somebody changed the record since the page was opened; `revision` is the one that stands now."""

    def __init__(self, revision: int):
        super().__init__(
            "Somebody changed this record since you opened the page. Nothing was overwritten and what you typed is "
            "still here. Look at the record in another tab, then save again if yours is right"
        )
        self.revision = revision


def upn(text: str) -> str:
    """A unique pupil number as it is printed: a check letter and 12 characters, the last of which is a letter where
    the number is temporary (DfE, guide to unique pupil numbers). Raises `WrongIdentifier`. Never made up or mended."""
    number = _BETWEEN.sub("", text).upper()
    wrong = WrongIdentifier(
        "UPN must be a letter and 12 digits, like B801200005001, and this is not one that a school’s system would "
        "print. Copy it from your school’s system. If it is not there, leave this empty and say why"
    )
    if not re.fullmatch(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", number, flags=re.ASCII):
        raise wrong
    try:
        return register.validate(number)
    except InvalidComponent:
        if number[1:4] in LATER_COUNCILS and register.calc_check_digit(number[1:]) == number[0]:
            return number
        raise wrong from None
    except ValidationError:
        raise wrong from None


def uln(text: str) -> str:
    """A unique learner number: 10 digits. The first nine times 10 down to 2 are added up; 10 less the remainder by 11
    is the tenth (Learning Records Service, ULN validation). A remainder of 0 gives no number. 9999999999 stands for
    "none yet" in returns and is nobody's. Raises `WrongIdentifier`."""
    number = _BETWEEN.sub("", text)
    if not re.fullmatch(r"[0-9]{10}", number, flags=re.ASCII):
        raise WrongIdentifier("ULN must be 10 digits, like 1000102504. Leave it empty if you do not know it")
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), number[:9], strict=True))
    if not total % 11 or 10 - total % 11 != int(number[9]):
        raise WrongIdentifier(
            "This is not a ULN: its last digit does not fit the others. Check it against the pupil’s school record, "
            "or leave it empty"
        )
    return number


def folded(text: str) -> str:
    """A name as it is searched: no capitals, accents, or anything but letters and figures between single spaces."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"['’‘`]", "", bare.translate(_TYPED_AS))).split())


def name_key(first_names: str, last_name: str, known_as: str = "", former: Iterable[tuple[str, str]] = ()) -> str:
    """What the list searches: the names now, what the pupil is known as, then the names before, newest first."""
    words = [f"{first_names} {last_name}", known_as, *(f"{first} {last}" for first, last in former)]
    return " ".join(dict.fromkeys(folded(one) for one in words if one))[:LONGEST_KEY].strip()


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Whole years on a day. Who was born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def check_born(born_on: dt.date, today: dt.date) -> None:
    """A pupil is 3 to 25 years old (early years to the end of an education, health and care plan: Children and
    Families Act 2014, s.46). Raises `Refused`."""
    if born_on > today:
        raise Refused("The date of birth is in the future. Check the year", field="born_on")
    if not YOUNGEST <= age_on(born_on, today) <= OLDEST:
        raise Refused(
            f"The date of birth makes the pupil {age_on(born_on, today)}. A pupil is {YOUNGEST} to {OLDEST} years old: "
            "check the year",
            field="born_on",
        )


def check_number(number: str, reason: str) -> None:
    """There is a UPN, or the reason why none. Raises `Refused`."""
    if not number and reason not in NoUpn.values:
        raise Refused("Enter the UPN, or choose why there is none", field="no_upn_reason")
    if number and reason:
        raise Refused("There is a UPN: do not choose why there is none", field="no_upn_reason")


def check_who(who: Who, today: dt.date) -> None:
    """What every record must hold. Raises `Refused`."""
    check_born(who.born_on, today)
    check_number(who.private.upn, who.no_upn_reason)


def check_phone(phone: str, field: str) -> None:
    """A telephone number has 7 to 15 digits (ITU-T E.164), with what people put between them. Raises `Refused`."""
    digits = re.sub(r"[^0-9]", "", phone)
    if phone and not (re.fullmatch(r"\+?[0-9 ().\-]+", phone) and 7 <= len(digits) <= 15):
        raise Refused("Enter a telephone number, like 01632 960 001", field=field)


def check_revision(now: int, seen: int) -> None:
    """Who comes second with a page that was opened before is told. Raises `Stale`."""
    if now != seen:
        raise Stale(now)


def check_standing(merged_into: int | None, purged_at: dt.datetime | None) -> None:
    """What was put together with another record, or removed at 25, is not written to. Raises `Refused`."""
    if merged_into:
        raise Refused("This record was put together with another one. Go to the pupil and write it there")
    if purged_at:
        raise Refused("What was known of this pupil has been removed. Nothing can be written here any more")


def are_alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two names may be one pupil's: pairs of first and last names. The same last name is enough, because this
    is asked of pupils with the same birthday; else nearly the same words, in whatever order."""
    [(first, last), (second, family)] = [(folded(a), folded(b)) for a, b in (one, other)]
    if last == family:
        return True
    return fuzz.token_sort_ratio(f"{first} {last}", f"{second} {family}") >= ALIKE


def check_number_free(numbers: Mapping[str, int], keys: Mapping[str, str]) -> None:
    """No other record of the commissioner bears the number. `numbers` maps the keyed hashes that are taken to the
    pupil's key, `keys` the field to the hash asked for. Raises `AlreadyThere`."""
    for name, key in keys.items():
        if key and key in numbers:
            raise AlreadyThere(
                f"You already have a pupil with this {name.upper()}. Open that record, or check the number",
                field=name,
                pupil=numbers[key],
            )
