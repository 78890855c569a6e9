"""Who pays a placement from which day. Shares are hundredths of a per cent; days are days in England, both counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.calendars import ONE_DAY
from lots.rules.refusals import Refused
from referrals.rules.amending import in_words
from referrals.rules.placing import WHOLE, check_shares, percent


@dataclass(frozen=True)
class Share:
    """One share, from a day to a day; open where it has no last day."""

    key: int
    funder: int
    share: int
    from_on: dt.date
    until_on: dt.date | None = None


def on_day(rows: Iterable[Share], day: dt.date) -> list[Share]:
    """The shares that hold on a day."""
    return [one for one in rows if one.from_on <= day and (one.until_on is None or day <= one.until_on)]


def check_change(
    wanted: Sequence[tuple[int, int]], from_on: dt.date, rows: Sequence[Share], *, first: dt.date, last: dt.date
) -> list[int]:
    """Other shares may hold from a day after the last change on, also one that has passed: who pays moves with the
    pupil’s roll, which is often told late. Returns the keys of those that end the day before. Raises `Refused`."""
    check_shares(wanted)
    latest = max((one.from_on for one in rows), default=first)
    if from_on <= latest:
        raise Refused(
            f"Who pays is written down from {in_words(latest)} on, and is never overwritten: enter a later day",
            field="from_on",
        )
    if from_on > last:
        raise Refused(f"The placement ends on {in_words(last)}: enter that day or an earlier one", field="from_on")
    standing = [one for one in rows if one.until_on is None]
    if sorted((one.funder, one.share) for one in standing) == sorted(wanted):
        raise Refused("These shares are the ones that hold already. Change them, or leave the page")
    return [one.key for one in standing]


def check_whole(rows: Sequence[Share], first: dt.date, last: dt.date) -> None:
    """On every day of the placement the shares come to the whole. Raises `Refused` naming the first day on which they
    do not."""
    turns = {first} | {one.from_on for one in rows} | {one.until_on + ONE_DAY for one in rows if one.until_on}
    for day in sorted(turns):
        total = sum(one.share for one in on_day(rows, day))
        if first <= day <= last and total != WHOLE:
            raise Refused(f"On {in_words(day)} the shares would come to {percent(total)}%, not 100%")
