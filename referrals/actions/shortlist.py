"""A shortlist is kept: what was looked at, by whom and why."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from lots.models import Place
from lots.queries import call_off
from lots.rules.refusals import Refused
from lots.states import PlaceState
from referrals.models import Shortlisted
from referrals.permissions import directory as permissions


@transaction.atomic(durable=True)
def add_to_shortlist(
    *, organisation: Organisation, place: Place, reason: str, by: User, at: dt.datetime
) -> Shortlisted:
    """Put a place on the organisation's shortlist with the reason, which names no pupil. Raises `Refused` where it
    stands there already, has ended, or is on a framework that the organisation may not use."""
    place = Place.objects.locked(place.pk)
    access.require(permissions.can_keep_shortlist, by, organisation)
    if place.state == PlaceState.ENDED or not call_off.may_call_off(organisation, place.framework_id):
        raise Refused("You can no longer use this place. Search again for one that you can use")
    if Shortlisted.objects.standing().filter(organisation=organisation, place=place).exists():
        raise Refused("This place is on your shortlist already. Somebody may have added it meanwhile")
    added = Shortlisted.objects.create(organisation=organisation, place=place, reason=reason, added_at=at, added_by=by)
    audit.record(
        "referrals.shortlisted.added", by=by, about=added, organisation=organisation, data={"place": place.pk}, at=at
    )
    return added


@transaction.atomic(durable=True)
def take_off_shortlist(*, shortlisted: Shortlisted, by: User, at: dt.datetime) -> Shortlisted:
    """Take a place off a shortlist; the record keeps that it stood there. Raises `Refused` where it was taken off
    before."""
    shortlisted = Shortlisted.objects.locked(shortlisted.pk)
    access.require(permissions.can_take_off, by, shortlisted)
    if shortlisted.removed_at:
        raise Refused("This place was taken off the shortlist already")
    shortlisted.removed_at = at
    shortlisted.save(update_fields=["removed_at"])
    audit.record(
        "referrals.shortlisted.removed",
        by=by,
        about=shortlisted,
        organisation=shortlisted.organisation_id,
        data={"place": shortlisted.place_id},
        at=at,
    )
    return shortlisted
