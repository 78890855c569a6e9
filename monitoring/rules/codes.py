"""Which attendance code a home school could set for a half-day, and why (School Attendance (Pupil Registration)
(England) Regulations 2024). A suggestion: the portal hands on facts, the school sets the code. Times of a day are those
of England's clocks. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.states import CAME, Mark, SessionState

NOON = dt.time(12)
MORNING, AFTERNOON = "AM", "PM"
HALVES = (MORNING, AFTERNOON)
TO_SCHOOL = "Present at school if the pupil came to you, with your own code."
# By why the pupil was not there: the code, why, and what the school must decide. No code where none follows.
ABSENCES = {
    "ill": ("I", "Ill", ""),
    "appointment": (
        "M",
        "Medical or other appointment",
        "M is for a medical or dental appointment. For any other it is C where you gave leave, else O.",
    ),
    "refused": (
        "O",
        "Did not want to come",
        "O is absence without leave. If the pupil could not come because of illness or anxiety, it is I.",
    ),
    "suspended": (
        "E",
        "The provider says: suspended",
        "Only your head teacher can suspend. E is right if they did and nothing else was arranged, else O.",
    ),
    "school": (
        "",
        "Kept at school or elsewhere by the commissioner",
        f"{TO_SCHOOL} Elsewhere: the code for what the pupil did there.",
    ),
    "no_staff": (
        "",
        "The provider had no staff",
        f"{TO_SCHOOL} Y7 (another unavoidable cause) only if the pupil could not come to you either.",
    ),
    "shut": (
        "",
        "The provider was shut",
        f"{TO_SCHOOL} Y7 (another unavoidable cause) only if the pupil could not come to you either.",
    ),
    "unknown": (
        "N",
        "Reason not known yet",
        "N stands for five school days at most. Find out why, then change it; if nobody can say, it becomes O.",
    ),
}
_TRANSPORT = {
    True: ("Y1", "Transport that the school or council arranges failed", "Y1 only if it is too far to walk, else O."),
    False: ("O", "Transport failed, which neither school nor council arranges", "C only where you gave leave."),
}
_NO_ROLL = "The pupil is on no school’s roll, so there is no attendance register to code."
_CANNOT = "Without a sure answer enter no B, D or K: they say that the pupil was there."


@dataclass(frozen=True)
class Taken:
    """One session of a half-day: its times, whether it is to take place, and what its register says."""

    starts: dt.time
    ends: dt.time
    state: str
    mark: str
    reason: str = ""
    arrived: dt.time | None = None
    left: dt.time | None = None


@dataclass(frozen=True)
class Placing:
    """What a placement adds: whether the provider is a school where the pupil is registered too, whether the council
    arranged it (sections 19 and 61), what is done there, whether the pupil has a home school, and whether the school
    or the council arranges the way there."""

    is_dual: bool = False
    by_council: bool = False
    activity: str = ""
    has_school: bool = True
    transport_by_us: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A code (empty where none follows from the facts), why, and what is left for the school to decide."""

    code: str
    why: str
    decide: str = ""


def halves_of(starts: dt.time, ends: dt.time) -> tuple[str, ...]:
    """The half-days that a session belongs to: the morning if it begins before noon, the afternoon if it ends after;
    one across noon counts for both."""
    return tuple(half for half, held in ((MORNING, starts < NOON), (AFTERNOON, ends > NOON)) if held)


def suggest(half: str, sessions: Sequence[Taken], placing: Placing) -> Suggestion:
    """The code for one half-day of one pupil at one provider. Whoever was there for a part of it was there: D where the
    pupil is registered at the provider too, else K where the council arranged it, else B with the activity. A session
    that was expected and missed is an absence by its reason. What nobody wrote down is never taken for attendance.
    Without a session the pupil is back at school, or C2 was agreed."""
    held = [one for one in sessions if half in halves_of(one.starts, one.ends)]
    expected = [one for one in held if one.state == SessionState.EXPECTED]
    if not placing.has_school:
        return Suggestion("", _NO_ROLL)
    if not expected:
        why = "The session did not take place" if held else "No session"
        return Suggestion("", why, "Back at school, or C2 if a part-time timetable is agreed.")
    if there := [one for one in expected if _was_there(one, half)]:
        return _attended(there, placing)
    if absent := [one for one in expected if one.mark == Mark.ABSENT]:
        return _absent(absent[0], placing)
    if came := [one for one in expected if one.mark in CAME]:
        why = f"Not there in the {'morning' if half == MORNING else 'afternoon'}: {said(came[0])}"
        return Suggestion("N", why, "Find out why, then change it.")
    return Suggestion("", "The register was not taken", f"Ask the provider. {_CANNOT}")


def said(one: Taken) -> str:
    """What the register says of one session, in words."""
    if one.state != SessionState.EXPECTED:
        return "did not take place"
    if not one.mark:
        return "register not taken"
    if one.mark == Mark.ABSENT:
        return "absent"
    words = "attended"
    if one.mark == Mark.LATE:
        words = f"arrived at {one.arrived:%H:%M}" if one.arrived else "came late, at a time that nobody wrote down"
    return f"{words}, left at {one.left:%H:%M}" if one.left else words


def _was_there(one: Taken, half: str) -> bool:
    """For a part of that half-day. Late at a time that nobody wrote down, in a session across noon, may have been
    after it."""
    if one.mark not in CAME:
        return False
    if half == AFTERNOON:
        return (one.left or one.ends) > NOON
    if one.mark == Mark.LATE and one.arrived is None:
        return one.ends <= NOON
    return (one.arrived or one.starts) < NOON


def _attended(there: Sequence[Taken], placing: Placing) -> Suggestion:
    facts = said(there[0]).capitalize()
    if there[0].mark == Mark.LATE:
        facts += " (L is only for coming late to your own school)"
    if placing.is_dual:
        return Suggestion("D", f"{facts}. The pupil is registered at that school too")
    if placing.by_council:
        return Suggestion("K", f"{facts}. The council arranged it")
    if not placing.activity:
        return Suggestion("B", facts, "Write down what the pupil did: B needs the activity.")
    return Suggestion("B", f"{facts}. Activity: {placing.activity}")


def _absent(one: Taken, placing: Placing) -> Suggestion:
    if one.reason == "transport":
        return Suggestion(*_TRANSPORT[placing.transport_by_us])
    return Suggestion(*ABSENCES[one.reason or "unknown"])
