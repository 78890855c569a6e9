"""Writes on a referral that actions of this app compose. What a provider may be told is a read:
`referrals.queries.referrals.need_of`."""

from __future__ import annotations

import datetime as dt

from audit import steps as audit
from core.steps import step
from lots.rules.refusals import Refused
from referrals.models import Referral
from referrals.states import REFERRAL_MOVES, ReferralState


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
