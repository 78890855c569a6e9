"""Writes on an agreed placement that actions of this app compose. The caller holds the placement, and what
`hold_around` locks."""

from __future__ import annotations

import datetime as dt

from core.steps import step
from lots.models import Framework, Place
from referrals.models import Amendment, Placement, Pupil, Referral
from referrals.permissions.life import can_agree_cost
from referrals.queries import drawing
from referrals.queries import life as queries
from referrals.queries.sharing import terms_of
from referrals.rules import amending, approval
from referrals.rules import drawing as values
from referrals.states import AmendmentKind, PlacementState
from referrals.steps import life_letters, placement_letters
from referrals.steps import placements as steps


@step
def hold_around(placement: Placement) -> None:
    """Lock everything that a placement hangs on, in order: framework, place, pupil, referral. The caller locks the
    placement next."""
    if placement.place_id:
        Framework.objects.locked(placement.framework_id)
        Place.objects.locked(placement.place_id)
    Pupil.objects.locked(placement.pupil_id)
    if placement.referral_id:
        Referral.objects.locked(placement.referral_id)


@step
def amend(
    *,
    placement: Placement,
    kind: AmendmentKind,
    from_on: dt.date,
    before: dict,
    after: dict,
    reason: str,
    by,
    at: dt.datetime,
) -> Amendment:
    """Write down what was changed and why, under the next number, and record it by its kind alone."""
    last = placement.amendments.order_by("-number").first()
    made = Amendment.objects.create(
        placement=placement,
        number=last.number + 1 if last else 1,
        kind=kind,
        from_on=from_on,
        before=before,
        after=after,
        reason=reason,
        made_at=at,
        made_by=by,
    )
    steps.record(placement, "amended", by=by, at=at, data={"amendment": made.pk, "kind": str(kind)})
    return made


@step
def save(*, placement: Placement, **fields) -> None:
    """Write these columns of a locked placement; whoever looks at an older page is told."""
    for name, value in fields.items():
        setattr(placement, name, value)
    placement.revision += 1
    placement.save(update_fields=["revision", *fields])


@step
def reckon(*, placement: Placement, over_reason: str = "", by, at: dt.datetime, checked: bool = True) -> None:
    """Work out again what a locked placement comes to, and draw that. What becomes dearer must be within what may be
    spent, and within the value of lot and framework or with a reason (`checked`; not for days that were agreed before
    and only come back). Raises `Refused`."""
    units, total = queries.worth_of(placement)
    more = total - placement.total_pence
    over = _check(placement, total, over_reason, by) if checked and more > 0 else []
    save(placement=placement, units=units, total_pence=total, **({"over_reason": over_reason} if over else {}))
    if over:
        steps.record(placement, "overdrawn", by=by, at=at, organisation=placement.framework.buyer_id)
        placement_letters.to_officers(placement, at=at)


def _check(placement: Placement, total: int, over_reason: str, by) -> list:
    limit = terms_of(placement.commissioner_id).approve_above_pence
    approved = placement.referral.approved_pence if placement.referral else None
    covered = approval.covers(limit, approved, total)
    holds_budget = covered or can_agree_cost(by, placement)
    amending.check_budget(total, placement.total_pence, covered=covered, holds_budget=holds_budget)
    if not placement.place_id:
        return []
    return values.check_room(drawing.of_place(placement.place), total - placement.total_pence, over_reason)


@step
def end(*, placement: Placement, by, at: dt.datetime) -> None:
    """A locked placement whose last day is written down is over: what it took of free places is given back, and where
    nobody has written what came of it, that is asked for. Raises `Refused`."""
    steps.give_back(placement=placement, by=by, at=at)
    steps.move(placement=placement, to=PlacementState.ENDED, verb="ended", by=by, at=at)
    if not placement.destination:
        life_letters.ask_outcome(placement, at=at)
