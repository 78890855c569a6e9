"""What a mark means for alerts, and breaches written down: set-based, so that it costs the same for one session and for
thousands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models import BinaryField, CharField, DateTimeField, ExpressionWrapper, F, QuerySet, Value

from audit import steps as audit
from core.steps import step
from monitoring.models import Alert, Session
from monitoring.queries import alerts as queries
from monitoring.rules import alarms as rules
from monitoring.states import AlertKind, Mark

_COLUMNS = "session_id, commissioner_id, kind, raised_at, written_at, tell_at, rung, done"


@step
def note_mark(*, session: Session, before: str, by, at: dt.datetime) -> None:
    """A register's mark has just been written to a locked session, which said `before` until now (empty: not taken).
    Absent raises an alert, held for two minutes; taking that back within them undoes it; coming after all, or a
    register taken late, ends what stands without erasing it."""
    if session.mark == before:
        return
    standing = Alert.objects.standing().filter(session=session, over_at=None).order_by("pk")
    for alert in standing.select_for_update(of=("self",)):
        _note(alert, session, by, at)
    if session.mark == Mark.ABSENT and rules.is_of_today(session.day, at):
        tell_at = rules.tell_at(starts_at=session.starts_at, made_at=at)
        Alert.objects.create(
            session=session,
            commissioner_id=session.commissioner_id,
            kind=AlertKind.ABSENT,
            raised_at=at,
            written_at=at,
            tell_at=tell_at,
        )


def _note(alert: Alert, session: Session, by, at: dt.datetime) -> None:
    """What the new mark does to one alert that stands."""
    if alert.kind == AlertKind.NOT_TAKEN and not session.mark:
        return
    if alert.kind == AlertKind.ABSENT and rules.can_undo(told_at=alert.told_at, tell_at=alert.tell_at, at=at):
        alert.undone_at, alert.undone_by, alert.tell_at = at, by, None
        alert.save(update_fields=["undone_at", "undone_by", "tell_at"])
        audit.record("monitoring.alert.undone", by=by, about=alert, organisation=alert.commissioner_id, at=at)
        return
    alert.over_at, alert.tell_at = at, None
    alert.save(update_fields=["over_at", "tell_at"])


@step
def write_breaches(*, by, at: dt.datetime) -> int:
    """Write down every breach of the 30 minutes whose minute has come, each once whoever else does the same at this
    moment. A session that somebody is marking right now is left to the next pass. Returns how many."""
    written = [
        *_insert(queries.not_taken(at), AlertKind.NOT_TAKEN, at),
        *_insert(queries.not_told(at), AlertKind.NOT_TOLD, at),
    ]
    _record(written, by, at)
    return len(written)


def _insert(sessions: QuerySet[Session], kind: str, at: dt.datetime) -> list[int]:
    """INSERT ... SELECT of an alert of this kind for each of these sessions; the keys of those that were not there."""
    rows = (
        sessions.order_by("pk")
        .select_for_update(skip_locked=True)
        .values_list(
            "pk",
            "commissioner_id",
            Value(str(kind), CharField()),
            ExpressionWrapper(F("starts_at") + rules.DUTY, DateTimeField()),
            Value(at, DateTimeField()),
            Value(at, DateTimeField()),
            Value(0),
            Value(b"", BinaryField()),
        )
    )
    select, values = rows.query.sql_with_params()
    table = connection.ops.quote_name(Alert._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({_COLUMNS}) {select} ON CONFLICT DO NOTHING RETURNING id", values)
        return [pk for (pk,) in cursor.fetchall()]


def _record(written: Iterable[int], by, at: dt.datetime) -> None:
    rows = Alert.objects.filter(pk__in=list(written)).order_by("commissioner", "pk") if written else []
    by_commissioner: dict[int, list[tuple[Alert, dict]]] = {}
    for one in rows:
        by_commissioner.setdefault(one.commissioner_id, []).append((one, {"kind": one.kind, "session": one.session_id}))
    for organisation, pairs in by_commissioner.items():
        audit.record_each("monitoring.alert.breached", by=by, rows=pairs, organisation=organisation, at=at)
