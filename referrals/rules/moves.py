"""A pupil's record goes from one commissioner to another."""

from __future__ import annotations

import datetime as dt

from lots.rules.refusals import Refused
from referrals.rules.outline import Names, telling
from referrals.states import MOVE_MOVES, MoveState

CLOSED_BECAUSE = "The pupil’s record went to another commissioner"


def check_move(state: str, to: MoveState) -> None:
    """Raise `Refused` where the move has been answered or taken back."""
    if to not in MOVE_MOVES[MoveState(state)]:
        said = {
            MoveState.ACCEPTED: "has been accepted",
            MoveState.DECLINED: "has been declined",
            MoveState.WITHDRAWN: "has been taken back",
        }[MoveState(state)]
        raise Refused(f"This {said} already. Nothing was changed")


def check_taker(*, giver: int, taker: int, may_commission: bool, is_open: bool, people: int) -> None:
    """Another school, trust or council, with somebody who could answer. Raises `Refused`."""
    if giver == taker:
        raise Refused("The record is there already. Choose another school, trust or council", field="taker")
    if not may_commission or not is_open:
        raise Refused("Choose a school, trust or council that is open", field="taker")
    if not people:
        raise Refused(
            "Nobody there uses this portal yet, so nobody could accept the record. Ask them to sign up first",
            field="taker",
        )


def check_reason(reason: str, names: Names) -> None:
    """The other side reads the reason before it accepts, so it names nobody. Raises `Refused`."""
    if said := telling(reason, names):
        raise Refused(
            f"The other side reads this before it accepts. Take out what tells who the pupil is: “{said}”",
            field="reason",
        )


def initials(first_names: str, last_name: str) -> str:
    """All that the other side is shown of a name before it accepts."""
    return f"{first_names[:1]}{last_name[:1]}".upper()


def shown_before(first_names: str, last_name: str, born_on: dt.date) -> str:
    """What a move says of the pupil: initials and the year of birth, before the answer and after it."""
    return f"{initials(first_names, last_name)}, born {born_on.year}"
