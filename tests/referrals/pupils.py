"""Pupils beside the canary, records on their way, and what people are asked for, for tests of pupils."""

from __future__ import annotations

import datetime as dt

from accounts.models import Membership, Organisation
from accounts.states import OrganisationKind, Role
from referrals.models import Enrolment, Pupil, PupilMove
from referrals.queries import sealed
from referrals.rules.private import Private
from referrals.rules.pupils import Roll, Who, name_key
from tests.referrals.made import AT

BORN = dt.date(2012, 5, 4)
OTHER_UPN = "P207000016049"


def another(world, first="Juniper", last="Okonkwo", *, commissioner=None, private=None, **fields) -> Pupil:
    """A pupil on no roll, of Elm Grove unless told otherwise."""
    private = private or Private()
    fields = {"born_on": dt.date(2013, 1, 2), "added_at": AT, "changed_at": AT} | fields
    if private.upn:
        fields |= {"upn_key": sealed.hash_of(private.upn, what="upn")}
    else:
        fields |= {"no_upn_reason": "not_known"}
    pupil = Pupil.objects.create(
        commissioner=commissioner or world.elm_grove,
        first_names=first,
        last_name=last,
        name_key=name_key(first, last),
        uln_key=sealed.hash_of(private.uln, what="uln"),
        **fields,
    )
    Pupil.objects.filter(pk=pupil.pk).update(private=sealed.sealed_private(pupil, private))
    return Pupil.objects.get(pk=pupil.pk)


def made_twin(world, pupil: Pupil, **fields) -> Pupil:
    """The same last name and birthday."""
    return another(world, "Zinnia", pupil.last_name, born_on=pupil.born_on, **fields)


def made_move(world, pupil: Pupil, **fields) -> PupilMove:
    """Elm Grove offers the record to the Oak Trust."""
    fields = {
        "giver": pupil.commissioner,
        "taker": world.oak_trust,
        "reason": "A new school",
        "offered_at": AT,
    } | fields
    return PupilMove.objects.create(pupil=pupil, offered_by=world.sana, **fields)


def made_school(name="Holly Lane School", urn="900002", **fields) -> Organisation:
    return Organisation.objects.create(
        kind=OrganisationKind.SCHOOL, name=name, name_key=name.casefold(), urn=urn, la_code="999", **fields
    )


def give(person, organisation, role: Role) -> None:
    """The person has this role there, and no other role anywhere."""
    Membership.objects.filter(user=person).delete()
    Membership.objects.create(user=person, organisation=organisation, role=role, given_at=AT)
    for kept in ("_roles_held", "_schools_listed"):
        person.__dict__.pop(kept, None)


def enrolled(pupil: Pupil, from_on: dt.date, until_on: dt.date | None = None, **fields) -> Enrolment:
    fields = {"kind": "main"} | fields
    return Enrolment.objects.create(pupil=pupil, from_on=from_on, until_on=until_on, **fields)


def who(**fields) -> Who:
    """Somebody new."""
    fields = {
        "first_names": "Juniper",
        "last_name": "Okonkwo",
        "born_on": dt.date(2013, 1, 2),
        "no_upn_reason": "not_known",
    } | fields
    return Who(**fields)


def at_school(school, from_on=dt.date(2024, 9, 2), **fields) -> Roll:
    fields = {"kind": "main", "school": school.pk} | fields
    return Roll(from_on=from_on, **fields)


def typed(**fields) -> dict[str, str]:
    """The form of a new pupil, filled in."""
    return {
        "first_names": "Juniper",
        "last_name": "Okonkwo",
        "known_as": "",
        "born_on_0": "2",
        "born_on_1": "1",
        "born_on_2": "2013",
        "sex": "F",
        "upn": "",
        "no_upn_reason": "not_known",
        "uln": "",
        "language": "",
        "street": "",
        "town": "",
        "postcode": "",
        "has_ehcp": "no",
        "looked_after": "no",
        "kind": "main",
        "words": "900001",
        "why_none": "",
        "from_on_0": "2",
        "from_on_1": "9",
        "from_on_2": "2024",
    } | fields
