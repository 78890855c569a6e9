"""A provider or one of its places is suspended, and the suspension lifted. Several may stand at once; a place goes on
when the last of those that reach it is lifted."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Place, Suspension
from lots.queries import places as queries
from lots.rules import places
from lots.rules.refusals import Refused
from lots.states import PlaceState
from lots.steps import letters
from lots.steps import places as steps
from lots.steps import suspensions as holding
from lots.steps.suspensions import HELD


@transaction.atomic(durable=True)
def suspend_place(*, place: Place, cause: str, reason: str, by: User, at: dt.datetime) -> Suspension:
    """Hold one place: the insurance of its activity, or a commercial cause. Raises `Refused`."""
    steps.frameworks_locked([place.framework_id])
    people.forget_roles(by)
    [place] = steps.places_locked([place.pk])
    access.require(permissions.can_suspend, by, place)
    places.check_suspension(cause, of_one_place=True)
    if place.state not in HELD | {PlaceState.SUSPENDED}:
        places.check_move(place.state, PlaceState.SUSPENDED)
    made = holding.begin(place=place, only=place, cause=cause, reason=reason, by=by, at=at)
    if place.state in HELD:
        steps.move(place=place, to=PlaceState.SUSPENDED, by=by, at=at)
    data = queries.suspension_labels(made, places=1)
    audit.record("lots.suspension.began", by=by, about=made, organisation=made.buyer_id, data=data, at=at)
    holding.tell(place=place, at=at)
    return made


@transaction.atomic(durable=True)
def suspend_provider(*, place: Place, cause: str, reason: str, by: User, at: dt.datetime) -> Suspension:
    """Hold all places that the provider of `place` has with its buyer, on every framework, those that come with others
    too, and those that it accepts while the suspension stands. Raises `Refused`."""
    buyer = place.framework.buyer_id
    steps.frameworks_locked(queries.running_of(buyer).values_list("pk", flat=True))
    people.forget_roles(by)
    [place] = steps.places_locked([place.pk])
    access.require(permissions.can_suspend, by, place)
    places.check_suspension(cause, of_one_place=False)
    made = holding.begin(place=place, only=None, cause=cause, reason=reason, by=by, at=at)
    reached = Place.objects.filter(provider=place.provider_id, framework__buyer=made.buyer_id, state__in=HELD)
    rows = steps.places_locked(reached.values_list("pk", flat=True))
    for row in rows:
        steps.move(place=row, to=PlaceState.SUSPENDED, by=by, at=at)
    data = queries.suspension_labels(made, places=len(rows))
    audit.record("lots.suspension.began", by=by, about=made, organisation=made.buyer_id, data=data, at=at)
    holding.tell(place=place, at=at)
    return made


@transaction.atomic(durable=True)
def lift_suspension(*, suspension: Suspension, reason: str, by: User, at: dt.datetime) -> Suspension:
    """Lift one suspension. Each place that nothing else holds returns to what it was. Raises `Refused` when it was
    lifted before."""
    steps.frameworks_locked(queries.running_of(suspension.buyer_id).values_list("pk", flat=True))
    people.forget_roles(by)
    suspension = Suspension.objects.locked(suspension.pk)
    access.require(permissions.can_lift, by, suspension)
    if suspension.lifted_at:
        raise Refused("This suspension has already been lifted")
    suspension.lifted_at, suspension.lifted_by, suspension.lifted_reason = at, by, reason
    suspension.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    freed = queries.held_by_nothing_else(suspension)
    rows = steps.places_locked(freed)
    for place in rows:
        steps.move(place=place, to=places.reached(place.accepted_at, place.active_from), by=by, at=at, verb="resumed")
    audit.record(
        "lots.suspension.lifted",
        by=by,
        about=suspension,
        organisation=suspension.buyer_id,
        data=queries.suspension_labels(suspension, places=len(rows)),
        at=at,
    )
    told = suspension.place or queries.any_place_of(suspension)
    letters.tell(letters.LIFTED, providers=[suspension.provider_id], about={suspension.provider_id: told}, at=at)
    return suspension
