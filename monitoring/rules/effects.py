"""What follows when a document or an insurance of a provider runs out. Days are days in England; a last day counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.states import Cause, OnExpiry
from monitoring.states import Answered, Effect

# What the framework's standards say of the end of evidence, as far as anything is to be done about it.
EFFECTS = {OnExpiry.HOLD: Effect.HOLD, OnExpiry.SUSPEND: Effect.SUSPEND}
LONGEST_WHAT = 300


@dataclass(frozen=True)
class RanOut:
    """One thing that ran out, for one framework: a version of a document, or an insurance (their keys)."""

    framework: int
    provider: int
    effect: Effect
    what: str
    ended_on: dt.date
    version: int | None = None
    insurance: int | None = None

    @property
    def key(self) -> tuple[int, int, int | None, int | None]:
        """By which one that stands is found again."""
        return (self.framework, self.provider, self.version, self.insurance)


def has_run_out(last_day: dt.date | None, today: dt.date) -> bool:
    """A document without a last day never runs out; on its last day it still counts."""
    return last_day is not None and last_day < today


def of_insurance(*, asked_for: bool) -> Effect:
    """Insurance always holds new pupils; where the framework asks for one without which a place is suspended, that is
    proposed."""
    return Effect.SUSPEND if asked_for else Effect.HOLD


def heaviest(found: list[RanOut]) -> list[RanOut]:
    """One for each cause: a document that was given for two standards has the heavier effect."""
    kept: dict[tuple, RanOut] = {}
    for one in found:
        other = kept.get(one.key)
        if other is None or (one.effect, other.effect) == (Effect.SUSPEND, Effect.HOLD):
            kept[one.key] = one
    return list(kept.values())


def cause_of(*, insurance: bool) -> Cause:
    """For what a place is suspended: each place by itself, never everything that a provider has, which only a concern
    for safety or an exclusion reaches."""
    return Cause.INSURANCE if insurance else Cause.COMMERCIAL


def check_answer(*, is_open: bool, answer: str, reason: str) -> None:
    """A proposal is answered once, with a reason, while the document is not renewed. A hold that was agreed may be
    ended later. Raises `Refused`."""
    if not is_open:
        raise Refused("Somebody has decided this already, or the document was renewed meanwhile. Nothing was changed")
    if answer not in Answered.values:
        raise Refused("Choose what happens", field="answer")
    if not reason.strip():
        raise Refused("Write why, so that it can be understood later", field="reason")


def is_open(*, effect: str, answered: str, lapsed: bool, answer: str) -> bool:
    """Whether a proposal can be answered in this way now: one that nobody has answered, or a hold in force that is
    ended."""
    if lapsed:
        return False
    return not answered or (effect, answered, answer) == (Effect.HOLD, Answered.YES, Answered.NO)
