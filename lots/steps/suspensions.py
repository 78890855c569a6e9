"""Holding places: suspended by a person, and without new pupils for as long as documents are not renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import Exists, Q, QuerySet

from audit import steps as audit
from core.steps import step
from lots.models import Place, Suspension
from lots.queries.places import suspension_labels
from lots.states import PlaceState
from lots.steps import letters
from lots.steps import places as steps

HELD = {PlaceState.ACCEPTED, PlaceState.ACTIVE}


@step
def begin(*, place: Place, only: Place | None, cause: str, reason: str, by, at: dt.datetime) -> Suspension:
    """A suspension of one place (`only`), or of everything that the provider of `place` has with its buyer. The caller
    moves the places, records it and tells the provider."""
    return Suspension.objects.create(
        buyer_id=place.framework.buyer_id,
        provider_id=place.provider_id,
        place=only,
        cause=cause,
        reason=reason,
        began_at=at,
        began_by=by,
    )


@step
def suspend_each(*, rows: Collection[Place], cause: str, reason: str, by, at: dt.datetime) -> list[Suspension]:
    """Hold each of these places of one provider, which the caller has locked with their frameworks: a suspension of its
    own each, so that each can be lifted by itself, and one letter for all. Raises `Refused`."""
    made = []
    for place in rows:
        made.append(begin(place=place, only=place, cause=cause, reason=reason, by=by, at=at))
        if place.state in HELD:
            steps.move(place=place, to=PlaceState.SUSPENDED, by=by, at=at)
        audit.record(
            "lots.suspension.began",
            by=by,
            about=made[-1],
            organisation=place.framework.buyer_id,
            data=suspension_labels(made[-1], places=1),
            at=at,
        )
    for place in list(rows)[:1]:
        tell(place=place, at=at)
    return made


@step
def tell(*, place: Place, at: dt.datetime) -> None:
    """The provider's leads hear that places are suspended."""
    letters.tell(letters.SUSPENDED, providers=[place.provider_id], about={place.provider_id: place}, at=at)


@step
def hold_new_pupils(*, held: QuerySet, at: dt.datetime, about: Mapping[str, int]) -> tuple[int, int]:
    """Places for whose framework and provider `held` has a row (it says so by `OuterRef("framework")` and
    `OuterRef("provider")`) take no new pupils from now on; all others take them again. `about` are columns that narrow
    down which. Locked in the order of their keys first, and set-based; twice is harmless. Returns how many were held,
    and how many let go."""
    rows = Place.objects.filter(**about)
    begin, end = Q(Exists(held), held_at=None), Q(~Exists(held), held_at__isnull=False)
    found = [
        [place.pk for place in steps.places_locked(rows.standing().filter(begin).values_list("pk", flat=True))],
        [place.pk for place in steps.places_locked(rows.filter(end).values_list("pk", flat=True))],
    ]
    begun = Place.objects.filter(begin, pk__in=found[0]).update(held_at=at)
    return begun, Place.objects.filter(end, pk__in=found[1]).update(held_at=None)
