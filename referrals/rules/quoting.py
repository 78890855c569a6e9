"""The catch-all lot, where no price was awarded: what a quote must say, and who says yes to it. Pure."""

from __future__ import annotations

import datetime as dt

from lots.rules.refusals import Refused
from lots.states import PlaceState
from referrals.rules.timetable import cost_of
from referrals.states import ReferralState

# Before anybody was chosen by an offer.
QUOTES_IN = (ReferralState.READY, ReferralState.ENQUIRING)
MOST_UNITS = 1_000_000  # hundredths


def check_referral(state: str) -> None:
    """A quote is for a referral that was checked and has led to nobody yet. Raises `Refused`."""
    if state not in QUOTES_IN:
        raise Refused(
            "A quote can be written down for a referral that is checked and on which nobody is chosen. This one is: "
            f"{ReferralState(state).label.lower()}"
        )


def check_quote(*, place: str, suspended: bool, starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    """From a provider that is active on the catch-all lot, for days to come. Raises `Refused`."""
    if place != PlaceState.ACTIVE or suspended:
        raise Refused("This provider has no active place on the catch-all lot. Select another", field="place")
    if starts_on < today:
        raise Refused("The first day must be today or later", field="starts_on")
    if ends_on < starts_on:
        raise Refused("The last day must be the first day or later", field="ends_on")


def total_of(units: int, pence: int) -> int:
    """What a quote comes to, in pence without VAT; `units` in hundredths."""
    return cost_of(units, pence)


def check_answer(*, answered: bool, yes: bool, reason: str) -> None:
    """Once, and a no has its reason. Every quote is answered by a budget holder, whatever it costs, because nobody has
    compared its price in a tender. Raises `Refused`."""
    if answered:
        raise Refused("Somebody has answered this quote already. Nothing was changed")
    if not yes and not reason.strip():
        raise Refused("Write why not, so that they know what to change", field="answer")


def check_approved(approved: bool | None) -> None:
    """Raise `Refused` unless a budget holder has said yes."""
    if not approved:
        raise Refused("A budget holder has to say yes to this quote before a pupil is placed on it")
