"""Where a pupil is on the roll: begun, ended, and where a date was wrong corrected."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Enrolment, Pupil
from referrals.permissions import pupils as permissions
from referrals.queries import pupils as queries
from referrals.rules import enrolments as rules
from referrals.rules.pupils import Roll, check_standing
from referrals.steps import pupils as steps

_DAY = dt.timedelta(days=1)


@transaction.atomic(durable=True)
def add_enrolment(*, pupil: Pupil, roll: Roll, by: User, at: dt.datetime) -> Enrolment:
    """Write down where a pupil is on the roll from a day on, or was for a time. A new main school, or none, ends the
    one before on the day before. Raises `Refused`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_change, by, pupil)
    check_standing(pupil.merged_into_id, pupil.purged_at)
    rules.check_shape(roll)
    rules.check_days(roll, born_on=pupil.born_on, today=timezone.localdate(at))
    spans = queries.spans_of(pupil)
    over = rules.ended_by(spans, roll)
    rules.check_fits([one for one in spans if one is not over], roll)
    if over:
        Enrolment.objects.filter(pk=over.pk).update(until_on=roll.from_on - _DAY)
    made = steps.enrol(pupil=pupil, roll=roll)
    data = {"pupil": pupil.pk, "kind": str(roll.kind), "from_on": roll.from_on.isoformat()}
    if over:
        data["ended"] = over.pk
    audit.record("referrals.enrolment.begun", by=by, about=made, organisation=pupil.commissioner_id, data=data, at=at)
    return made


@transaction.atomic(durable=True)
def end_enrolment(*, enrolment: Enrolment, until_on: dt.date, by: User, at: dt.datetime) -> None:
    """Write down the last day. Raises `Refused`."""
    pupil = Pupil.objects.locked(enrolment.pupil_id)
    enrolment = Enrolment.objects.get(pk=enrolment.pk, pupil=pupil)
    people.forget_roles(by)
    access.require(permissions.can_change, by, pupil)
    check_standing(pupil.merged_into_id, pupil.purged_at)
    rules.check_end(_span(enrolment), until_on, timezone.localdate(at))
    Enrolment.objects.filter(pk=enrolment.pk).update(until_on=until_on)
    audit.record(
        "referrals.enrolment.ended",
        by=by,
        about=enrolment,
        organisation=pupil.commissioner_id,
        data={"pupil": pupil.pk, "until_on": until_on.isoformat()},
        at=at,
    )


@transaction.atomic(durable=True)
def correct_enrolment(
    *, enrolment: Enrolment, from_on: dt.date, until_on: dt.date | None, by: User, at: dt.datetime
) -> None:
    """Put a wrong date right; what stood there stays in the record of the pupil. Raises `Refused`."""
    pupil = Pupil.objects.locked(enrolment.pupil_id)
    enrolment = Enrolment.objects.get(pk=enrolment.pk, pupil=pupil)
    people.forget_roles(by)
    access.require(permissions.can_change, by, pupil)
    check_standing(pupil.merged_into_id, pupil.purged_at)
    before = _span(enrolment)
    if (from_on, until_on) == (before.from_on, before.until_on):
        raise Refused("These are the dates that stand there. Change what is wrong", field="from_on")
    roll = Roll(before.kind, from_on, before.school, before.why_none, until_on)
    rules.check_days(roll, born_on=pupil.born_on, today=timezone.localdate(at))
    rules.check_fits(queries.spans_of(pupil, but=enrolment.pk), roll)
    Enrolment.objects.filter(pk=enrolment.pk).update(from_on=from_on, until_on=until_on)
    stood = {"stood_from": before.from_on.isoformat()}
    if before.until_on:
        stood["stood_until"] = before.until_on.isoformat()
    audit.record(
        "referrals.enrolment.corrected",
        by=by,
        about=enrolment,
        organisation=pupil.commissioner_id,
        data={"pupil": pupil.pk, **stood},
        at=at,
    )


def _span(enrolment: Enrolment) -> rules.Span:
    return rules.Span(
        enrolment.pk,
        enrolment.kind,
        enrolment.school_id,
        enrolment.from_on,
        enrolment.until_on,
        enrolment.why_none,
    )
