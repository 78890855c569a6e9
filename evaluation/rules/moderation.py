"""Moderation: what may be decided in a meeting about a difference, by whom, and what has to be written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from evaluation.states import FINAL, Settlement
from lots.rules.refusals import Refused

# One person alone does not meet.
FEWEST = 2


def check_case(*, is_in: bool, has_judged: bool, outcomes: Sequence[str], how: str | None, clashes: bool) -> None:
    """A standard of a bid is decided in moderation where the two who judged it locked different outcomes, or where one
    of them turned out to have an interest in the bidder that was not mitigated (`clashes`). `how` is how the outcome
    that stands came to be, None where none does; one that came from moderation can be decided anew until the freeze.
    `outcomes` are those of all who judged, empty while one of them has not locked. Raises `Refused`."""
    if not is_in:
        raise Refused("This bid is no longer in the evaluation, so nothing is decided about it")
    if has_judged:
        raise Refused("You judged this standard of this bid yourself, so another moderator decides about it")
    if how == Settlement.APPEAL:
        raise Refused("This outcome was decided on an appeal, and moderation does not change it")
    if how == Settlement.NOT_ASKED:
        raise Refused("This provider was not asked about this standard, so there is nothing to decide")
    if not outcomes:
        raise Refused("Decisions are compared once everybody who judges this standard has locked theirs")
    if (how is None and len(set(outcomes)) == 1 and not clashes) or (how == Settlement.AGREED and not clashes):
        raise Refused("Everybody who judged this standard agrees, so there is nothing to decide")


def check_seen(*, seen: int | None, stands: int | None) -> None:
    """Nobody writes over a decision that they have not read: `seen` is what stood on their page. Raises `Refused`."""
    if seen != stands:
        raise Refused(
            "A colleague decided this standard while you were writing. Their decision is now on this page. What you "
            "typed is kept: send it again if it shall replace theirs"
        )


def check_meeting(
    *,
    outcome: str,
    reason: str,
    met_on: dt.date,
    took_part: Collection[int],
    panel: Collection[int],
    opened_on: dt.date,
    today: dt.date,
) -> None:
    """A consensus has an outcome that ends the matter, a reason, the day of the meeting and at least two people of the
    panel who took part. Raises `Refused`."""
    if outcome not in FINAL:
        raise Refused("Choose the outcome that was agreed", field="outcome")
    if not reason:
        raise Refused("Say why: the bidder reads it", field="reason")
    check_day(met_on, opened_on=opened_on, today=today, what="The meeting", field="met_on")
    if not set(took_part) <= set(panel):
        raise Refused("Choose people who are on the panel", field="took_part")
    if len(set(took_part)) < FEWEST:
        raise Refused("Choose everybody who took part, at least two people", field="took_part")


def check_day(day: dt.date, *, opened_on: dt.date, today: dt.date, what: str, field: str) -> None:
    """It was after the opening and is not still to come. Raises `Refused`."""
    if day > today:
        raise Refused(f"{what} cannot be in the future", field=field)
    if day < opened_on:
        raise Refused(f"{what} cannot be before the applications were opened", field=field)
