"""When a placement is paused and when it goes on. Days are days in England, both ends counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lots.rules.refusals import Refused
from referrals.rules.amending import in_words
from referrals.rules.running import Span


def check_pause(
    from_on: dt.date, until_on: dt.date | None, *, today: dt.date, first: dt.date, last: dt.date, others: Iterable[Span]
) -> None:
    """A pause begins today or later, within the placement, and meets no other. Without a last day it is open. Raises
    `Refused`."""
    if from_on < max(today, first):
        raise Refused(f"Enter {in_words(max(today, first))} or a later day", field="from_on")
    if from_on > last:
        raise Refused(f"The placement ends on {in_words(last)}: enter that day or an earlier one", field="from_on")
    if until_on is not None and until_on < from_on:
        raise Refused("The last day without sessions must be the first one or later", field="until_on")
    for begins, ends in others:
        if (ends is None or from_on <= ends) and (until_on is None or begins <= until_on):
            said = f"until {in_words(ends)}" if ends else "until somebody says that it goes on"
            raise Refused(
                f"There is a pause from {in_words(begins)} {said} already. Say when that one ends first",
                field="from_on",
            )


def check_resume(on: dt.date, pause: Span | None, *, today: dt.date, last: dt.date) -> None:
    """It goes on today or later, before the pause would have ended, while the placement lasts. Raises `Refused`."""
    if pause is None:
        raise Refused("This placement is not paused. Nothing was changed")
    if on < today:
        raise Refused("Enter today or a later day: what has not taken place cannot take place any more", field="on")
    if on > last:
        raise Refused(f"The placement ends on {in_words(last)}: enter that day or an earlier one", field="on")
    if pause[1] is not None and on > pause[1] + dt.timedelta(days=1):
        raise Refused(
            f"The pause ends on {in_words(pause[1])} already: enter an earlier day, or the day after it", field="on"
        )


def standing(pauses: Iterable[tuple[int, dt.date, dt.date | None]], today: dt.date) -> int | None:
    """The key of the pause that holds now, or of the next one; pauses as (key, first day, last day)."""
    left = sorted((begins, key) for key, begins, ends in pauses if ends is None or ends >= today)
    return left[0][1] if left else None


def is_paused_on(day: dt.date, pauses: Iterable[Span]) -> bool:
    """Whether no session takes place on a day because of a pause."""
    return any(begins <= day and (ends is None or day <= ends) for begins, ends in pauses)
