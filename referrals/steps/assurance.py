"""Writes on what must be in place before a pupil starts. The caller holds the placement's lock."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass
class Late:
    """A placement that started early, how many of its items are late, and for how many days at the most."""

    placement: Placement
    items: int = 0
    days: int = 0


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
    """A letter a day for each person while something put off is late, however many placements it is about: on the first
    day to whoever signed for the emergency start, from the second on to the commissioner's leads too, and to them at
    once where nobody signed or the signer has left. A second call on the same day writes nothing. Returns how many
    letters were written."""
    late: dict[int, Late] = {}
    for row in rows:
        found = late.setdefault(row.placement_id, Late(row.placement))
        found.items += 1
        found.days = max(found.days, rules.days_overdue(row.due_on, today))
    leads = people_of({one.placement.commissioner_id for one in late.values()}, LEADS)
    told: dict[tuple[int, int, str], list[Late]] = defaultdict(list)
    for one in late.values():
        commissioner = one.placement.commissioner_id
        for pk, address in _told(one, leads[commissioner]).items():
            told[commissioner, pk, address].append(one)
    letters = [_letter(found, today, pk, address) for (_, pk, address), found in sorted(told.items())]
    return len(outbox.post_many(letters, at=at))


def _told(one: Late, leads) -> dict[int, str]:
    signer = one.placement.emergency_by
    told = {signer.pk: signer.email} if signer and signer.is_active else {}
    return told | dict(leads) if one.days > 1 or not told else told


def _letter(found: list[Late], today: dt.date, pk: int, address: str) -> outbox.Letter:
    [first, *more] = found
    placement, days = first.placement, max(one.days for one in found)
    items = sum(one.items for one in found)
    which = f"{len(found)} placements" if more else f"A placement at {placement.provider.name}"
    page = ("placements", placement.commissioner_id) if more else ("before_start", placement.pk)
    link = f"{settings.BASE_URL}{reverse(page[0], args=[page[1]])}"
    what = "1 item" if items == 1 else f"{items} items"
    since = "since yesterday" if days == 1 else f"for up to {days} days" if more else f"for {days} days"
    return outbox.Letter(
        key=f"assurance-late:{placement.commissioner_id}:{today.isoformat()}:{pk}",
        to=address,
        subject="Something is not in place for a pupil who has started",
        body=f"{which} of {placement.commissioner.name} started before everything was in place. {what} of what keeps "
        f"pupils safe should have been in place {since}. You get this letter every day until they are.\n\n"
        f"Sign in to put them in place:\n{link}\n",
        organisation=placement.commissioner_id,
    )


@step
def record(row: Assurance, verb: str, *, by, at: dt.datetime) -> None:
    """Write down what happened to an item."""
    data = {"placement": row.placement_id, "item": str(row.item)}
    organisation = row.placement.commissioner_id
    audit.record(f"referrals.assurance.{verb}", by=by, about=row, organisation=organisation, data=data, at=at)
