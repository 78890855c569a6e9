"""What a bidder's own leads read of the evaluation of their application: what is asked of them and what they were sent,
and nothing of how it goes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contracts.models import Contract
from contracts.queries import standing_agreement
from evaluation.models import AwardSet, Bid, Clarification, Letter, LowEnquiry
from evaluation.queries.letters import letters_to
from evaluation.states import BidState, SetState
from lots.models import Place
from lots.states import PlaceState
from providers.models import Application
from providers.models.applications import leads_of
from providers.queries.rounds import opened


@dataclass(frozen=True)
class Asked:
    """A question to the bidder. `name` is the URL on which it is answered, with the `key`."""

    name: str
    key: int
    about: str
    asked_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None

    def is_open(self, at: dt.datetime) -> bool:
        """It can still be answered."""
        return self.answered_at is None and at <= self.due_at


@dataclass(frozen=True)
class Followed:
    """Everything on the page. `awards` are the awards about which the bidder was written to."""

    is_opened: bool
    bid: Bid | None
    asked: list[Asked]
    letters: list[Letter]
    awards: list[AwardSet]
    agreement: Contract | None
    to_accept: int

    @property
    def withdrew(self) -> bool:
        """The bidder said so itself; an exclusion is told in a letter."""
        return self.bid is not None and self.bid.state == BidState.WITHDRAWN


def followed(application: Application, *, user) -> Followed:
    """For whoever leads the bidder, and for nobody else: others get what an unopened round shows. What an award brings
    is there once its letters were sent, for all bidders at the same moment."""
    if application.provider_id not in leads_of(user) or not opened(application.framework_id):
        return Followed(False, None, [], [], [], None, 0)
    bids = Bid.objects.filter(submission__application=application)
    bid = bids.select_related("evaluation").first()
    letters = letters_to([bid.pk], user=user) if bid else []
    awards = AwardSet.objects.filter(
        pk__in={letter.award_set_id for letter in letters}, state=SetState.APPROVED
    ).order_by("-number")
    return Followed(
        is_opened=True,
        bid=bid,
        asked=_asked(bid, user) if bid else [],
        letters=letters,
        awards=list(awards) if letters else [],
        agreement=standing_agreement(application.framework, application.provider_id, user=user) if letters else None,
        to_accept=_to_accept(application) if letters else 0,
    )


def _asked(bid: Bid, user) -> list[Asked]:
    """Questions about standards and about low prices, those that are due first in front."""
    questions = Clarification.objects.visible_to(user).filter(bid=bid)
    prices = LowEnquiry.objects.visible_to(user).filter(bid=bid, replaced_at=None)
    found = [
        Asked(
            "answer_clarification",
            one.pk,
            f"Standard {one.standard.number}: {one.standard.title}",
            one.asked_at,
            one.due_at,
            one.answered_at,
        )
        for one in questions
    ]
    found += [
        Asked(
            "answer_low_price",
            one.pk,
            f"Your price in Lot {one.price.line.lot.number}: {one.price.line.title}",
            one.asked_at,
            one.due_at,
            one.answered_at,
        )
        for one in prices
    ]
    return sorted(found, key=lambda one: (one.answered_at is not None, one.due_at, one.key))


def _to_accept(application: Application) -> int:
    rows = Place.objects.filter(framework=application.framework_id, provider=application.provider_id)
    return rows.filter(state=PlaceState.AWARDED, lot__is_auto=False, told=True).count()
