"""Suspensions and the decisions that they ask, for tests, as rows."""

from __future__ import annotations

import datetime as dt

from lots.models import Suspension
from referrals.models import DecisionDue
from tests.referrals.made import AT
from tests.referrals.placed import made_placement

DUE = dt.datetime(2026, 9, 15, 22, 59, 59, tzinfo=dt.UTC)  # the end of 15 September in England


def suspended(world, *, place=None, **fields) -> Suspension:
    """Larkshire has suspended Ash House for safeguarding, or one place of it."""
    fields = {
        "buyer": world.larkshire,
        "provider": world.ash_house,
        "place": place,
        "cause": "insurance" if place else "safeguarding",
        "reason": "A whispered allegation",
        "began_at": AT,
        "began_by": world.max,
    } | fields
    return Suspension.objects.create(**fields)


def asked(world, placement=None, **fields) -> DecisionDue:
    """A decision that waits on a live placement of Elm Grove’s canary."""
    placement = placement or made_placement(world)
    suspension = fields.pop("suspension", None) or suspended(world)
    fields = {"opened_at": AT, "due_at": DUE} | fields
    return DecisionDue.objects.create(placement=placement, suspension=suspension, **fields)
