"""Writes of a change to an agreed placement: a session that is added, the amendment, and the letters about it. The
caller holds the placement."""

from __future__ import annotations

import datetime as dt

from core.steps import step
from referrals.models import Amendment, Placement, WeeklySession
from referrals.queries import life as queries
from referrals.queries import sealed
from referrals.queries.placing import Part
from referrals.states import AmendmentKind
from referrals.steps import life as steps
from referrals.steps import life_letters as letters

SAYS = {
    AmendmentKind.HOURS: ("The week of a placement changes", "The sessions of a placement at {} change."),
    AmendmentKind.EXTENSION: ("A placement is extended", "A placement at {} lasts longer than was agreed."),
    AmendmentKind.PRICE: ("A lower price is agreed", "A lower price is agreed for a placement at {}."),
}


@step
def begin(*, placement: Placement, part: Part, from_on: dt.date, until_on: dt.date | None = None) -> WeeklySession:
    """One more session, from a day on or, on its own dates, until a day."""
    row = WeeklySession.objects.create(
        placement=placement,
        weekday=part.weekday,
        starts=part.starts,
        ends=part.ends,
        site=part.site,
        runs=part.runs,
        from_on=from_on,
        until_on=until_on,
    )
    if part.address:
        row.address = sealed.sealed_text(row, "address", part.address)
        row.save(update_fields=["address"])
    return row


@step
def written(
    *, placement: Placement, kind: AmendmentKind, from_on: dt.date, before: dict, reason: str, by, at: dt.datetime
) -> Amendment:
    """What has changed is written down, with how it stands now, and told."""
    made = steps.amend(
        placement=placement,
        kind=kind,
        from_on=from_on,
        before=before,
        after=queries.stands(placement),
        reason=reason,
        by=by,
        at=at,
    )
    tell(made=made, placement=placement, by=by, at=at)
    return made


@step
def tell(*, made: Amendment, placement: Placement, by, at: dt.datetime) -> None:
    """Everybody who is concerned learns that something was agreed, and where to read what."""
    subject, says = SAYS[AmendmentKind(made.kind)]
    letters.tell(
        placement,
        what="amended",
        key=str(made.pk),
        funders=queries.funders_of(placement, made.from_on),
        subject=subject,
        says=says.format(placement.provider.name),
        by=by,
        at=at,
    )
