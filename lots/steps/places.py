"""Writes about places that actions of this app and of apps above compose: giving, moving, ending, beginning."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import Organisation, User
from audit import steps as audit
from core.steps import step
from lots.models import Framework, Lot, Place, PlacePrice, Suspension
from lots.queries import places as queries
from lots.rules import places
from lots.states import EndReason, PlaceState

AT_ONCE = 500
VERBS = {
    PlaceState.ACCEPTED: "accepted",
    PlaceState.ACTIVE: "began",
    PlaceState.SUSPENDED: "suspended",
    PlaceState.ENDED: "ended",
}


@step
def frameworks_locked(pks: Iterable[int]) -> dict[int, Framework]:
    """Frameworks as they are now, held until the transaction ends, in the order of their keys so that nobody waits in a
    circle."""
    rows = Framework.objects.select_for_update(of=("self",)).filter(pk__in=set(pks)).order_by("pk")
    return {row.pk: row for row in rows}


@step
def places_locked(pks: Iterable[int]) -> list[Place]:
    """Places as they are now, held until the transaction ends. Their frameworks are locked before."""
    rows = Place.objects.select_for_update(of=("self",)).filter(pk__in=set(pks))
    return list(rows.select_related("lot", "framework", "provider").order_by("pk"))


@step
def move(
    *, place: Place, to: PlaceState, by, at: dt.datetime, verb: str = "", data: dict | None = None, **fields
) -> None:
    """Move a place as `PLACE_MOVES` allows, with the moments in `fields`, and record it. The one place where a place
    moves by itself; `begin_due` and `end_all` move many. Raises `Refused`."""
    places.check_move(place.state, to)
    place.state = to
    for name, value in fields.items():
        setattr(place, name, value)
    place.save(update_fields=["state", *fields])
    record(place, verb or VERBS[to], by=by, at=at, data=data)


@step
def record(place: Place, verb: str, *, by, at: dt.datetime, data: dict | None = None) -> None:
    """Write down what happened to a place, in its buyer's record."""
    audit.record(
        f"lots.place.{verb}",
        by=by,
        about=place,
        organisation=place.framework.buyer_id,
        data=_labels(place) | (data or {}),
        at=at,
    )


@step
def record_each(rows: Iterable[tuple[Place, dict]], verb: str, *, framework: Framework, by, at: dt.datetime) -> None:
    """Write down the same of many places of one framework, each with what else is to be said."""
    audit.record_each(
        f"lots.place.{verb}",
        by=by,
        rows=[(place, _labels(place) | data) for place, data in rows],
        organisation=framework.buyer_id,
        at=at,
    )


def _labels(place: Place) -> dict:
    ids = {"framework": place.framework_id, "provider": place.provider_id, "lot": place.lot_id}
    return ids | {"part": place.sub_lot_id}


@step
def balance(*, framework: Framework, providers: Iterable[int], by, at: dt.datetime) -> None:
    """Lots that come with the others: a provider with any other place that has not ended has one on each, by policy;
    with the last other place they end. A granted place follows the other ones: accepted where one of them is."""
    providers = set(providers)
    rows = Place.objects.standing().filter(framework=framework, provider__in=providers)
    others, granted = defaultdict(list), defaultdict(list)
    for place in rows.select_related("lot", "framework", "provider").order_by("pk"):
        (granted if place.lot.is_auto else others)[place.provider_id].append(place)
    come_along = []
    if framework.policies.auto_places:
        come_along = list(Lot.objects.filter(framework=framework, is_auto=True).order_by("pk"))
    wanted = []
    for provider in sorted(providers):
        if not others[provider]:
            end_places(rows=granted[provider], reason=EndReason.LAST_PLACE_ENDED, by=by, at=at)
            continue
        there = {place.lot_id for place in granted[provider]}
        wanted += [(lot, others[provider][0]) for lot in come_along if lot.pk not in there]
    for place in _grant(framework, wanted, by, at):
        granted[place.provider_id].append(place)
    for provider in sorted(granted):
        if any(place.accepted_at for place in others[provider]):
            for place in granted[provider]:
                if place.state == PlaceState.AWARDED:
                    accept(place=place, by=by, at=at)


def _grant(framework: Framework, wanted: list[tuple[Lot, Place]], by, at) -> list[Place]:
    """A place on each of these lots, with what it has from the place that it comes with."""
    made = Place.objects.bulk_create(
        [
            Place(
                framework=framework,
                lot=lot,
                provider=like.provider,
                provider_name=like.provider_name,
                route=like.route,
                awarded_at=at,
                waits_until=like.waits_until,
                waits_for_notice=like.waits_for_notice,
                told=like.told,
            )
            for lot, like in wanted
        ],
        batch_size=AT_ONCE,
    )
    record_each([(place, {}) for place in made], "granted", framework=framework, by=by, at=at)
    return made


@step
def accept(*, place: Place, by, at: dt.datetime) -> None:
    """Accept one place. A suspension of its provider that stands with this buyer holds it at once."""
    move(place=place, to=PlaceState.ACCEPTED, by=by, at=at, accepted_at=at)
    wide = Suspension.objects.in_force().filter(place=None, provider=place.provider_id, buyer=place.framework.buyer_id)
    if wide.exists():
        move(place=place, to=PlaceState.SUSPENDED, by=by, at=at)


@step
def end_places(*, rows: Collection[Place], reason: EndReason, by, at: dt.datetime, note: str = "") -> None:
    """End these places, each in the record. The caller balances lots that come with the others."""
    for place in rows:
        move(
            place=place,
            to=PlaceState.ENDED,
            by=by,
            at=at,
            data={"reason": str(reason)},
            ended_at=at,
            end_reason=reason,
            end_note=note,
        )


@step
def end_all(*, framework: Framework, by, at: dt.datetime) -> int:
    """End every place of a framework that ends: one statement, one event. Returns how many."""
    ended = (
        Place.objects.standing()
        .filter(framework=framework)
        .update(state=PlaceState.ENDED, ended_at=at, end_reason=EndReason.EXPIRED)
    )
    audit.record(
        "lots.places.expired",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"places": ended},
        at=at,
    )
    return ended


@step
def begin_due(*, framework: Framework, by, at: dt.datetime) -> int:
    """Accepted places of a running framework whose time has come become active: one statement, one event, nothing the
    second time. None whose award notice was not published yet. Returns how many. `active_from` is the moment that the
    rule gives, not that of this run."""
    floor = places.begins_at(_start_of(framework.starts_on), framework.awarded_at)
    if floor > at:
        return 0
    due = Place.objects.filter(framework=framework, state=PlaceState.ACCEPTED, accepted_at__lte=at)
    due = due.filter(waits_for_notice=False).exclude(waits_until__gt=at)
    begun = due.update(
        state=PlaceState.ACTIVE,
        active_from=Greatest(F("accepted_at"), Coalesce(F("waits_until"), F("accepted_at")), Value(floor)),
    )
    if begun:
        audit.record(
            "lots.places.began",
            by=by,
            about=framework,
            organisation=framework.buyer_id,
            data={"places": begun},
            at=at,
        )
    return begun


@step
def waiting_ends(*, framework: Framework, places: Collection[Place], until: dt.datetime, by, at: dt.datetime) -> int:
    """The award notice of these places was published, so the end of their waiting period is known; or it was written
    down wrongly and is put right. Reaches those with successors to whom they moved, and the lots that came with them
    and waited for the same; no place that has begun or ended. Returns how many."""
    pks, moved = set(), {place.pk for place in places}
    while moved:
        pks |= moved
        moved = set(Place.objects.filter(came_from__in=moved).values_list("pk", flat=True))
    rows = Place.objects.standing().filter(framework=framework, active_from=None)
    given = rows.filter(pk__in=pks)
    ends = Q(waits_for_notice=True) | Q(waits_until__in=set(given.values_list("waits_until", flat=True)) - {None})
    along = rows.filter(ends, lot__is_auto=True, provider__in=given.values("provider"))
    waiting = set(given.values_list("pk", flat=True)) | set(along.values_list("pk", flat=True))
    count = Place.objects.filter(pk__in=waiting).update(waits_until=until, waits_for_notice=False)
    audit.record(
        "lots.places.waiting_known",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"places": count, "until": until.isoformat()},
        at=at,
    )
    return count


@step
def told(*, places: Collection[Place]) -> int:
    """The providers were told of these places, so their people see them, and those on lots that came with them. The
    caller records it. Returns how many are new to them."""
    given = Place.objects.filter(pk__in=[place.pk for place in places])
    along = Q(lot__is_auto=True, provider__in=given.values("provider"), framework__in=given.values("framework"))
    rows = Place.objects.filter(Q(pk__in=given.values("pk")) | along, told=False)
    return Place.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(told=True)


@step
def begin_anew(*, rows: Collection[Place], successor: Organisation, by, at: dt.datetime, today: dt.date) -> list[Place]:
    """Places that ended as moved begin anew with the successor, as far as they had come, with the prices of today and
    of days to come. A suspension of the successor that stands with this buyer holds them at once."""
    there = set(
        Place.objects.standing()
        .filter(framework=rows[0].framework_id, provider=successor)
        .values_list("lot_id", "sub_lot_id")
    )
    wide = (
        Suspension.objects.in_force().filter(place=None, provider=successor, buyer=rows[0].framework.buyer_id).exists()
    )
    made = []
    for row in rows:
        if (row.lot_id, row.sub_lot_id) in there:
            continue
        place = Place.objects.create(
            framework=row.framework,
            lot=row.lot,
            sub_lot_id=row.sub_lot_id,
            provider=successor,
            provider_name=successor.name,
            route=row.route,
            state=places.reached(row.accepted_at, row.active_from),
            awarded_at=at,
            waits_until=row.waits_until,
            waits_for_notice=row.waits_for_notice,
            accepted_at=row.accepted_at and at,
            active_from=row.active_from and at,
            came_from=row,
        )
        PlacePrice.objects.bulk_create(
            PlacePrice(place=place, line_id=line, pence=pence, from_on=from_on, reason=reason, set_at=at)
            for line, pence, from_on, reason in queries.prices_from(row, today)
        )
        record(place, "moved", by=by, at=at, data={"from": row.pk})
        if wide and place.accepted_at:
            move(place=place, to=PlaceState.SUSPENDED, by=by, at=at)
        made.append(place)
    return made


def _start_of(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@step
def set_price_row(*, place: Place, line_id: int, pence: int, from_on: dt.date, reason: str, by: User, at) -> PlacePrice:
    """Add a price from a day on, and record that there is one."""
    row = PlacePrice.objects.create(
        place=place, line_id=line_id, pence=pence, from_on=from_on, reason=reason, set_at=at
    )
    record(place, "repriced", by=by, at=at, data={"line": line_id, "from_on": from_on.isoformat()})
    return row
