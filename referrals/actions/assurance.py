"""What keeps a pupil safe is written down item by item, by the commissioner or the provider, and undone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from files import steps as files
from files.store import Kept
from referrals.models import Assurance, Placement
from referrals.permissions import assurance as permissions
from referrals.queries import assurance as queries
from referrals.rules import assurance as rules
from referrals.rules import direction
from referrals.rules.assurance import Said
from referrals.states import Item
from referrals.steps import assurance as steps
from referrals.steps import starting_letters as letters


@transaction.atomic(durable=True)
def write_item(
    *,
    placement: Placement,
    item: str,
    said: Said,
    on: dt.date | None = None,
    not_needed: bool = False,
    kept: Kept | None = None,
    seen: int,
    by: User,
    at: dt.datetime,
) -> Assurance:
    """Write one item; `seen` is the key of what the page showed, 0 for nothing. It is done once the commissioner has
    written everything that it needs; what a provider writes waits for the commissioner. The file that was there stays
    until another is given. Raises `Refused`."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_fill, by, placement, item)
    before = queries.standing_item(placement, item)
    rules.check_seen(seen, before.pk if before else 0)
    provider = not permissions.can_commission(by, placement)
    if provider:
        rules.check_provider(is_done=_settled(before))
    said = rules.merged(item, queries.said_of(before), said, provider=provider)
    rules.check_write(state=placement.state, item=item, not_needed=not_needed, said=said, basis=placement.basis)
    complete = not not_needed and rules.is_complete(item, said, on, basis=placement.basis)
    rules.check_stays(state=placement.state, was=_settled(before), now=complete or not_needed)
    if not not_needed:
        _check(placement, item, said, on, timezone.localdate(at))
    file = before.file if before else None
    if kept is not None:
        file = files.receive(kept=kept, organisation=placement.commissioner, by=by, at=at)
    made = steps.write(
        placement=placement,
        item=item,
        said=said,
        on=on,
        done=complete and not provider,
        not_needed=not_needed,
        file=file,
        by=by,
        at=at,
    )
    if item == Item.REVIEW:
        placement.review_by_on = on
        placement.save(update_fields=["review_by_on"])
        steps.move_review(placement=placement, due_on=on)
    if provider:
        letters.written(made, at=at)
    data = {"placement": placement.pk, "item": str(item), "done": made.done, "not_needed": not_needed}
    whose = placement.provider_id if provider else placement.commissioner_id
    audit.record("referrals.assurance.written", by=by, about=made, organisation=whose, data=data, at=at)
    return made


@transaction.atomic(durable=True)
def undo_item(*, placement: Placement, item: str, seen: int, by: User, at: dt.datetime) -> Assurance:
    """Take back what was written of an item, before the start. It stays to be read. Raises `Refused`."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_commission, by, placement)
    before = queries.standing_item(placement, item)
    rules.check_undo(state=placement.state, item=item, stands=before is not None)
    rules.check_seen(seen, before.pk)
    before.undone_at = at
    before.save(update_fields=["undone_at"])
    data = {"placement": placement.pk, "item": str(item)}
    audit.record(
        "referrals.assurance.undone", by=by, about=before, organisation=placement.commissioner_id, data=data, at=at
    )
    return before


@transaction.atomic(durable=True)
def remind_of_assurance(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Write to the signer of an emergency start, then to the commissioner's leads, every day on which something put off
    is late. May run at any time and twice; returns how many letters were written."""
    access.require(nobody, by, systems=(permissions.REMIND,))
    written = steps.remind(rows=queries.overdue(today), today=today, at=at)
    if written:
        audit.record("referrals.assurance.reminded", by=by, data={"letters": written}, at=at)
    return written


def _settled(row: Assurance | None) -> bool:
    return row is not None and (row.done or row.not_needed)


def _check(placement: Placement, item: str, said: Said, on: dt.date | None, today: dt.date) -> None:
    """What the portal can see for itself of an item. Raises `Refused`."""
    if item == Item.SITES:
        rules.check_sites(queries.sessions_without_place(placement, today))
    if item == Item.ABSENCE:
        rules.check_absence([one.in_words for one in queries.gaps_of(placement, today)])
    if item == Item.REVIEW and on is not None:
        rules.check_review(on, placement.starts_on, queries.latest_review(placement))
    if item != Item.REVIEW:
        rules.check_happened(on, today)
    if item == Item.CONSENT and on is not None and direction.is_direction(placement.basis):
        direction.check_notice(on, placement.starts_on, queries.school_calendar(placement), said.why)
