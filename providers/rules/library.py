"""The days on documents: what they may be, when a document has run out, and when its provider is told. Days are days in
England; a document counts until the end of the day on which it expires."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from lots.rules.refusals import Refused

TOLD = (90, 60, 30, 7, 0)  # days before the last day, on which a provider is told
SOON = dt.timedelta(days=TOLD[0])
MOST_ITEMS = 1_000
MOST_VERSIONS = 1_000
LONGEST_YEARS = 20


class Standing(Enum):
    """How a document stands to its last day."""

    UNDATED = "undated"
    RUNS = "runs"
    SOON = "soon"
    ENDED = "ended"


def standing(ends_on: dt.date | None, today: dt.date) -> Standing:
    """Ended from the day after its last one; soon from 90 days before it."""
    if ends_on is None:
        return Standing.UNDATED
    if ends_on < today:
        return Standing.ENDED
    return Standing.SOON if ends_on <= today + SOON else Standing.RUNS


def check_days(issued_on: dt.date | None, expires_on: dt.date | None, today: dt.date) -> None:
    """A document was issued today or before, and expires on that day or after, within 20 years from today. One that
    has run out already is taken: a buyer may ask what was in force then. Raises `Refused`."""
    if issued_on and issued_on > today:
        raise Refused("The day it was issued must be today or in the past", field="issued_on")
    if issued_on and expires_on and expires_on < issued_on:
        raise Refused("The day it expires must be the same as or after the day it was issued", field="expires_on")
    if expires_on and expires_on.year > today.year + LONGEST_YEARS:
        raise Refused(
            f"The day it expires must be within {LONGEST_YEARS} years. Leave it empty if the document bears none",
            field="expires_on",
        )


def check_room(items: int) -> None:
    """A library holds 1,000 documents."""
    if items >= MOST_ITEMS:
        raise Refused(f"A library holds {MOST_ITEMS:,} documents at most. Remove one first")


def check_in_library(removed_at: dt.datetime | None) -> None:
    """A document that was removed is not changed any more."""
    if removed_at is not None:
        raise Refused("This document was removed from the library. Add it again as a new one")


def check_versions(number: int) -> None:
    """A document has 1,000 versions at most."""
    if number >= MOST_VERSIONS:
        raise Refused("This document has too many versions. Add it again as a new one")


def letter(count: int) -> tuple[str, str]:
    """Subject and first words of the letter about documents and covers that run out. It names none of them: the letter
    leaves the house."""
    if count == 1:
        return (
            "A document or insurance runs out",
            "1 document or insurance that you keep on the portal runs out within 90 days, or has run out.",
        )
    return (
        "Documents or insurances run out",
        f"{count:,} documents or insurances that you keep on the portal run out within 90 days, or have run out.",
    )
