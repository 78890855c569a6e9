"""The deadline of a published framework moves. Why it may is judged by the action that calls this."""

from __future__ import annotations

import datetime as dt

from core.steps import step
from lots.models import Framework
from lots.rules.refusals import Refused
from lots.steps import decisions

MOVED = "deadline_moved"  # what the decisions are about that say so: deadline_moved_1, deadline_moved_2


@step
def move_deadline(
    *,
    framework: Framework,
    closes_at: dt.datetime,
    enquiries_until: dt.datetime | None,
    award_by_on: dt.date | None,
    text: str,
    reason: str,
    by,
    at: dt.datetime,
) -> Framework:
    """Write the later deadline into a framework (locked by the caller) and, beside it, what everybody is told (`text`):
    it stands on the framework's page and among the clarifications for ever, each move for itself. What is None stays
    as it is. Raises `Refused` for anything that would be earlier, whatever the caller judged."""
    if framework.closes_at is None or closes_at <= framework.closes_at:
        raise Refused("A deadline is never shortened", field="closes_at")
    if enquiries_until and framework.enquiries_until and enquiries_until < framework.enquiries_until:
        raise Refused("The time for questions is never shortened", field="enquiries_until")
    framework.closes_at = closes_at
    framework.enquiries_until = enquiries_until or framework.enquiries_until
    framework.award_by_on = award_by_on or framework.award_by_on
    framework.save(update_fields=["closes_at", "enquiries_until", "award_by_on"])
    number = framework.decisions.filter(about__startswith=MOVED).count() + 1
    decisions.decide(
        framework=framework, about=f"{MOVED}_{number}", option="", reason=reason, clarification=text, by=by, at=at
    )
    return framework
