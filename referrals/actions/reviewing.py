"""Reviews: written down when they were held, planned, reminded of."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from referrals.models import Placement, Review
from referrals.permissions import reviews as permissions
from referrals.queries import reviews as queries
from referrals.queries.running import last_day_of
from referrals.rules import reviewing as rules
from referrals.rules.reviewing import Words
from referrals.steps import reviewing as steps


@transaction.atomic(durable=True)
def hold_review(
    *,
    review: Review,
    held_on: dt.date,
    words: Words,
    targets_met: int | None,
    targets_set: int | None,
    goes_on: bool,
    next_on: dt.date | None,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Review | None:
    """Write down a review that was held, once, and plan the next: on `next_on`, or the latest day that is allowed.
    Returns the next one. Raises `Refused`."""
    placement = Placement.objects.locked(review.placement_id)
    review = Review.objects.locked(review.pk)
    forget_roles(by)
    access.require(permissions.can_hold, by, review)
    rules.check_held(
        held_on=held_on,
        today=today,
        starts_on=placement.starts_on,
        met=targets_met,
        of=targets_set,
        is_open=review.held_on is None,
    )
    due_on = rules.check_next(
        goes_on=goes_on,
        next_on=next_on,
        held_on=held_on,
        latest=queries.latest_next(placement, held_on),
        ends_on=last_day_of(placement),
    )
    review.held_on, review.goes_on, review.written_at, review.written_by = held_on, goes_on, at, by
    review.targets_met, review.targets_set = targets_met, targets_set
    review.words = queries.sealed_words(review, words)
    review.save()
    data = {"placement": placement.pk, "kind": str(review.kind), "goes_on": goes_on}
    audit.record("referrals.review.held", by=by, about=review, organisation=placement.commissioner_id, data=data, at=at)
    return steps.plan(placement=placement, due_on=due_on, by=by, at=at) if due_on else None


@transaction.atomic(durable=True)
def remind_of_reviews(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Plan a review wherever a placement runs without one, leave one open where a placement has ended, and write to the
    leads about those that are near or late. May run at any time and twice; returns how many letters were written."""
    access.require(nobody, by, systems=(permissions.REMIND,))
    for placement in queries.without_review().select_for_update(of=("self",)):
        due_on = min(last_day_of(placement), max(today, queries.latest_next(placement, placement.starts_on)))
        steps.plan_first(placement=placement, by=by, at=at) or steps.plan(
            placement=placement, due_on=due_on, by=by, at=at
        )
    for pk in dict.fromkeys(one.placement_id for one in queries.after_the_end()):
        steps.move_to_end(placement=Placement.objects.locked(pk), by=by, at=at)
    written = steps.remind(rows=queries.to_remind_of(today), today=today, at=at)
    if written:
        audit.record("referrals.review.reminded", by=by, data={"letters": written}, at=at)
    return written
