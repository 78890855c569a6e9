"""Taking registers: one pupil, everybody else of a group, a mark taken back. Each mark is an entry of its own; what
stands is the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from core.crypto import sealed_text
from monitoring.models import RegisterEntry, Session
from monitoring.permissions import registers as permissions
from monitoring.queries import registers as queries
from monitoring.rules import registers as rules
from monitoring.states import Mark
from monitoring.steps import alarms


@transaction.atomic(durable=True)
def mark(
    *,
    session: Session,
    mark: str,
    told: Mapping[str, Any],
    key: UUID,
    waited: dt.timedelta,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Session:
    """Mark a pupil. `told` is what was said beside the mark, by the names of `rules.Entry`; an empty mark takes the
    last one back. `key` is the sender's own for this tap: what comes again under it is answered as done. `waited` is
    how long the tap waited for a connection: the entry counts from now, a time of arrival from the tap. Returns the
    session as it stands. Raises `Refused`."""
    session = Session.objects.locked(session.pk)
    people.forget_roles(by)
    access.require(permissions.can_mark, by, session)
    if came := queries.entry_of(key):
        said = queries.said_in(came)
        rules.check_same(came.session_id == session.pk and rules.whole(said, mark, told) == said)
        return session
    rules.check_open(session.state, session.starts_at, session.day, at, today)
    stands, tapped_at = queries.stands_in(session), at - waited
    by_another = bool(waited) and session.marked_by_id != by.pk
    rules.check_newer(tapped_at, session.marked_at, by_another=by_another)
    if not mark:
        rules.check_undo(stands, session.marked_at, at)
    entry = rules.whole(stands, mark, told)
    entry = rules.with_arrival(entry, session.starts_at, session.ends_at, tapped_at)
    rules.check_entry(entry, session.starts_at, session.ends_at, at)
    if entry == stands:
        return session
    before = session.mark
    _write(session, entry, key, by, at)
    alarms.note_mark(session=session, before=before, by=by, at=at)
    data = {"placement": session.placement_id, "number": session.entries_made, "mark": mark, "before": before}
    audit.record(
        "monitoring.session.marked", by=by, about=session, organisation=session.commissioner_id, data=data, at=at
    )
    return session


@transaction.atomic(durable=True)
def mark_rest(
    *, organisation: Organisation, keys: Mapping[int, UUID], by: User, at: dt.datetime, today: dt.date
) -> list[int]:
    """Mark as present those of these sessions (each with a key of its own) that nobody has marked, whose register is
    open. Whoever was marked meanwhile stays as marked, so that twice is harmless. Returns whom it marked."""
    people.forget_roles(by)
    access.require(permissions.can_see_registers, by, organisation)
    held = Session.objects.select_for_update(of=("self",)).select_related("placement")
    rows = held.filter(pk__in=list(keys), provider=organisation, mark="").order_by("pk")
    open_now = [
        one
        for one in rows
        if permissions.can_mark(by, one) and rules.is_open(one.state, one.starts_at, one.day, at, today)
    ]
    used = set(RegisterEntry.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    marked = [one for one in open_now if keys[one.pk] not in used]
    RegisterEntry.objects.bulk_create(
        RegisterEntry(
            session=one, number=one.entries_made + 1, key=keys[one.pk], mark=Mark.PRESENT, made_at=at, made_by=by
        )
        for one in marked
    )
    done = [one.pk for one in marked]
    Session.objects.filter(pk__in=done).update(
        mark=Mark.PRESENT, marked_at=at, marked_by=by, entries_made=F("entries_made") + 1
    )
    for one in marked:
        one.mark, one.marked_at, one.marked_by, one.entries_made = Mark.PRESENT, at, by, one.entries_made + 1
        alarms.note_mark(session=one, before="", by=by, at=at)
    if done:
        data = {"sessions": len(done), "first": done[0]}
        words = {"by": by, "about": organisation, "organisation": organisation, "at": at}
        audit.record("monitoring.sessions.marked", data=data, **words)
    return done


def _write(session: Session, entry: rules.Entry, key: UUID, by: User, at: dt.datetime) -> None:
    session.mark, session.reason = entry.mark, entry.reason
    session.arrived, session.left = entry.arrived, entry.left
    session.note = sealed_text(session, "note", entry.note)
    session.entries_made += 1
    session.marked_at, session.marked_by = (at, by) if entry.mark else (None, None)
    session.save(update_fields=["mark", "reason", "arrived", "left", "note", "entries_made", "marked_at", "marked_by"])
    row = RegisterEntry.objects.create(
        session=session,
        number=session.entries_made,
        key=key,
        mark=entry.mark,
        reason=entry.reason,
        arrived=entry.arrived,
        left=entry.left,
        made_at=at,
        made_by=by,
    )
    if entry.note:
        row.note = sealed_text(row, "note", entry.note)
        row.save(update_fields=["note"])
