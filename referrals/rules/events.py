"""What a provider's changes and suspensions ask of commissioners: which facts are told, whom a suspension reaches,
until when a decision is made. Days are days in England."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from core.calendars import working_day_after
from lots.rules.refusals import Refused
from lots.states import Cause
from referrals.states import Decided, PlacementState, ProviderEventKind

REACH_DAYS = 90  # how long ago, or how far ahead, a change that a provider tells may be
LONGEST = 1000
LOOKED_BACK = 7  # days in which a change of the provider's own profile is still noticed
WORKING_DAYS = {Cause.SAFEGUARDING: 1}
OTHERWISE = 5
PAUSED_BECAUSE = "The provider is suspended"
TOLD_BY_HAND = (ProviderEventKind.STAFF, ProviderEventKind.SITE)


@dataclass(frozen=True)
class Reach:
    """A suspension: without a place it holds for all of the provider with this buyer."""

    buyer: int
    provider: int
    place: int | None


@dataclass(frozen=True)
class Placed:
    """A running placement: whose framework it is under (None outside of one), and the parties that buy."""

    provider: int
    place: int | None
    buyer: int | None
    parties: frozenset[int]


def reaches(suspension: Reach, placed: Placed) -> bool:
    """Whether a suspension asks for a decision on a placement: of one place, on that place alone; of the provider, on
    all under the buyer's frameworks, and on those that the buyer itself has bought outside a framework."""
    if suspension.provider != placed.provider:
        return False
    if suspension.place is not None:
        return suspension.place == placed.place
    if placed.buyer is not None:
        return suspension.buyer == placed.buyer
    return suspension.buyer in placed.parties


def decide_by(cause: str, today: dt.date) -> dt.date:
    """The last day for a decision: the next working day where the cause is safeguarding, otherwise the fifth."""
    return working_day_after(today, WORKING_DAYS.get(cause, OTHERWISE))


def check_change(happens_on: dt.date, today: dt.date) -> None:
    """A change that a provider tells was or is about now. Raises `Refused`."""
    first, last = today - dt.timedelta(days=REACH_DAYS), today + dt.timedelta(days=REACH_DAYS)
    if not first <= happens_on <= last:
        raise Refused(f"Enter a day from {_day(first)} to {_day(last)}", field="happened_on")


def key_of_change(provider: int, kind: str, happened_on: dt.date, facts: str) -> str:
    """The same words about the same day are the same change, however often they are sent."""
    mark = hashlib.sha256(f"{kind}\n{happened_on}\n{' '.join(facts.split())}".encode()).hexdigest()
    return f"told:{provider}:{mark[:40]}"


def choices_for(state: str) -> dict[Decided, str]:
    """What can be decided, with what it means: what has not started, or is paused already, cannot be paused."""
    if state == PlacementState.LIVE:
        return {
            Decided.GO_ON: "Go on, with safeguards",
            Decided.PAUSE: "Pause the placement from today",
            Decided.MOVE: "End it and move the pupil. You write down the last day on the next page",
        }
    if state == PlacementState.PAUSED:
        return {
            Decided.GO_ON: "Keep it, with safeguards. It stays paused until somebody says that it goes on",
            Decided.MOVE: "End it and move the pupil. You write down the last day on the next page",
        }
    return {
        Decided.GO_ON: "Keep it, with safeguards. It can start once the suspension is lifted",
        Decided.MOVE: "Cancel it and find another provider. You cancel it on the next page",
    }


def check_decision(what: str, *, state: str, decided: str, lapsed: bool) -> None:
    """A decision is made once, while it is asked for, and one that the placement still allows. Raises `Refused`."""
    if decided:
        raise Refused(f"Somebody has decided this already: {Decided(decided).label}. Nothing was changed")
    if lapsed:
        raise Refused("The suspension was lifted, or the placement is over, so nothing has to be decided any more")
    if what not in choices_for(state):
        label = PlacementState(state).label.lower()
        raise Refused(f"The placement is {label}, so it cannot be paused. Choose something else", field="decided")


def days_late(due_on: dt.date, today: dt.date) -> int:
    """How many days a decision is late: 0 until the end of its last day."""
    return max(0, (today - due_on).days)


def is_still_to_move(decided: str, state: str) -> bool:
    """Whether a placement that is to be ended still stands."""
    return decided == Decided.MOVE and state in {PlacementState.ASSURANCE, PlacementState.LIVE, PlacementState.PAUSED}


def site_fact(name: str, town: str, *, closed: bool) -> str:
    """What is told of a site that the provider has closed or added: its name and town, never its street."""
    where = f"{name}, {town}" if town else name
    return f"A site is no longer used: {where}." if closed else f"A site was added: {where}."


def insurance_fact(ended_on: dt.date | None) -> str:
    """What is told where no public liability insurance covers today; the last day of the last one, where known."""
    if ended_on is None:
        return "No public liability insurance that covers today is written down."
    return f"Public liability insurance ran out on {_day(ended_on)}. No other that covers today is written down."


def suspension_fact(cause: str) -> str:
    """What is told of a suspension: that it is, and the kind of cause. Not whose, and not why."""
    return f"The provider is suspended. Kind of cause: {Cause(cause).label.lower()}."


def lifted_fact(*, others: bool) -> str:
    """What is told once a suspension is lifted."""
    if others:
        return "A suspension was lifted. Another one is still in force."
    return "The suspension was lifted. A placement that you paused does not go on by itself."


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
