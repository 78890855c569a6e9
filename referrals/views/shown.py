"""An offer's week as pages draw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.calendars import time_in_words
from referrals.models import Offer
from referrals.queries.worked import Proposal
from referrals.rules.timetable import WEEKDAYS, Session


@dataclass(frozen=True)
class Day:
    """One day of a week: `short` for the eye, `name` read aloud, and its sessions as (times, where)."""

    short: str
    name: str
    sessions: list[tuple[str, str]]


def week_of(offer: Offer) -> list[Day]:
    """Monday to Friday of an offer."""
    return _week((Session(one.weekday, one.starts, one.ends), one.site.name) for one in offer.sessions.all())


def week_of_proposal(proposal: Proposal) -> list[Day]:
    """The same of what is about to be sent."""
    return _week((session, site.name) for session, site in proposal.sessions)


def _week(sessions: Iterable[tuple[Session, str]]) -> list[Day]:
    held = sorted(sessions, key=lambda one: one[0])
    last = max([4, *(one.weekday for one, _ in held)])
    return [
        Day(
            short=WEEKDAYS[weekday][:3],
            name=WEEKDAYS[weekday],
            sessions=[
                (f"{time_in_words(one.starts)} to {time_in_words(one.ends)}", where)
                for one, where in held
                if one.weekday == weekday
            ],
        )
        for weekday in range(last + 1)
    ]
