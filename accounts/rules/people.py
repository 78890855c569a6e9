"""Who may join, who may go, and for how long an invitation stands."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping

INVITATION_LIVES = dt.timedelta(days=7)
LETTERS_A_DAY = 100  # invitations that one organisation may send in 24 hours: nobody sends junk in our name


class Refused(ValueError):
    """The rule says no; the message says why and what to do next, to the person who asked."""


def token_hash(token: str) -> str:
    """What is stored of an invitation's secret: SHA-256, hex. The secret has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def invitation_expires_at(sent_at: dt.datetime) -> dt.datetime:
    """An invitation can be used for seven days, to the microsecond."""
    return sent_at + INVITATION_LIVES


def masked(address: str) -> str:
    """An address for the eyes of somebody who may not be its owner: first letter and domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def check_roles(roles: Collection[str], possible: Collection[str]) -> None:
    """At least one role, and only roles that this kind of organisation gives."""
    if not roles:
        raise Refused("Select at least one role")
    if not set(roles) <= set(possible):
        raise Refused("Select only roles that this kind of organisation has")


def check_letters(sent_today: int) -> None:
    """An organisation sends at most `LETTERS_A_DAY` invitations in 24 hours."""
    if sent_today >= LETTERS_A_DAY:
        raise Refused(
            f"You can send {LETTERS_A_DAY} invitations in 24 hours and have sent them all. Try again tomorrow"
        )


def check_somebody_manages(managers: Collection[int], leaving: int) -> None:
    """An organisation keeps at least one person who manages its people: the last one may not go. `managers` and
    `leaving` are ids of people; somebody who does not manage may always go."""
    if leaving in managers and not set(managers) - {leaving}:
        raise Refused(
            "You must have at least one person who manages this organisation’s people. "
            "Give somebody else that role first"
        )


def role_changes(held: Collection[str], wanted: Collection[str]) -> tuple[set[str], set[str]]:
    """What to give and what to end, so that somebody who holds `held` holds `wanted`."""
    return set(wanted) - set(held), set(held) - set(wanted)


def check_provider_identified(numbers: Mapping[str, str], sole_tutor: bool, reason: str) -> None:
    """A provider gives at least one register's number, or says that it is a sole tutor without one, and why."""
    if any(numbers.values()):
        return
    if not sole_tutor:
        raise Refused("Enter at least one number, or say that you are a sole tutor without one")
    if not reason:
        raise Refused("Say why you have no number")


def check_dates(name: str, starts_on: dt.date, ends_on: dt.date, others: Collection[tuple]) -> None:
    """A span ends on or after the day it starts, lasts at most a year, and meets no other span of the same kind.
    `others` are (name, first day, last day)."""
    if ends_on < starts_on:
        raise Refused("The last day must be the same as or after the first day")
    if ends_on - starts_on > dt.timedelta(days=366):
        raise Refused("The last day must be within a year of the first day")
    for other, first, last in others:
        if starts_on <= last and first <= ends_on:
            raise Refused(
                f"{name} ({_days(starts_on, ends_on)}) overlaps {other} ({_days(first, last)}). Change one of them"
            )


def _days(first: dt.date, last: dt.date) -> str:
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
