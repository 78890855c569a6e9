"""The opening of an evaluation: what was sealed becomes bids, numbered by lot, with the parts that they are for."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db.models import F

from accounts.models import User
from core.steps import step
from evaluation.models import Bid, BidLot, Evaluation
from evaluation.rules import opening as rules
from evaluation.rules.interests import telling
from evaluation.states import BidState
from evaluation.steps import interests
from providers.models import Submission
from providers.steps.opening import Opened

_AT_ONCE = 500
BROKEN = "Its seal or its hash did not hold at the opening, so nothing of it can be read."


@step
def make_bids(*, evaluation: Evaluation, opened: Opened, at: dt.datetime) -> list[Bid]:
    """A bid for every submission that stood, in an order drawn by lot; one that could not be read is there by its name.
    Its parts are those of the frozen document. Returns them in their order."""
    standing = list(
        Submission.objects.filter(application__framework=evaluation.framework, application__standing=F("pk"))
        .select_related("application__provider")
        .order_by("pk")
    )
    secrets.SystemRandom().shuffle(standing)
    bids = Bid.objects.bulk_create(
        [_bid(evaluation, number, one, opened, at) for number, one in enumerate(standing, start=1)],
        batch_size=_AT_ONCE,
    )
    BidLot.objects.bulk_create(
        [
            BidLot(bid=bid, lot_id=lot, sub_lot_id=part, complete=complete, missing=missing)
            for bid in bids
            if bid.submission_id in opened.documents
            for lot, part, complete, missing in rules.parts_of(opened.documents[bid.submission_id])
        ],
        batch_size=_AT_ONCE,
    )
    return bids


@step
def find_interests(*, evaluation: Evaluation, bids: list[Bid], opened: Opened, by, at: dt.datetime) -> int:
    """Look for interests of everybody who belongs to the buyer, once, while the documents are read: who is appointed
    later is kept away just so. Returns how many are new."""
    told = [
        telling(bid.provider_id, opened.documents[bid.submission_id])
        for bid in bids
        if bid.submission_id in opened.documents
    ]
    buyer = evaluation.framework.buyer_id
    people = User.objects.filter(memberships__organisation=buyer, memberships__ended_at=None, is_active=True).distinct()
    return interests.find(evaluation=evaluation, people=list(people), by=by, at=at, told=told)


def _bid(evaluation: Evaluation, number: int, submission: Submission, opened: Opened, at: dt.datetime) -> Bid:
    provider = submission.application.provider
    reads = submission.pk in opened.documents
    return Bid(
        evaluation=evaluation,
        provider=provider,
        provider_name=provider.name,
        submission=submission,
        number=number,
        sha256=submission.sha256,
        state=BidState.IN if reads else BidState.UNREADABLE,
        state_reason="" if reads else BROKEN,
        state_at=None if reads else at,
    )
