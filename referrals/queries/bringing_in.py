"""A list of pupils held against what a commissioner has already."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.rules.refusals import Refused
from referrals.models import Pupil
from referrals.queries.pupils import keys_of
from referrals.rules import csv_pupils as rules
from referrals.rules.csv_pupils import List, Listed, Problem
from referrals.rules.pupils import Roll, Who, folded

AT_ONCE = 500


@dataclass(frozen=True)
class Checked:
    """What would come of a list: the pupils that are new, the rows of those that the commissioner has already (by UPN,
    ULN, or names and date of birth) and that are left as they are, and what is wrong with the others."""

    new: tuple[tuple[Who, Roll | None], ...]
    already: tuple[int, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...]
    rows: int

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.problems})


def held_against(found: List, *, commissioner: Organisation, today: dt.date) -> Checked:
    """Hold a list against the commissioner's own pupils, and no other's. A row that names no school stands for the
    commissioner where that is one, else for no school. A few queries, however long the list is."""
    numbers, names = _known(commissioner)
    schools = _schools(found.pupils)
    own = commissioner.pk if commissioner.kind == OrganisationKind.SCHOOL else None
    new, already, problems = [], [], list(found.problems)
    for one in found.pupils:
        if numbers & set(keys_of(one.who.private).values()) or rules.same_name(one.who) in names:
            already.append(one.row)
            continue
        try:
            roll = rules.roll_of(one, school=_school(one, schools, own), today=today)
        except Refused as refusal:
            problems.append(Problem(one.row, refusal.field, str(refusal)))
        else:
            new.append((one.who, roll))
    problems.sort(key=lambda problem: problem.row)
    return Checked(tuple(new), tuple(already), tuple(problems), found.passed_over, found.rows)


def _school(one: Listed, schools: dict[str, int], own: int | None) -> int | None:
    if not one.school:
        return own
    if one.school not in schools:
        raise Refused("is not the URN of a school in the national register. Check the number", field="school")
    return schools[one.school]


def _known(commissioner: Organisation) -> tuple[set[str], set[tuple[str, str, dt.date]]]:
    rows = Pupil.objects.standing().filter(commissioner=commissioner)
    numbers, names = set(), set()
    for upn, uln, first, last, born_on in rows.values_list(
        "upn_key", "uln_key", "first_names", "last_name", "born_on"
    ).iterator(chunk_size=2000):
        numbers |= {upn, uln} - {""}
        names.add((folded(first), folded(last), born_on))
    return numbers, names


def _schools(found: tuple[Listed, ...]) -> dict[str, int]:
    wanted = sorted({one.school for one in found} - {""})
    known: dict[str, int] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = Organisation.objects.filter(kind=OrganisationKind.SCHOOL, urn__in=wanted[start : start + AT_ONCE])
        known |= dict(rows.values_list("urn", "pk"))
    return known


def import_organisation(text: str) -> Organisation | None:
    """The commissioner that a command names by its URN or its key; None where there is none."""
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        return None
    there = Organisation.objects.filter(is_open=True).exclude(kind=OrganisationKind.PROVIDER)
    return there.filter(kind=OrganisationKind.SCHOOL, urn=text).first() or there.filter(pk=int(text)).first()
