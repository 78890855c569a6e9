"""What runs by itself in monitoring, each piece of its own transaction. Whatever is broken off is begun again, and
twice is harmless."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from core import clock
from core.access import System
from monitoring.actions import alarms, days, effects, purging, reminders, sealing, visits
from monitoring.actions.days import Written
from monitoring.permissions.alerts import SOUND
from monitoring.permissions.days import RUN
from monitoring.permissions.effects import PROPOSE
from monitoring.permissions.registers import PURGE
from monitoring.permissions.sealing import RESEAL
from monitoring.permissions.terms import REMIND
from monitoring.permissions.visits import REMIND as REMIND_OF_VISITS
from monitoring.queries.days import missed_days
from monitoring.queries.schedules import all_owners
from referrals.running import resealed

OWNERS_AT_ONCE = 200  # of those that visit, to a round of reminding: what is read of them is held in memory


def run_days(at: dt.datetime, today: dt.date) -> list[dt.date]:
    """Bring today up to what is true at this moment, then catch up, oldest first, the days that nobody wrote down; each
    in a transaction of its own, so that what is broken off goes on at the next round. Where a day before it was missing
    today is looked at again: intervals count the days before. Returns the days that were caught up."""
    run_day(today, at)
    missed = missed_days(today)
    for day in missed:
        run_day(day, at)
    if missed:
        run_day(today, at)
    return missed


def run_day(day: dt.date, at: dt.datetime) -> Written:
    """Write down the sessions of one day and what is to be reported for it. Raises Refused for a day still to come."""
    return days.run_day(day=day, by=System(RUN), at=at)


def remind(at: dt.datetime) -> int:
    """Send the reminders that are due at a moment and were not sent. Returns how many."""
    return reminders.remind(by=System(REMIND), at=at, today=timezone.localdate(at))


def sound_alarms() -> int:
    """Write down the breaches whose minute has come, tell whoever is to be told now, then remind providers of
    registers. A piece that fails keeps none of the others from running, and is raised at the end. Returns how many
    alerts were told."""
    by, failed, told = System(SOUND), [], 0
    for act in (alarms.write_breaches, alarms.tell, alarms.nudge):
        try:
            while done := act(by=by, at=clock.now()):
                told += done if act == alarms.tell else 0
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return told


def reseal_all() -> Iterator[tuple[str, int, list[int]]]:
    """For everything that monitoring seals: what, how many were sealed anew, and the keys of those that nothing opens.
    `manage.py rewrap_seal_keys` calls it by its name in `settings.RESEAL`."""
    return resealed(sealing, RESEAL)


def watch_documents() -> int:
    """Propose what follows from documents that ran out, then bring the places into line with it. Returns how many
    proposals are new."""
    by, at = System(PROPOSE), clock.now()
    new = effects.propose_effects(by=by, at=at, today=clock.today())
    effects.hold_places(by=by, at=at)
    return new


def purge_registers() -> int:
    """Remove what registers, alerts, incidents and visits say of pupils whose own record was removed. Returns how many
    rows said something."""
    rows = 0
    while done := purging.purge_registers(by=System(PURGE), at=clock.now()):
        rows += done
    return rows


def remind_of_visits() -> int:
    """Write to whoever plans visits and to providers, `OWNERS_AT_ONCE` of those that visit in one transaction. A piece
    that fails stops no other, and is raised at the end. Returns how many letters were written."""
    by, at, today = System(REMIND_OF_VISITS), clock.now(), clock.today()
    owners, written, failed = all_owners(), 0, []
    for start in range(0, len(owners), OWNERS_AT_ONCE):
        some = owners[start : start + OWNERS_AT_ONCE]
        try:
            written += visits.remind_of_visits(owners=some, by=by, at=at, today=today)
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return written
