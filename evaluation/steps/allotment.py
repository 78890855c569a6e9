"""Giving judgements out, and taking them over from somebody who leaves or has an interest."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from audit import steps as audit
from core.steps import step
from evaluation.models import Bid, Evaluation, Judgement, Settled
from evaluation.queries.allotment import planned
from evaluation.rules import allotment as rules
from evaluation.rules.allotment import Plan
from evaluation.states import Slot
from lots.rules.refusals import Refused

AT_ONCE = 1000


@step
def give_out(*, evaluation: Evaluation, by, at: dt.datetime) -> int:
    """Give out every judgement that is missing, and say how many: to people who are assigned the standard, have
    declared their interests after the names were known, and have none in that bidder. Twice is harmless. Raises
    `Refused`, naming standards and bids, where fewer than two people are left; then nothing is given out."""
    found = planned(evaluation)
    if found.gaps:
        bids = Bid.objects.filter(evaluation=evaluation).counting().count()
        raise Refused(
            f"Fewer than two people can judge these standards: {rules.in_words(found.gaps, bids)}. Assign somebody "
            "else, or wait until everybody who is assigned has declared their interests again"
        )
    return _write(evaluation, found, by=by, at=at)


@step
def take_over(
    *,
    evaluation: Evaluation,
    person,
    providers: set[int] | None,
    reason: str,
    by,
    at: dt.datetime,
    standards: set[int] | None = None,
) -> int:
    """End this person's judgements and give them out anew; how many ended. Without `providers` those that are not
    locked: somebody leaves. With `providers`, whose bids they may not judge any more, also those that are locked and
    not settled. `standards` narrows it to these. It never refuses: what nobody can take over waits, and counts among
    what is not settled. Whoever calls it has ended the appointment, the assignment or noted the conflict before."""
    mine = Judgement.objects.live().filter(person=person, bid__evaluation=evaluation)
    if standards is not None:
        mine = mine.filter(standard__in=standards)
    if providers is None:
        mine = mine.filter(locked_at=None)
    else:
        stands = Settled.objects.filter(bid=OuterRef("bid"), standard=OuterRef("standard"), replaced_at=None)
        same_lot = Q(lot=OuterRef("lot")) | Q(lot=None)
        mine = mine.filter(~Exists(stands.filter(same_lot)) | Q(locked_at=None), bid__provider__in=providers)
    ended = dict(mine.values_list("pk", "number"))
    if not ended:
        return 0
    _wait_again([pk for pk, number in ended.items() if number == 1])
    Judgement.objects.filter(pk__in=list(ended)).update(ended_at=at, end_reason=reason[:300])
    audit.record(
        "evaluation.judging.taken_over",
        by=by,
        about=evaluation,
        organisation=evaluation.framework.buyer_id,
        data={"person": person.pk, "judgements": len(ended)},
        at=at,
    )
    _write(evaluation, planned(evaluation), by=by, at=at)
    return len(ended)


def _wait_again(firsts: list[int]) -> None:
    """Whoever reads what these decided and has not locked waits for the next first decision."""
    gone = Judgement.objects.filter(
        pk__in=firsts, bid=OuterRef("bid"), standard=OuterRef("standard"), locked_at__isnull=False
    ).filter(Q(lot=OuterRef("lot")) | Q(lot=None))
    readers = Judgement.objects.live().filter(Exists(gone), slot=Slot.READER, locked_at=None)
    readers.update(slot=Slot.LATER)


def _write(evaluation: Evaluation, found: Plan, *, by, at: dt.datetime) -> int:
    made = Judgement.objects.bulk_create(
        (
            Judgement(
                bid_id=one.place.bid,
                standard_id=one.place.standard,
                lot_id=one.place.lot,
                person_id=one.person,
                number=one.number,
                slot=one.slot,
                sampled=one.sampled,
                position=one.place.position,
            )
            for one in found.shares
        ),
        batch_size=AT_ONCE,
    )
    if made:
        audit.record(
            "evaluation.judging.given_out",
            by=by,
            about=evaluation,
            organisation=evaluation.framework.buyer_id,
            data={"judgements": len(made)},
            at=at,
        )
    return len(made)
