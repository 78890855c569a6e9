"""Approved awards for tests of letters: `awarded(world, made)` is a set with its places, its letters begun and the
agreements offered; `sent(world, made)` has them made and sent by the jobs."""

from __future__ import annotations

import io
from collections import defaultdict

import pypdfium2
from django.db import transaction

from evaluation.models import AwardSet, Evaluation, Letter
from evaluation.states import LetterKind, SetState
from evaluation.steps import letters as steps
from files import store
from jobs import running
from lots.models import Framework
from lots.rules.awards import Award
from lots.steps import awards
from providers.models import BidPrice
from tests.evaluation.further import proposed


def awarded(world, made: Evaluation, *, fails=()) -> AwardSet:
    """Approved by Fay, places given as bid, waiting for the award notice; nothing is made yet."""
    award_set = proposed(made, world, state=SetState.APPROVED, fails=fails)
    prices = defaultdict(dict)
    for price in BidPrice.objects.filter(submission__bid__evaluation=made).select_related("submission__bid"):
        prices[price.submission.bid.pk, price.lot_id][price.line_id] = price.pence
    lines = list(award_set.lines.filter(awarded=True).select_related("bid").order_by("pk"))
    at = award_set.decided_at
    with transaction.atomic():
        places = awards.give_places(
            framework=Framework.objects.get(pk=made.framework_id),
            given=[
                Award(line.bid.provider_id, line.lot_id, line.sub_lot_id, prices[line.bid_id, line.lot_id])
                for line in lines
            ],
            waits_until=None,
            waits_for_notice=True,
            tell=False,
            by=world.fay,
            at=at,
        )
        for line, place in zip(lines, places, strict=True):
            line.place = place
            line.save()
        steps.begin(award_set=award_set, by=world.fay, at=at)
    return award_set


def sent(world, made: Evaluation, *, fails=()) -> AwardSet:
    """The same, with everything that the jobs do."""
    award_set = awarded(world, made, fails=fails)
    running.sweep()
    return award_set


def of(award_set: AwardSet, number: int, kind: LetterKind) -> Letter:
    """The letter of this kind to the bid of this number."""
    return Letter.objects.select_related("file", "bid").get(award_set=award_set, bid__number=number, kind=kind)


def bytes_of(letter: Letter) -> bytes:
    with store.opened(letter.file.stored_as) as content:
        return content.read()


def text_of(document: bytes) -> str:
    """What a reader of a PDF sees, in one line."""
    opened = pypdfium2.PdfDocument(io.BytesIO(document))
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in opened).split())
    finally:
        opened.close()


def read(award_set: AwardSet, number: int, kind: LetterKind) -> str:
    """The text of a letter that was made."""
    return text_of(bytes_of(of(award_set, number, kind)))
