"""The thirty minutes for tests: Elm Grove's rota, marks as registers make them, and a sweep at a moment."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from core.access import System
from monitoring.actions import alarms as actions
from monitoring.models import Session
from monitoring.permissions.alerts import SOUND
from monitoring.steps.alarms import note_mark
from outbox.models import Message
from tests.monitoring.made import STARTS
from tests.referrals.answering import made_cover

MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)
BY = System(SOUND)


def after(minutes: float) -> dt.datetime:
    """So many minutes after the session's start."""
    return STARTS + minutes * MINUTE


def made_rota(world, *people, commissioner=None, **fields) -> list:
    """These people answer for Elm Grove, the first one first; a text instead of a person is the number of somebody
    without an account."""
    side = commissioner or world.elm_grove
    return [
        made_cover(side, position=number, **({"phone": one} if isinstance(one, str) else {"user": one}), **fields)
        for number, one in enumerate(people, start=1)
    ]


def marked(session: Session, mark: str, at: dt.datetime, *, by=None, **fields) -> Session:
    """As a register does it: in one transaction, with the session locked."""
    with transaction.atomic():
        session = Session.objects.locked(session.pk)
        before, session.mark, session.marked_at = session.mark, mark, at if mark else None
        for name, value in fields.items():
            setattr(session, name, value)
        session.save()
        note_mark(session=session, before=before, by=by, at=at)
    return session


def swept(at: dt.datetime) -> tuple[int, int, int]:
    """A pass at a moment: breaches written, alerts told, sessions reminded of."""
    return actions.write_breaches(by=BY, at=at), actions.tell(by=BY, at=at), actions.nudge(by=BY, at=at)


def messages():
    """What was written by alarms, in order."""
    return Message.objects.filter(Q(key__startswith="alert:") | Q(key__startswith="nudge:")).order_by("pk")


def letters() -> list[tuple[str, str]]:
    """(to, key) of each, in order."""
    return list(messages().values_list("to", "key"))


def receivers() -> list[str]:
    """To whom messages went, in order."""
    return [to for to, _ in letters()]
