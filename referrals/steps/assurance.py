"""Writes on what must be in place before a pupil starts. The caller holds the placement's lock."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from audit import steps as audit
from core.steps import step
from files.models import File
from outbox import steps as outbox
from referrals.models import Assurance, Placement
from referrals.permissions.assurance import LEADS
from referrals.queries import assurance as queries
from referrals.queries.people import people_of
from referrals.rules import assurance as rules
from referrals.rules.assurance import Said
from referrals.states import ReviewKind

NOTHING = Said()


@step
def write(
    *,
    placement: Placement,
    item: str,
    said: Said = NOTHING,
    on: dt.date | None = None,
    done: bool = False,
    not_needed: bool = False,
    file: File | None = None,
    due_on: dt.date | None = None,
    by,
    at: dt.datetime,
) -> Assurance:
    """What is written of an item from now on. What stood before stays, with the moment at which it stood no more; its
    day by which it is due stays too, unless there is a new one."""
    before = queries.standing_item(placement, item)
    if before is not None:
        before.undone_at = at
        before.save(update_fields=["undone_at"])
    made = Assurance.objects.create(
        placement=placement,
        item=item,
        on=on,
        done=done,
        not_needed=not_needed,
        file=file,
        due_on=due_on or (before.due_on if before else None),
        written_at=at,
        written_by=by if hasattr(by, "pk") else None,
    )
    made.words = queries.sealed_said(made, said)
    made.save(update_fields=["words"])
    return made


@step
def put_off(*, placement: Placement, items: Iterable[str], due_on: dt.date, by, at: dt.datetime) -> list[Assurance]:
    """These items are missing at the start and are due by a day. What was written of them so far stays."""
    there, made = queries.standing(placement), []
    for item in items:
        row = there.get(item)
        if row is None:
            row = write(placement=placement, item=item, due_on=due_on, by=by, at=at)
        else:
            row.due_on = due_on
            row.save(update_fields=["due_on"])
        made.append(row)
    return made


@step
def move_review(*, placement: Placement, due_on: dt.date) -> None:
    """The first review of a placement that has started is due on the day that was set now."""
    placement.reviews.filter(held_on=None).exclude(kind=ReviewKind.END).update(due_on=due_on)


@step
def remind(*, rows: Iterable[Assurance], today: dt.date, at: dt.datetime) -> int:
    """A letter a day for each placement with something late: on the first day to whoever signed for the emergency
    start, from the second on to the commissioner's leads too, and to them at once where nobody signed or the signer has
    left. A second call on the same day writes nothing. Returns how many letters were written."""
    late = defaultdict(list)
    for row in rows:
        late[row.placement_id].append(row)
    placements = [held[0].placement for held in late.values()]
    leads = people_of({one.commissioner_id for one in placements}, LEADS)
    letters = []
    for held in late.values():
        days = max(rules.days_overdue(row.due_on, today) for row in held)
        letters += _letters(held[0].placement, len(held), days, leads[held[0].placement.commissioner_id], today)
    return len(outbox.post_many(letters, at=at))


def _letters(placement: Placement, number: int, days: int, leads, today: dt.date) -> list[outbox.Letter]:
    signer = placement.emergency_by
    told = {signer.pk: signer.email} if signer and signer.is_active else {}
    if days > 1 or not told:
        told |= dict(leads)
    link = f"{settings.BASE_URL}{reverse('before_start', args=[placement.pk])}"
    what = "1 item" if number == 1 else f"{number} items"
    since = "since yesterday" if days == 1 else f"for {days} days"
    return [
        outbox.Letter(
            key=f"assurance-late:{placement.pk}:{today.isoformat()}:{pk}",
            to=address,
            subject="Something is not in place for a pupil who has started",
            body=f"A placement at {placement.provider.name} started before everything was in place. {what} of what "
            f"keeps the pupil safe should have been in place {since}. You get this letter every day until it is.\n\n"
            f"Sign in to put them in place:\n{link}\n",
            organisation=placement.commissioner_id,
        )
        for pk, address in sorted(told.items())
    ]


@step
def record(row: Assurance, verb: str, *, by, at: dt.datetime) -> None:
    """Write down what happened to an item."""
    data = {"placement": row.placement_id, "item": str(row.item)}
    organisation = row.placement.commissioner_id
    audit.record(f"referrals.assurance.{verb}", by=by, about=row, organisation=organisation, data=data, at=at)
