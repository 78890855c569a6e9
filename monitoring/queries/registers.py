"""Reads of registers: a provider's sessions of a day, what a commissioner or a school sees of its own, the entries of
one session. How many sessions there are changes no number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from accounts.models import Organisation
from core.crypto import text_of
from monitoring.models import Alert, RegisterEntry, Session
from monitoring.rules.registers import Entry
from referrals.queries.today import placements_of

OF = (
    *("placement__pupil", "placement__commissioner", "placement__home_school", "placement__provider"),
    *("provider", "site", "marked_by"),
)


def sessions_of(organisation: Organisation, day: dt.date, *, user) -> QuerySet[Session]:
    """A day's sessions that an organisation's people ask about: a provider's own, or those of the pupils of a
    commissioner or a home school, called off ones too."""
    ours = placements_of(organisation, user=user).order_by().values("pk")
    rows = Session.objects.filter(day=day, placement__in=ours)
    return rows.select_related(*OF)


def by_place(rows: QuerySet[Session]) -> QuerySet[Session]:
    """By site, time and name, as a register is taken."""
    return rows.order_by(F("site__name").asc(nulls_last=True), "site_id", *_IN_TIME)


def by_time(rows: QuerySet[Session]) -> QuerySet[Session]:
    """By time and name."""
    return rows.order_by(*_IN_TIME)


_IN_TIME = ("starts_at", "ends_at", "placement__pupil__last_name", "placement__pupil__first_names", "id")


def rows_of(keys: Iterable[int], *, user) -> list[Session]:
    """These sessions, for the rows of a register."""
    rows = Session.objects.visible_to(user).filter(pk__in=list(keys)).select_related(*OF)
    return list(by_place(rows))


def sites_of(organisation: Organisation, day: dt.date, *, user) -> list[tuple[int | None, str]]:
    """Where a provider has sessions on a day: key and name; None is at no site of its own."""
    rows = sessions_of(organisation, day, user=user).order_by(F("site__name").asc(nulls_last=True), "site_id")
    return list(rows.values_list("site_id", "site__name").distinct())


def alerts_of(rows: Iterable[Session]) -> dict[int, list[Alert]]:
    """What stands of what had to be told about these sessions, oldest first, by session. One query."""
    found: dict[int, list[Alert]] = defaultdict(list)
    alerts = Alert.objects.standing().filter(session__in=[one.pk for one in rows]).defer("done")
    for alert in alerts.order_by("pk"):
        found[alert.session_id].append(alert)
    return found


def entries_of(session: Session, *, user) -> list[RegisterEntry]:
    """Everything that was marked, in order."""
    if not Session.objects.visible_to(user).filter(pk=session.pk).exists():
        return []
    return list(session.entries.select_related("made_by"))


def entry_of(key: UUID) -> RegisterEntry | None:
    """What came under a key before."""
    return RegisterEntry.objects.filter(key=key).first()


def stands_in(session: Session) -> Entry:
    """What the register says now, its note opened."""
    return Entry(session.mark, session.reason, session.arrived, session.left, text_of(session, "note"))


def said_in(entry: RegisterEntry) -> Entry:
    """What one entry said, its note opened."""
    return Entry(entry.mark, entry.reason, entry.arrived, entry.left, text_of(entry, "note"))
