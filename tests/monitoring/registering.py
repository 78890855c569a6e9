"""Registers for tests: a tap, many sessions, and the clock of a Monday morning."""

from __future__ import annotations

import datetime as dt
import uuid

from monitoring.actions import registers as actions
from monitoring.models import Session
from referrals.rules.private import Private
from tests.monitoring.made import DAY, STARTS, made_session
from tests.referrals.made import made_pupil
from tests.referrals.placed import made_placement

MINUTE = dt.timedelta(minutes=1)
NOW = STARTS + 5 * MINUTE  # 09:35 in England


def tap(world, session: Session, mark: str = "present", *, by=None, at=NOW, key=None, waited=0, **told) -> Session:
    """Bob marks a pupil."""
    return actions.mark(
        session=session,
        mark=mark,
        told=told,
        key=key or uuid.uuid4(),
        waited=dt.timedelta(minutes=waited),
        by=by or world.bob,
        at=at,
        today=at.date(),
    )


def rest(world, *sessions: Session, by=None, at=NOW, keys=None) -> list[int]:
    """Bob says that everybody else is here."""
    keys = keys or {one.pk: uuid.uuid4() for one in sessions}
    return actions.mark_rest(organisation=world.ash_house, keys=keys, by=by or world.bob, at=at, today=at.date())


def more_sessions(world, placement, many: int, **fields) -> list[Session]:
    """So many further pupils of Elm Grove at the same place and time."""
    return [
        made_session(
            made_placement(
                world,
                place=placement.place,
                pupil=made_pupil(world, private=Private(), last_name=f"Quillsworth{number}"),
                site=placement.sessions.first().site,
            ),
            day=DAY,
            **fields,
        )
        for number in range(many)
    ]
