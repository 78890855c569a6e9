"""Agreements to share pupil data: what stands in one, how it stands on a day, when somebody is told that it ends."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from lots.rules.refusals import Refused
from referrals.states import Processing

SOON = 90  # days before the last one from which an agreement is shown as ending
TOLD = (90, 60, 30, 7, 0)  # days before the last one on which both sides are told
CAUGHT_UP = 14  # days after the last one in which those who were not told still are
EARLIEST = dt.date(2000, 1, 1)

# What a provider is in the law (UK GDPR, articles 4, 26 and 28), for somebody who has never read it.
MEANS = {
    Processing.CONTROLLER: "It decides for itself why and how it uses the data, for example for its own duty to keep "
    "children safe. Most providers of alternative provision are this",
    Processing.JOINT: "It decides together with the commissioner, and the two have agreed who answers to families "
    "(article 26)",
    Processing.PROCESSOR: "It does only what the commissioner tells it to in writing, for example an online platform "
    "(article 28)",
}


class Standing(StrEnum):
    """How an agreement stands on a day."""

    IN_FORCE = "In force"
    SOON = "Ends soon"
    NOT_YET = "Not yet in force"
    RUN_OUT = "Has run out"
    ENDED = "Ended"

    @property
    def lets_share(self) -> bool:
        """Whether identity may be given under it."""
        return self in {Standing.IN_FORCE, Standing.SOON}


def standing(*, starts_on: dt.date, ends_on: dt.date | None, ended: bool, today: dt.date) -> Standing:
    """How an agreement stands. Its first and last day count."""
    if ended:
        return Standing.ENDED
    if starts_on > today:
        return Standing.NOT_YET
    if ends_on is None:
        return Standing.IN_FORCE
    if ends_on < today:
        return Standing.RUN_OUT
    return Standing.SOON if (ends_on - today).days <= SOON else Standing.IN_FORCE


def check_days(*, signed_on: dt.date, starts_on: dt.date, ends_on: dt.date | None, today: dt.date) -> None:
    """Raise `Refused` unless both have signed, and the days follow one another: nothing is shared under an agreement
    that somebody still has to sign."""
    if signed_on > today:
        raise Refused("Enter a day that has come: write an agreement down once both have signed it", field="signed_on")
    if starts_on < signed_on:
        raise Refused("An agreement cannot start before both have signed it", field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The last day must be the first day or one after it", field="ends_on")
    if ends_on is not None and ends_on < today:
        raise Refused("This agreement has run out already. Write down the one that stands", field="ends_on")


def check_not_ended(ended: bool) -> None:
    """Raise `Refused` for an agreement that was ended before."""
    if ended:
        raise Refused("This agreement was ended already. Nothing was changed")


def days_told(ends_on: dt.date, today: dt.date) -> int | None:
    """Which of `TOLD` has come: the smallest that the days left have reached, so that of several that were missed only
    the nearest is told. None where none has come, or the agreement ran out too long ago to be news."""
    left = (ends_on - today).days
    if left < -CAUGHT_UP:
        return None
    return min((days for days in TOLD if left <= days), default=None)


def check_terms(*, approve_above_pence: int, answer_days: int) -> None:
    """Raise `Refused` for a limit or a time to answer that nobody could work with."""
    if approve_above_pence > 100_000_000_00:
        raise Refused("Enter an amount of £100,000,000 or less", field="approve_above")
    if not 1 <= answer_days <= 20:
        raise Refused("Enter a whole number of working days from 1 to 20", field="answer_days")


def mark_of(approve_above_pence: int, answer_days: int) -> str:
    """What a page saw of how a commissioner refers, to be handed back with its form."""
    return f"{approve_above_pence}-{answer_days}"
