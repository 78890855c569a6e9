"""The thirty minutes: when a provider is reminded, when an absence is told, what is a breach, and who is told next.
Moments are UTC, so that a change of the clocks moves none of them; which day it is, England's calendar says. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lots.rules.refusals import Refused
from monitoring.rules.times import ENGLAND
from monitoring.states import AlertKind, Whom

DUTY = dt.timedelta(minutes=30)  # within these a commissioner must know, counted from the session's start
NUDGE = dt.timedelta(minutes=20)
HOLD = dt.timedelta(minutes=2)  # a wrong tap can be taken back for so long
# A held absence is let go this much before the 30th minute: the sweep comes by every ten seconds, and what it writes
# into the outbox in the 31st minute would be too late.
ROOM = dt.timedelta(minutes=1)
# Whoever is told has ten minutes to ring the provider and say so here; a child may be on the road.
ANSWER = dt.timedelta(minutes=10)
# How long a session that began is looked at for a breach that was not written down: longer than an outage of 26 hours.
LOOK_BACK = dt.timedelta(hours=48)
LATE_SECONDS = 60  # after which `/readyz` is red
LONGEST_DONE = 2000
SIGN_IN = "Sign in to see who"
ASK_COLLEAGUE = "A colleague who can sign in must see who"
UNLESS_ANSWERED = "If nobody answers there within 10 minutes, the next person is told."
_MOBILE = re.compile(r"(?:\+44|0044|0)7\d{9}")


@dataclass(frozen=True)
class Person:
    """Somebody to be told: `user` where there is an account that belongs to the organisation, `email` with it, `mobile`
    where a text can go. `cover` is the line of the rota; empty for those who have a role."""

    cover: int | None = None
    user: int | None = None
    email: str = ""
    mobile: str = ""

    @property
    def can_be_told(self) -> bool:
        return bool(self.email or self.mobile)

    @property
    def key(self) -> str:
        """What a message to them is called by: the account where there is one."""
        return f"u{self.user}" if self.user else f"c{self.cover}"


@dataclass(frozen=True)
class Rung:
    """Those who are told together. `authority` is the council or the trust that it has come to."""

    whom: Whom
    people: tuple[Person, ...]
    authority: int | None = None


@dataclass(frozen=True)
class Told:
    """Whom an alert was told before: lines of the rota, accounts, mobile numbers."""

    covers: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()
    mobiles: frozenset[str] = frozenset()

    def has(self, one: Person) -> bool:
        return one.cover in self.covers or one.user in self.users or one.mobile in self.mobiles


def late_at(starts_at: dt.datetime) -> dt.datetime:
    """The 30th minute after a session's start: elapsed minutes, whatever the clocks on the wall do."""
    return starts_at + DUTY


def tell_at(*, starts_at: dt.datetime, made_at: dt.datetime) -> dt.datetime:
    """When an absence that was marked at `made_at` is told: two minutes later, never later than the 29th minute after
    the start; at once where that has passed."""
    return max(made_at, min(made_at + HOLD, late_at(starts_at) - ROOM))


def is_of_today(day: dt.date, at: dt.datetime) -> bool:
    """Whether a mark that is made at a moment is about that day: a register of last week rings nobody."""
    return day == at.astimezone(ENGLAND).date()


def can_undo(*, told_at: dt.datetime | None, tell_at: dt.datetime | None, at: dt.datetime) -> bool:
    """An absence is taken back only while nobody was told, and before its moment came."""
    return told_at is None and tell_at is not None and at < tell_at


def next_rung(rungs: Sequence[Rung], told: Told) -> Rung | None:
    """The first rung with somebody who can be told and was not, with only those; None where there is nobody more. One
    whom no message reaches is passed over at once, and so is an empty rota."""
    for rung in rungs:
        people = _new(rung.people, told)
        if people:
            return Rung(rung.whom, people, rung.authority)
    return None


def _new(people: Iterable[Person], told: Told) -> tuple[Person, ...]:
    found: dict[str, Person] = {}
    for one in people:
        if one.can_be_told and not told.has(one):
            found.setdefault(one.key, one)
    return tuple(found.values())


def next_tell_at(*, found: bool, was_told: bool, at: dt.datetime) -> dt.datetime | None:
    """When the next is told unless somebody answers: in ten minutes. Where everybody was told, nobody more is; where
    nobody could be told at all, it is tried again, because another may answer by then."""
    return at + ANSWER if found or not was_told else None


def mobile(phone: str) -> str:
    """A British mobile number as texts need it (07…), or nothing for any other number."""
    digits = re.sub(r"[\s().-]", "", phone.replace("(0)", ""))
    return f"0{digits[-10:]}" if _MOBILE.fullmatch(digits) else ""


def letter(kinds: Sequence[str], *, skipped: bool, whom: str) -> tuple[str, str]:
    """Subject and text of a message about these alerts, without a name, a place or a reason: who it is stands behind
    sign-in. `skipped` says that the rota was empty or reached nobody."""
    subject = _subject(kinds)
    said = [f"{subject}."]
    if whom == Whom.AUTHORITY:
        said.append("Nobody has answered yet, so this comes to you.")
    elif skipped:
        said.append("Nobody on your rota could be told, so this comes to you.")
    said.append("Sign in to see who it is and what to do.")
    return subject, " ".join(said)


def _subject(kinds: Sequence[str]) -> str:
    number = len(kinds)
    absent = [one for one in kinds if one != AlertKind.NOT_TAKEN]
    if not absent:
        return "No register was taken for a pupil" if number == 1 else f"No register was taken for {number} pupils"
    if len(absent) == number:
        return "A pupil has not arrived" if number == 1 else f"{number} pupils have not arrived"
    return f"{number} pupils have not arrived, or no register was taken for them"


def nudge(number: int) -> tuple[str, str]:
    """Subject and text of what a provider is told at the 20th minute of sessions at one site, without a name."""
    pupils = "one pupil" if number == 1 else f"{number} pupils"
    return (
        "A register is not taken",
        f"The register of {pupils} is not taken, and the session began 20 minutes ago. After 30 minutes whoever placed "
        "them is told, and it is written down that the register was late. Sign in to take it.",
    )


def check_answer(*, is_open: bool, by: str, done: str) -> str:
    """An alert is answered once, with what was done. Returns the words. Raises `Refused`."""
    if not is_open:
        raise Refused(f"{by or 'Somebody'} has answered this alert already. What you typed is below", field="done")
    said = done.strip()
    if not said:
        raise Refused("Write what was done", field="done")
    if len(said) > LONGEST_DONE:
        raise Refused(f"What was done must be {LONGEST_DONE:,} characters or fewer", field="done")
    return said
