"""Letters about records on their way from one commissioner to another. They name no pupil."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from accounts.models import Organisation
from core.steps import step
from outbox import steps as outbox
from referrals.models import PupilMove
from referrals.queries.pupils import commissioning_people

# By the state of the move: its subject and what it says of the other side.
OFFERED = ("A pupil’s record is offered to you", "{} offers you the record of a pupil. Accept or decline it.")
ANSWERS = {
    "accepted": ("A pupil’s record was accepted", "{} has accepted the record of a pupil that you offered."),
    "declined": ("A pupil’s record was declined", "{} has declined the record of a pupil that you offered."),
    "withdrawn": ("An offer was taken back", "{} has taken back the record of a pupil that it had offered you."),
}


@step
def tell_offered(*, move: PupilMove, at: dt.datetime) -> None:
    """To whoever commissions on the other side."""
    _tell(move, move.taker, "offered", *OFFERED, other=move.giver, at=at)


@step
def tell_answered(*, move: PupilMove, at: dt.datetime) -> None:
    """To the side that did not just act: the giver of an answer, the taker of an offer taken back."""
    taken_back = move.state == "withdrawn"
    told, other = (move.taker, move.giver) if taken_back else (move.giver, move.taker)
    _tell(move, told, move.state, *ANSWERS[move.state], other=other, at=at)


def _tell(move: PupilMove, told: Organisation, verb: str, subject: str, says: str, *, other, at: dt.datetime) -> None:
    path = reverse("answer_move", args=[move.pk])
    body = f"{says.format(other.name)}\n\nSign in to see it:\n{settings.BASE_URL}{path}\n"
    outbox.post_many(
        [
            outbox.Letter(
                key=f"pupil-move-{verb}:{move.pk}:{pk}", to=address, subject=subject, body=body, organisation=told
            )
            for pk, address in commissioning_people(told)
        ],
        at=at,
    )
