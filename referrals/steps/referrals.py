"""Writes on a referral that actions of this app compose. What a provider may be told is a read:
`referrals.queries.referrals.need_of`."""

from __future__ import annotations

import datetime as dt

from audit import steps as audit
from core.steps import step
from lots.rules.refusals import Refused
from referrals.models import Referral
from referrals.states import REFERRAL_MOVES, ReferralState
from referrals.steps import approval, enquiries


@step
def move(*, referral: Referral, to: ReferralState, at: dt.datetime, **fields) -> None:
    """Move a locked referral as `REFERRAL_MOVES` allows, with the values in `fields`; the caller records why. Raises
    `Refused`."""
    if to not in REFERRAL_MOVES[ReferralState(referral.state)]:
        raise Refused(f"This referral has moved on: {referral.get_state_display().lower()}. Nothing was changed")
    referral.state, referral.changed_at = to, at
    for name, value in fields.items():
        setattr(referral, name, value)
    referral.save(update_fields=["state", "changed_at", *fields])


@step
def reopen(*, referral: Referral, by, at: dt.datetime) -> None:
    """A checked referral goes back to being written, and is checked again before anybody is asked."""
    move(referral=referral, to=ReferralState.DRAFT, at=at, checked_at=None, checked_by=None)
    audit.record("referrals.referral.reopened", by=by, about=referral, organisation=referral.commissioner_id, at=at)


@step
def close(*, referral: Referral, reason: str, by, at: dt.datetime) -> None:
    """Close a locked referral, whatever its state: enquiries are taken back, a chosen provider may no longer know the
    pupil, what was asked of a budget holder is taken back. `reason` stands in the record of the referral alone. Raises
    `Refused` where it is closed already."""
    enquiries.withdraw_open(referral=referral, by=by, at=at)
    approval.close(referral=referral, why="The referral was closed", by=by, at=at)
    move(referral=referral, to=ReferralState.CLOSED, at=at, closed_at=at, close_reason=reason)
    audit.record(
        "referrals.referral.closed",
        by=by,
        about=referral,
        organisation=referral.commissioner_id,
        data={"pupil": referral.pupil_id},
        at=at,
    )
