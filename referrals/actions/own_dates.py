"""An agreed placement gets a session on a day of its own, whatever the calendars say, or loses one that is to come."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from core import access
from referrals.models import Amendment, Placement, WeeklySession
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries import placements
from referrals.queries.placing import Part
from referrals.queries.running import last_day_of, loads_of
from referrals.rules import amending, placing
from referrals.rules.running import Weekly
from referrals.states import AmendmentKind, Runs
from referrals.steps import amending as changes
from referrals.steps import life as steps
from referrals.steps.placements import check_week


@transaction.atomic(durable=True)
def add_dated_session(
    *,
    placement: Placement,
    seen: int,
    day: dt.date,
    part: Part,
    reason: str,
    over_reason: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Amendment:
    """One session more on a day, for example a trip on a day on which the school is closed; `part` says when and where.
    It takes no free place of a week. What the placement comes to is worked out again. Raises `Refused`."""
    steps.hold_around(placement)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state)
    placing.check_seen(seen, placement.revision)
    load = loads_of([placement])[placement.pk]
    wanted = Weekly(0, day.weekday(), part.starts, part.ends, Runs.DATES, day, day)
    days = {"today": today, "first": placement.starts_on, "last": last_day_of(placement)}
    amending.check_dated(wanted, load.sessions, load.course, **days)
    before = queries.stands(placement)
    changes.begin(placement=placement, part=part, from_on=day, until_on=day)
    steps.save(placement=placement)
    check_week(placement=placement, sessions=placements.week_of(placement), by=by)
    steps.reckon(placement=placement, over_reason=over_reason, by=by, at=at)
    return changes.written(
        placement=placement, kind=AmendmentKind.HOURS, from_on=day, before=before, reason=reason, by=by, at=at
    )


@transaction.atomic(durable=True)
def remove_dated_session(
    *, session: WeeklySession, seen: int, reason: str, by: User, at: dt.datetime, today: dt.date
) -> Amendment:
    """A session on a day of its own that is still to come does not take place. Raises `Refused`."""
    steps.hold_around(session.placement)
    placement = Placement.objects.locked(session.placement_id)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state)
    placing.check_seen(seen, placement.revision)
    row = placement.sessions.filter(pk=session.pk).first()
    amending.check_taken_away(row, today=today)
    before = queries.stands(placement)
    day = row.from_on
    row.delete()
    steps.reckon(placement=placement, by=by, at=at)
    return changes.written(
        placement=placement, kind=AmendmentKind.HOURS, from_on=day, before=before, reason=reason, by=by, at=at
    )
