"""What goes through all rows in batches, each of its own transaction: sealing anew, purging, keeping up. Whatever is
broken off is begun again, and twice is harmless."""

from __future__ import annotations

from collections.abc import Iterator

from core import clock
from core.access import System
from referrals.actions import ending, events, purging, sealing
from referrals.actions.purging import Purged
from referrals.permissions.events import WATCH
from referrals.permissions.life import KEEP_UP
from referrals.permissions.sharing import PURGE, RESEAL
from referrals.queries.events import news, suspensions_to_ask
from referrals.queries.life import all_due


def reseal_all() -> Iterator[tuple[str, int, list[int]]]:
    """For pupils, referrals and enquiries: what, how many were sealed anew, and the keys of those that nothing opens.
    `manage.py rewrap_seal_keys` calls it by its name in `settings.RESEAL`."""
    return resealed(sealing, RESEAL)


def resealed(sealing, system: str) -> Iterator[tuple[str, int, list[int]]]:
    """The same for what an app seals: `sealing` is its room with `SEALED` and the action `reseal`, `system` who may."""
    for what in sealing.SEALED:
        anew, unreadable, last = 0, [], 0
        while last is not None:
            done = sealing.reseal(what=what, after=last, by=System(system), at=clock.now())
            anew, last = anew + done.anew, done.last
            unreadable += done.unreadable
        yield what, anew, unreadable


def purge_all() -> Purged:
    """Remove everything that was kept for as long as it may be. Returns the counts."""
    by, at, today = System(PURGE), clock.now(), clock.today()
    total = Purged()
    while (done := purging.purge_pupils(by=by, at=at, today=today)) != Purged():
        total += done
    while (done := purging.purge_drafts(by=by, at=at)) != Purged():
        total += done
    return total


def keep_up_placements() -> int:
    """Bring every placement up to the day, one transaction for each. One that fails stops no other, and is raised at
    the end. Returns how many were due."""
    by, at, today = System(KEEP_UP), clock.now(), clock.today()
    due = all_due(today)
    failed = []
    for placement in due:
        try:
            ending.keep_up(placement=placement, by=by, at=at, today=today)
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return len(due)


def watch_providers() -> int:
    """Ask the decisions of suspensions, one transaction for each, let go those that nobody needs any more, and tell
    what has changed at providers. Returns how many decisions were asked."""
    by, at, today = System(WATCH), clock.now(), clock.today()
    asked = 0
    for suspension in suspensions_to_ask():
        asked += events.ask_decisions(suspension=suspension, by=by, at=at, today=today)
    events.lapse_decisions(by=by, at=at, today=today)
    for provider in sorted({one.provider for one in news(today)}):
        events.tell_seen(provider=provider, by=by, at=at, today=today)
    return asked
