"""Writing pupils: one or many of one commissioner at once."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from accounts.models import Organisation
from audit import steps as audit
from core.steps import step
from lots.rules.refusals import Refused
from referrals.models import Enrolment, Pupil
from referrals.queries import pupils as queries
from referrals.queries import sealed
from referrals.rules.private import Private
from referrals.rules.pupils import Roll, Who, name_key

AT_ONCE = 500


@step
def add(
    *, commissioner: Organisation, pupils: Sequence[tuple[Who, Roll | None]], by, at: dt.datetime, way: str = "page"
) -> list[Pupil]:
    """Write these pupils of one commissioner with where they are on the roll, in a handful of statements however many
    they are; each has its own event. The caller holds the commissioner's row (`Organisation.objects.locked`), and has
    asked `rules.pupils.check_who`, `rules.enrolments.check_shape` and `queries.pupils.numbers_taken`. Raises `Refused`
    where a number is on another record of the commissioner after all."""
    rows = [_row(commissioner, who, by, at) for who, _ in pupils]
    with _one_number_each():
        Pupil.objects.bulk_create(rows, batch_size=AT_ONCE)
    for row, (who, _) in zip(rows, pupils, strict=True):
        row.private = sealed.sealed_private(row, who.private)
    Pupil.objects.bulk_update(rows, ["private"], batch_size=AT_ONCE)
    Enrolment.objects.bulk_create(
        [_enrolment(row, roll) for row, (_, roll) in zip(rows, pupils, strict=True) if roll], batch_size=AT_ONCE
    )
    audit.record_each(
        "referrals.pupil.added", by=by, rows=[(row, {"way": way}) for row in rows], organisation=commissioner.pk, at=at
    )
    return rows


@step
def seal(*, pupil: Pupil, private: Private, at: dt.datetime, **fields) -> None:
    """Write what is sealed of a locked pupil, with the numbers' hashes and the plain `fields`. Raises `Refused` where a
    number is on another record of the commissioner."""
    keys = queries.keys_of(private)
    fields |= {"private": sealed.sealed_private(pupil, private), "upn_key": keys["upn"], "uln_key": keys["uln"]}
    fields |= {"changed_at": at, "revision": pupil.revision + 1}
    for name, value in fields.items():
        setattr(pupil, name, value)
    with _one_number_each():
        pupil.save(update_fields=list(fields))


@step
def enrol(*, pupil: Pupil, roll: Roll) -> Enrolment:
    """Write one enrolment of a locked pupil. What caused it has the event."""
    made = _enrolment(pupil, roll)
    made.save(force_insert=True)
    return made


@contextlib.contextmanager
def _one_number_each():
    """What the database refuses, because somebody wrote the same number a moment before, is said in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not re.search(r"upn|uln", str(error)):
            raise
        raise Refused("You already have a pupil with this UPN or ULN. Search for it in your list") from error


def _enrolment(pupil: Pupil, roll: Roll) -> Enrolment:
    return Enrolment(
        pupil=pupil,
        school_id=roll.school,
        kind=roll.kind,
        why_none=roll.why_none,
        from_on=roll.from_on,
        until_on=roll.until_on,
    )


def _row(commissioner: Organisation, who: Who, by, at: dt.datetime) -> Pupil:
    keys = queries.keys_of(who.private)
    return Pupil(
        commissioner=commissioner,
        first_names=who.first_names,
        last_name=who.last_name,
        known_as=who.known_as,
        name_key=name_key(who.first_names, who.last_name, who.known_as),
        born_on=who.born_on,
        has_ehcp=who.has_ehcp,
        looked_after=who.looked_after,
        upn_key=keys["upn"],
        uln_key=keys["uln"],
        no_upn_reason=who.no_upn_reason,
        added_at=at,
        added_by=by if hasattr(by, "pk") else None,
        changed_at=at,
    )
