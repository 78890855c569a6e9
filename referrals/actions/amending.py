"""An agreed placement gets another week, a later end, or a lower price, from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from core import access
from providers.steps import seats
from referrals.models import Amendment, Placement, WeeklySession
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries import placements, sharing
from referrals.queries.enquiries import is_insured, is_suspended
from referrals.queries.placing import Part
from referrals.queries.running import last_day_of
from referrals.rules import amending, placing
from referrals.rules.timetable import check_sessions
from referrals.states import AmendmentKind
from referrals.steps import amending as changes
from referrals.steps import life as steps
from referrals.steps.placements import check_week

DAY = dt.timedelta(days=1)


@transaction.atomic(durable=True)
def amend_week(
    *,
    placement: Placement,
    seen: int,
    from_on: dt.date,
    parts: Sequence[Part],
    reason: str,
    hours_reason: str,
    over_reason: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Amendment:
    """From a day on, the week is `parts`. Sessions that are in neither week end the day before, others begin; one that
    had not begun goes. Free places are taken and given back, and what it comes to is worked out again. Raises
    `Refused`."""
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state)
    placing.check_seen(seen, placement.revision)
    last = last_day_of(placement)
    amending.check_from(from_on, today=today, first=placement.starts_on, last=last)
    check_sessions([one.session for one in parts])
    turn = amending.split(queries.keys_of(placement), [queries.sameness_of(one) for one in parts], from_on)
    before = queries.stands(placement)
    halves = _halves(placement)
    WeeklySession.objects.filter(pk__in=turn.goes).delete()
    WeeklySession.objects.filter(pk__in=turn.ends).update(until_on=from_on - DAY)
    for number in turn.adds:
        changes.begin(placement=placement, part=parts[number], from_on=from_on)
    steps.save(placement=placement, hours_reason=hours_reason or placement.hours_reason)
    check_week(placement=placement, sessions=placements.week_of(placement), by=by)
    steps.reckon(placement=placement, over_reason=over_reason, by=by, at=at)
    _move_seats(placement, halves, by, at)
    return changes.written(
        placement=placement, kind=AmendmentKind.HOURS, from_on=from_on, before=before, reason=reason, by=by, at=at
    )


@transaction.atomic(durable=True)
def extend_placement(
    *,
    placement: Placement,
    seen: int,
    ends_on: dt.date,
    reason: str,
    hours_reason: str,
    over_reason: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Amendment:
    """The placement lasts until a later day, with its week and price. Its provider must be in good standing, and the
    pupil nowhere else. Raises `Refused`."""
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state)
    placing.check_seen(seen, placement.revision)
    amending.check_not_ending(placement.ended_on)
    framework = placement.framework
    amending.check_extension(
        ends_on,
        last=placement.ends_on,
        first=placement.starts_on,
        framework_ends=framework.ends_on if framework else None,
    )
    called_off = placement.place_id is not None
    amending.check_provider(
        suspended=called_off and is_suspended(placement.place),
        insured=not called_off or is_insured(placement.provider_id, today),
        shares=sharing.in_force(placement.commissioner_id, placement.provider_id, today, locked=True) is not None,
    )
    before, first = queries.stands(placement), placement.ends_on + DAY
    steps.save(placement=placement, ends_on=ends_on, hours_reason=hours_reason or placement.hours_reason)
    check_week(placement=placement, sessions=placements.week_of(placement), by=by)
    steps.reckon(placement=placement, over_reason=over_reason, by=by, at=at)
    return changes.written(
        placement=placement, kind=AmendmentKind.EXTENSION, from_on=first, before=before, reason=reason, by=by, at=at
    )


@transaction.atomic(durable=True)
def lower_price(
    *,
    placement: Placement,
    seen: int,
    from_on: dt.date,
    pence: int,
    reason: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Amendment:
    """From a day on, one unit costs less. What was agreed stays in `Placement.pence`; the price of a day is
    `queries.life.price_on`. Raises `Refused`."""
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state)
    placing.check_seen(seen, placement.revision)
    amending.check_from(from_on, today=today, first=placement.starts_on, last=last_day_of(placement))
    amending.check_price(pence, from_on, agreed=placement.pence, steps=queries.prices_of(placement))
    before = queries.stands(placement) | {"pence": queries.price_on(placement, from_on)}
    made = steps.amend(
        placement=placement,
        kind=AmendmentKind.PRICE,
        from_on=from_on,
        before=before,
        after={"pence": pence},
        reason=reason,
        by=by,
        at=at,
    )
    steps.reckon(placement=placement, by=by, at=at, checked=False)
    made.after = queries.stands(placement) | {"pence": pence}
    made.save(update_fields=["after"])
    changes.tell(made=made, placement=placement, by=by, at=at)
    return made


def _halves(placement: Placement) -> set:
    """The halves of a day that it has taken from what the provider stated as free."""
    if not placement.place_id:
        return set()
    return set(placements.halves_stated(placement.place, placements.week_of(placement)))


def _move_seats(placement: Placement, before: set, by, at: dt.datetime) -> None:
    after = _halves(placement)
    if after - before:
        seats.take(place=placement.place, halves=sorted(after - before), by=by, at=at)
    if before - after:
        seats.give_back(place=placement.place, halves=sorted(before - after), by=by, at=at)
