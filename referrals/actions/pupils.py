"""Pupils are added and their records changed. Whoever comes second with a page that was opened before is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from referrals.models import FormerName, Pupil
from referrals.permissions import pupils as permissions
from referrals.queries import pupils as queries
from referrals.rules import enrolments
from referrals.rules import pupils as rules
from referrals.rules.private import Contact
from referrals.rules.pupils import FLAGS, IDENTITY, NEEDS, WHO, Roll, Who
from referrals.steps import pupils as steps


@transaction.atomic(durable=True)
def add_pupil(
    *, commissioner: Organisation, who: Who, roll: Roll | None, different: bool, by: User, at: dt.datetime
) -> Pupil:
    """Add a pupil. `different` says that this is another than those with the same birthday and a like name. Raises
    `Refused`, `AlreadyThere`, and `MayBeTheSame` where that was not said."""
    commissioner = Organisation.objects.locked(commissioner.pk)
    people.forget_roles(by)
    access.require(permissions.can_add, by, commissioner)
    today = timezone.localdate(at)
    rules.check_who(who, today)
    if roll:
        enrolments.check_shape(roll)
        enrolments.check_days(roll, born_on=who.born_on, today=today)
    _check_free(commissioner.pk, who, different)
    [pupil] = steps.add(commissioner=commissioner, pupils=[(who, roll)], by=by, at=at)
    return pupil


@transaction.atomic(durable=True)
def edit_pupil(
    *,
    pupil: Pupil,
    values: Mapping,
    mistake: bool,
    different: bool,
    revision: int,
    by: User,
    at: dt.datetime,
) -> Pupil:
    """Write who a pupil is: all of `WHO` and `IDENTITY`. A name that changed is kept with the day until which it was
    borne, unless it was a mistake. Raises `Refused`, `Stale`, `AlreadyThere`, `MayBeTheSame`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_change, by, pupil)
    rules.check_standing(pupil.merged_into_id, pupil.purged_at)
    rules.check_revision(pupil.revision, revision)
    before = queries.who_of(pupil)
    private = replace(before.private, **{name: values[name] for name in IDENTITY})
    who = replace(before, **{name: values[name] for name in WHO}, private=private)
    today = timezone.localdate(at)
    rules.check_who(who, today)
    renamed = (who.first_names, who.last_name) != (before.first_names, before.last_name)
    _check_free(pupil.commissioner_id, who, different or not (renamed or who.born_on != before.born_on), but=pupil.pk)
    if renamed and not mistake:
        FormerName.objects.create(
            pupil=pupil, first_names=before.first_names, last_name=before.last_name, until_on=today, written_by=by
        )
    plain = {name: values[name] for name in WHO}
    for name, value in plain.items():
        setattr(pupil, name, value)
    steps.seal(pupil=pupil, private=private, at=at, **plain, name_key=queries.key_with_former(pupil))
    audit.record(
        "referrals.pupil.changed",
        by=by,
        about=pupil,
        organisation=pupil.commissioner_id,
        data={"fields": _changed(before, queries.who_of(pupil))},
        at=at,
    )
    return pupil


@transaction.atomic(durable=True)
def edit_needs(*, pupil: Pupil, values: Mapping, revision: int, by: User, at: dt.datetime) -> Pupil:
    """Write what a pupil needs: all of `FLAGS` and `NEEDS`. Raises `Refused` and `Stale`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_change, by, pupil)
    rules.check_standing(pupil.merged_into_id, pupil.purged_at)
    rules.check_revision(pupil.revision, revision)
    before = queries.who_of(pupil)
    private = replace(before.private, **{name: values[name] for name in NEEDS})
    steps.seal(pupil=pupil, private=private, at=at, **{name: values[name] for name in FLAGS})
    audit.record(
        "referrals.pupil.changed",
        by=by,
        about=pupil,
        organisation=pupil.commissioner_id,
        data={"fields": _changed(before, queries.who_of(pupil))},
        at=at,
    )
    return pupil


@transaction.atomic(durable=True)
def edit_contacts(*, pupil: Pupil, contacts: Sequence[Contact], revision: int, by: User, at: dt.datetime) -> Pupil:
    """Write who answers for a pupil: these, and no other. Raises `Refused` and `Stale`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_change, by, pupil)
    rules.check_standing(pupil.merged_into_id, pupil.purged_at)
    rules.check_revision(pupil.revision, revision)
    before = queries.who_of(pupil)
    steps.seal(pupil=pupil, private=replace(before.private, contacts=tuple(contacts)), at=at)
    audit.record(
        "referrals.pupil.changed",
        by=by,
        about=pupil,
        organisation=pupil.commissioner_id,
        data={"fields": _changed(before, queries.who_of(pupil))},
        at=at,
    )
    return pupil


@transaction.atomic(durable=True)
def note_list(*, commissioner: Organisation, copied: bool, by: User, at: dt.datetime) -> None:
    """Write down that somebody was shown the list of pupils, or took a copy of it."""
    access.require(permissions.can_add if copied else permissions.can_list, by, commissioner)
    if copied:
        audit.record("referrals.pupils.copied", by=by, organisation=commissioner, at=at)
    else:
        audit.record("referrals.pupils.listed", by=by, organisation=commissioner, at=at)


def _check_free(commissioner: int, who: Who, different: bool, *, but: int | None = None) -> None:
    """Nobody else of this commissioner bears the numbers; nobody looks like the pupil, or somebody said that it is
    another."""
    keys = queries.keys_of(who.private)
    rules.check_number_free(queries.numbers_taken(commissioner, list(keys.values()), but=[but] if but else ()), keys)
    if different:
        return
    alike = [pk for pk in queries.likely_same(commissioner, who) if pk != but]
    if alike:
        raise rules.MayBeTheSame(alike)


def _changed(before: Who, now: Who) -> list[str]:
    """Which fields changed, never what stood or stands in them."""
    fields = [name for name in WHO + FLAGS if getattr(before, name) != getattr(now, name)]
    private = (*IDENTITY, *NEEDS, "contacts")
    return fields + [name for name in private if getattr(before.private, name) != getattr(now.private, name)]
