"""Who pays a placement changes from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import FunderShare, Placement
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries.placements import may_pay
from referrals.queries.running import last_day_of
from referrals.rules import amending, funding, placing
from referrals.states import RUNNING, PlacementState
from referrals.steps import life as steps
from referrals.steps import life_letters as letters

DAY = dt.timedelta(days=1)


@transaction.atomic(durable=True)
def change_funders(
    *,
    placement: Placement,
    seen: int,
    from_on: dt.date,
    shares: Sequence[tuple[int, int]],
    reason: str,
    by: User,
    at: dt.datetime,
) -> Placement:
    """From a day on others pay, or other shares; until the day before, what was written stands. `shares` are (funder,
    hundredths of a per cent). Also for a placement that is over: who pays is often told late. Raises `Refused`."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change, by, placement)
    amending.check_running(placement.state, {*RUNNING, PlacementState.ENDED})
    placing.check_seen(seen, placement.revision)
    rows = queries.shares_of(placement)
    last = max(last_day_of(placement), placement.last_charged_on or last_day_of(placement))
    ended = funding.check_change(shares, from_on, rows, first=placement.starts_on, last=last)
    if not may_pay(funder for funder, _ in shares):
        raise Refused("One of those who pay is no longer open. Choose another", field="funder_1")
    FunderShare.objects.filter(pk__in=ended).update(until_on=from_on - DAY)
    FunderShare.objects.bulk_create(
        FunderShare(
            placement=placement,
            funder_id=funder,
            share=share,
            from_on=from_on,
            reason=reason,
            written_at=at,
            written_by=by,
        )
        for funder, share in shares
    )
    now = queries.shares_of(placement)
    funding.check_whole(now, placement.starts_on, last)
    steps.save(placement=placement)
    audit.record(
        "referrals.placement.funders_changed",
        by=by,
        about=placement,
        organisation=placement.commissioner_id,
        data={"from_on": from_on.isoformat()},
        at=at,
    )
    letters.tell(
        placement,
        what="funders",
        key=f"{placement.pk}:{placement.revision}",
        funders={funder for funder, _ in shares} | {one.funder for one in rows if one.key in ended},
        subject="Who pays for a placement has changed",
        says=f"Who pays for a placement at {placement.provider.name}, or how much of it, changes from a day on.",
        by=by,
        at=at,
    )
    return placement
