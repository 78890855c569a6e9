"""A commissioner decides what happens to a pupil whose provider is suspended."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from core import access
from referrals.models import DecisionDue, Placement
from referrals.permissions import events as permissions
from referrals.rules import events as rules
from referrals.states import Decided
from referrals.steps import events as steps
from referrals.steps import life, pausing


@transaction.atomic(durable=True)
def decide_placement(
    *, decision: DecisionDue, what: str, reason: str, by: User, at: dt.datetime, today: dt.date
) -> DecisionDue:
    """Decide once, with the safeguards or the reason. A pause begins at once, or on the first day of a placement that
    is still to begin, and is open; the provider is given no other reason for it than that it is suspended. What is to
    move is ended or cancelled on its own page, by whoever commissions. Raises `Refused`."""
    life.hold_around(decision.placement)
    placement = Placement.objects.locked(decision.placement_id)
    decision = DecisionDue.objects.locked(decision.pk)
    decision.placement = placement
    forget_roles(by)
    access.require(permissions.can_decide, by, decision)
    rules.check_decision(what, state=placement.state, decided=decision.decided, lapsed=decision.lapsed_at is not None)
    decision.decided, decision.reason, decision.decided_at, decision.decided_by = what, reason, at, by
    decision.save(update_fields=["decided", "reason", "decided_at", "decided_by"])
    if what == Decided.PAUSE:
        first = max(today, placement.starts_on)
        pausing.pause(
            placement=placement, from_on=first, until_on=None, reason=rules.PAUSED_BECAUSE, by=by, at=at, today=today
        )
    steps.record(decision, "decided", by=by, at=at, data={"decided": str(what)})
    return decision
