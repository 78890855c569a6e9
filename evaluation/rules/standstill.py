"""The standstill: working days between the published award notice and the first day on which a contract may be made."""

from __future__ import annotations

import datetime as dt
import re

from core.calendars import standstill_ends_on
from lots.rules.refusals import Refused

_NUMBER = re.compile(r"[0-9]{6}-[0-9]{4}")


def last_day(published_on: dt.date) -> dt.date:
    """The last day of the standstill: eight working days in England, beginning with the day on which the contract award
    notice was published (Procurement Act 2023, s.51(1)). It ends with that day, UK time."""
    return standstill_ends_on(published_on)


def check_number(text: str) -> None:
    """A notice of Find a Tender has six figures, a hyphen and the year. Raises `Refused`."""
    if not _NUMBER.fullmatch(text):
        raise Refused("Enter the notice number as Find a Tender shows it, like 012345-2026", field="notice_number")


def check_publication(
    number: str, published_on: dt.date, *, approved_on: dt.date, told_on: dt.date | None, unsent: int, today: dt.date
) -> None:
    """The award notice can be published once the award was approved and every bidder who was assessed has been given
    their assessment summary (Procurement Act 2023, s.50(3)); `unsent` have not, and the last was sent on `told_on`,
    which is None where nobody was assessed. It is written down once it has been published. Raises `Refused`."""
    check_number(number)
    if unsent:
        who = f"{unsent:,} assessment summaries have" if unsent != 1 else "1 assessment summary has"
        raise Refused(
            f"{who} not been sent. Bidders must have them before the award notice is published "
            "(Procurement Act 2023, section 50)"
        )
    if published_on > today:
        raise Refused("The day of publication must be today or in the past", field="published_on")
    if published_on < approved_on:
        raise Refused(_before("the award was approved", approved_on), field="published_on")
    if told_on is not None and published_on < told_on:
        raise Refused(_before("the last assessment summary was sent", told_on), field="published_on")
    if int(number[-4:]) not in {published_on.year - 1, published_on.year}:
        raise Refused(
            "The year at the end of the notice number does not fit the day of publication", field="notice_number"
        )


def _before(what: str, day: dt.date) -> str:
    return f"The notice cannot have been published before {what}, on {day.day} {day:%B %Y}"


def check_first(state: str, published_on: dt.date | None) -> None:
    """Of an approved award it is written down once. Raises `Refused`."""
    if state != "approved":
        raise Refused("The award notice is published once the award was approved")
    if published_on is not None:
        raise Refused("The publication was already written down. Correct it if it is wrong")


def check_correction(*, published_on: dt.date | None, standstill: bool, waits_until: dt.datetime | None, at) -> None:
    """What was typed wrongly is put right until the standstill that was counted from it has ended: after that contracts
    may have been made. Without a standstill nothing was counted. Raises `Refused`."""
    if published_on is None:
        raise Refused("The publication was not written down yet")
    if standstill and waits_until <= at:
        raise Refused(
            "The waiting period before we sign has ended, so the day from which it was counted cannot change any more"
        )
