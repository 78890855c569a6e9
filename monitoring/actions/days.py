"""A day's sessions, and what is to be reported for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from monitoring.models import DayRun
from monitoring.permissions.days import RUN
from monitoring.rules.calendar import check_day
from monitoring.steps import days, sessions


@dataclass(frozen=True)
class Written:
    """How many rows a pass over a day wrote or changed."""

    sessions: int = 0
    called_off: int = 0
    set_right: int = 0
    dues: int = 0
    dropped: int = 0
    asked_again: int = 0


@transaction.atomic(durable=True)
def run_day(*, day: dt.date, by: access.System, at: dt.datetime) -> Written:
    """Bring the sessions of a day and its due rows up to what is true now. A day that is over is caught up: nobody is
    reminded of it or alarmed. May run at any time, any number of times, and several at once. Raises Refused for a day
    that is still to come: its week may yet change."""
    access.require(nobody, by, systems=(RUN,))
    today = timezone.localdate(at)
    check_day(day, today)
    past = day < today
    run = DayRun.objects.locked(days.begin_day(day=day, at=at, caught_up=past))
    three = sessions.keep_up_sessions(day=day, at=at, looked_at=run.checked_at, caught_up=past)
    written = Written(*three, *days.write_dues(day=day, at=at, caught_up=past))
    days.end_day(run=run, at=at)
    if written != Written():
        audit.record("monitoring.day.written", by=by, about=run, data=asdict(written), at=at)
    return written
