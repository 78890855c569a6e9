"""Writes on reviews that actions of this app compose: planned, moved to the end, reminded of. The caller holds the
placement's lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from audit import steps as audit
from core.steps import step
from outbox import steps as outbox
from referrals.models import Placement, Review
from referrals.permissions.assurance import LEADS
from referrals.queries import reviews as queries
from referrals.queries.people import people_of
from referrals.queries.running import last_day_of
from referrals.rules import reviewing as rules
from referrals.states import ReviewKind


@step
def plan_first(*, placement: Placement, by, at: dt.datetime) -> Review | None:
    """The first review of a placement that goes live, on the day that was set before the start or the latest that is
    allowed. None where one is planned or was held already, so that twice is harmless."""
    if placement.reviews.exists():
        return None
    due_on = placement.review_by_on or queries.latest_next(placement, placement.starts_on)
    return plan(placement=placement, due_on=due_on, by=by, at=at)


@step
def plan(*, placement: Placement, due_on: dt.date, by, at: dt.datetime) -> Review | None:
    """A review by a day. None where one of its kind is planned already."""
    kind = rules.kind_of(placement.basis, due_on, last_day_of(placement))
    made, new = Review.objects.get_or_create(
        placement=placement, kind=kind, held_on=None, defaults={"due_on": due_on, "planned_at": at}
    )
    if not new:
        return None
    record(made, "planned", placement=placement, by=by, at=at)
    return made


@step
def move_to_end(*, placement: Placement, by, at: dt.datetime) -> Review | None:
    """A locked placement has ended: of its open reviews one is left, at the end, due on the last day. None where there
    was none open, or only that."""
    opened = list(placement.reviews.filter(held_on=None).order_by("pk"))
    last = last_day_of(placement)
    if not opened or [(one.kind, one.due_on) for one in opened] == [(ReviewKind.END, last)]:
        return None
    kept = next((one for one in opened if one.kind == ReviewKind.END), opened[0])
    Review.objects.filter(pk__in=[one.pk for one in opened if one != kept]).delete()
    kept.kind, kept.due_on = ReviewKind.END, last
    kept.save(update_fields=["kind", "due_on"])
    record(kept, "moved", placement=placement, by=by, at=at)
    return kept


@step
def remind(*, rows: Iterable[Review], today: dt.date, at: dt.datetime) -> int:
    """A letter to the commissioner's leads in the week before a review, one when it is late, and one for each further
    week. Keys say which, so that twice is harmless. Returns how many were written."""
    rows = list(rows)
    leads = people_of({one.placement.commissioner_id for one in rows}, LEADS)
    letters = [_letter(one, today, pk, address) for one in rows for pk, address in leads[one.placement.commissioner_id]]
    return len(outbox.post_many(letters, at=at))


def _letter(review: Review, today: dt.date, pk: int, address: str) -> outbox.Letter:
    late = today > review.due_on
    week = (today - review.due_on).days // 7 if late else "soon"
    day = f"{review.due_on.day} {review.due_on:%B %Y}"
    says = f"was due on {day} and is not written down" if late else f"is due by {day}"
    link = f"{settings.BASE_URL}{reverse('review', args=[review.pk])}"
    return outbox.Letter(
        key=f"review:{review.pk}:{review.due_on.isoformat()}:{week}:{pk}",
        to=address,
        subject="A review of a placement is late" if late else "A review of a placement is due",
        body=f"A review of a placement at {review.placement.provider.name} {says}.\n\n"
        f"Sign in to write it down:\n{link}\n",
        organisation=review.placement.commissioner_id,
    )


@step
def record(review: Review, verb: str, *, placement: Placement, by, at: dt.datetime) -> None:
    """Write down what happened to a review: keys and kinds alone."""
    audit.record(
        f"referrals.review.{verb}",
        by=by,
        about=review,
        organisation=placement.commissioner_id,
        data={"placement": placement.pk, "kind": str(review.kind)},
        at=at,
    )
