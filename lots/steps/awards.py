"""One award set becomes places, whole or not at all: in a few statements, however many there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils import timezone

from accounts.models import Organisation
from accounts.states import OrganisationKind
from core.steps import step
from lots.models import Framework, Place, PlacePrice
from lots.queries import places as queries
from lots.rules import awards, scheme
from lots.rules.places import BY_BUYER
from lots.rules.refusals import Refused
from lots.states import EndReason, FrameworkState
from lots.steps import letters, places


@step
def give_places(
    *,
    framework: Framework,
    given: Collection[awards.Award],
    waits_until: dt.datetime | None,
    waits_for_notice: bool = False,
    tell: bool = True,
    by,
    at: dt.datetime,
) -> list[Place]:
    """Give one award set on a locked framework, whole or not at all: rules of shape, route and limits over the set and
    what stands; prices copied as rows from this day; lots that come with the others granted. `waits_until` is the end
    of the waiting period; with `waits_for_notice` it is not known before the award notice is published
    (`places.waiting_ends`). Letters to the providers' leads, unless the caller tells them (`tell`): until then
    (`places.told`) their people do not see the places. Returns the places in the order of `given`. Raises `Refused`,
    `OverLimit`."""
    _check_state(framework)
    standing = queries.standing_keys(framework)
    awards.check_shape(given, queries.shapes_of(framework), standing)
    providers = _providers(given)
    _check_routes(framework, given)
    awards.check_limits(
        [(award.provider, award.lot, award.sub_lot) for award in given],
        standing,
        max_participants=framework.max_participants,
        max_lots=framework.max_lots,
        lot_limit=framework.policies.lot_limit,
        names={pk: provider.name for pk, provider in providers.items()},
    )
    made = Place.objects.bulk_create(
        [
            Place(
                framework=framework,
                lot_id=award.lot,
                sub_lot_id=award.sub_lot,
                provider=providers[award.provider],
                provider_name=providers[award.provider].name,
                route=award.route,
                awarded_at=at,
                waits_until=waits_until,
                waits_for_notice=waits_for_notice,
                told=tell,
            )
            for award in given
        ],
        batch_size=places.AT_ONCE,
    )
    from_on = timezone.localdate(at)
    PlacePrice.objects.bulk_create(
        [
            PlacePrice(place=place, line_id=line, pence=pence, from_on=from_on, set_at=at)
            for place, award in zip(made, given, strict=True)
            for line, pence in sorted(award.prices.items())
        ],
        batch_size=places.AT_ONCE,
    )
    rows = [(place, {"route": str(place.route)}) for place in made]
    places.record_each(rows, "awarded", framework=framework, by=by, at=at)
    places.balance(framework=framework, providers=providers, by=by, at=at)
    if tell:
        letters.tell(
            letters.AWARDED, providers=providers, about={place.provider_id: place for place in reversed(made)}, at=at
        )
    return made


def _check_state(framework: Framework) -> None:
    if framework.state not in {FrameworkState.PUBLISHED, FrameworkState.RUNNING}:
        raise Refused("Places are given on a framework that is published and has not ended")


def _providers(given: Collection[awards.Award]) -> dict[int, Organisation]:
    wanted = {award.provider for award in given}
    found = Organisation.objects.filter(pk__in=wanted, kind=OrganisationKind.PROVIDER, is_open=True).in_bulk()
    if set(found) != wanted:
        raise Refused("Places are given to providers that are registered here and open")
    return found


def _check_routes(framework: Framework, given: Collection[awards.Award]) -> None:
    known = set()
    if framework.previous_id:
        last = Place.objects.filter(framework=framework.previous_id, accepted_at__isnull=False)
        known = set(last.exclude(end_reason__in=[*BY_BUYER, EndReason.TRANSFERRED]).values_list("provider", flat=True))
    for award in given:
        scheme.check_route(
            award.route,
            max_participants=framework.max_participants,
            has_previous=framework.previous_id is not None,
            was_on_it=award.provider in known,
        )
