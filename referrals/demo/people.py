"""The pupils of the demo: names, days and numbers are made up, and so is what is written of them. Their numbers have a
right check letter, as the portal asks, and a school number that no school has."""

from __future__ import annotations

import datetime as dt

from stdnum.gb import upn as register

from referrals.rules.private import Contact, Private
from referrals.rules.pupils import Who

# First names, last name, known as, age in years, sex, needs, EHCP, looked after, postcode, what is written of the need.
ELM_GROVE = [
    ("Jamie", "Okafor", "", 14, "M", ("semh",), False, False, "LK1 1AA", "Leaves lessons when they are loud"),
    ("Maisie Ann", "Thornbury", "Maisie", 13, "F", ("anxiety",), False, False, "LK4 2BB", "Has not come in since June"),
    ("Tyler", "Brandreth", "", 15, "M", ("semh", "exploitation"), False, True, "LK1 5FF", "Needs to know who is there"),
    ("Aaliyah", "Chowdhury", "", 12, "F", ("autism",), True, False, "LK2 4EE", "Needs the same room every day"),
    ("Kai", "Penhallow", "", 15, "M", ("learning",), False, False, "LK7 3DD", "Learns with his hands"),
    ("Ruby", "Sandiford", "", 14, "F", ("semh", "anxiety"), True, False, "LK1 1AA", "Settles with animals"),
    ("Dominic", "Achterberg", "Dom", 16, "M", ("semh",), False, False, "LK9 6GG", "Wants to work with engines"),
    ("Freya", "Lindqvist", "", 13, "F", ("medical",), False, False, "LK4 2BB", "Tires after two hours"),
    ("Noah", "Castellane", "", 11, "M", ("speech",), True, False, "LK2 4EE", "Understands more than he says"),
    ("Callum", "Hathersage", "Cal", 15, "M", ("semh",), False, False, "LK1 5FF", "Works best with one adult"),
    ("Ivy", "Marchbanks", "", 14, "F", ("autism", "anxiety"), True, False, "LK7 3DD", "Needs a quiet way in"),
]
LARKSHIRE = [
    ("Leon", "Abernethy", "", 15, "M", ("semh",), False, False, "LK1 5FF", "Permanently excluded in October"),
    ("Skye", "Fontaine", "", 12, "F", ("medical", "anxiety"), False, True, "LK4 2BB", "Too ill for school this term"),
    ("Mateo", "Villanueva", "", 10, "M", ("autism",), True, False, "LK2 4EE", "No special school had a place"),
]
RELATIONS = ("Mother", "Father", "Grandmother", "Foster carer")


def who(told: tuple, number: int, today: dt.date) -> Who:
    """One of the pupils above, as the portal writes one down."""
    first, last, known, age, sex, needs, has_ehcp, looked_after, postcode, need = told
    born = dt.date(today.year - age, 1 + number % 7, 1 + 3 * number % 27)
    contact = Contact(
        name=f"{RELATIONS[number % 4][0]}. {last}",
        relation=RELATIONS[number % 4],
        phone=f"01632 96{number:04d}",
        parental_responsibility=True,
        can_collect=True,
    )
    private = Private(
        upn=_upn(number, born) if number % 4 else "",
        sex=sex,
        needs=needs,
        need=need,
        risks="None known beyond the need itself" if number % 3 else "May leave the site when upset",
        street=f"{number + 3} Larkspur Row",
        town="Larkford",
        postcode=postcode,
        contacts=(contact,),
    )
    return Who(
        first_names=first,
        last_name=last,
        known_as=known,
        born_on=born,
        has_ehcp=has_ehcp,
        looked_after=looked_after,
        no_upn_reason="" if private.upn else "asked_for",
        private=private,
    )


def _upn(number: int, born: dt.date) -> str:
    rest = f"2019001{(born.year + 5) % 100:02d}{number:03d}"
    return register.calc_check_digit(rest) + rest
