"""The outcome of a standard comes to stand: by two people who agree, by moderation, by an appeal, or because it was
never asked of that bidder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from audit import steps as audit
from core.steps import step
from evaluation.models import BidLot, Judgement, Settled
from evaluation.rules.allotment import slot_of
from evaluation.states import Outcome, Settlement, Slot
from lots.states import QualityScope

AT_ONCE = 500


@step
def settle(*, bid, standard_id, lot_id, outcome, how, reason, by, at: dt.datetime) -> Settled:
    """Let an outcome stand in place of the one that stood, which is kept. Whoever calls it holds the bid's row. `by` is
    kept with it for moderation and appeals; where two people agreed, both are named by their judgements."""
    _standing(bid.pk, standard_id, lot_id).update(replaced_at=at)
    decided = how in {Settlement.MODERATED, Settlement.APPEAL}
    made = Settled.objects.create(
        bid=bid,
        standard_id=standard_id,
        lot_id=lot_id,
        outcome=outcome,
        how=how,
        reason=reason,
        at=at,
        by=by if decided else None,
    )
    audit.record(
        "evaluation.standard.settled",
        by=by,
        about=made,
        organisation=bid.evaluation.framework.buyer_id,
        data={"bid": bid.pk, "standard": standard_id, "lot": lot_id},
        at=at,
    )
    return made


@step
def note_not_asked(*, evaluation, rows: Iterable[tuple[int, int]], by, at: dt.datetime) -> int:
    """Standards that were not asked of a bidder need no judges: `rows` are (bid, standard), as the opened documents
    say. How many outcomes stand by it. What stands already stays, so twice is harmless."""
    per_lot = evaluation.framework.policies.quality == QualityScope.LOT
    lots: dict[int, list[int | None]] = {}
    if per_lot:
        pairs = BidLot.objects.filter(bid__evaluation=evaluation).order_by("lot").values_list("bid", "lot").distinct()
        for bid, lot in pairs:
            lots.setdefault(bid, []).append(lot)
    there = Settled.objects.filter(bid__evaluation=evaluation, replaced_at=None)
    stands = set(there.values_list("bid", "standard", "lot"))
    wanted = [(bid, standard, lot) for bid, standard in rows for lot in (lots.get(bid, []) if per_lot else [None])]
    made = Settled.objects.bulk_create(
        (
            Settled(
                bid_id=bid,
                standard_id=standard,
                lot_id=lot,
                outcome=Outcome.NOT_APPLICABLE,
                how=Settlement.NOT_ASKED,
                at=at,
            )
            for bid, standard, lot in wanted
            if (bid, standard, lot) not in stands
        ),
        batch_size=AT_ONCE,
    )
    if made:
        audit.record(
            "evaluation.standard.not_asked",
            by=by,
            about=evaluation,
            organisation=evaluation.framework.buyer_id,
            data={"outcomes": len(made)},
            at=at,
        )
    return len(made)


@step
def after_lock(*, judgement: Judgement, by, at: dt.datetime) -> Settled | None:
    """What follows from a judgement that was just locked: a second person who waited for it is asked, and where both
    have locked the same it stands. Where they differ nothing happens: a moderator finds it. What stands already is
    never written over. Whoever calls it holds the bid's row."""
    other = (
        Judgement.objects.live()
        .filter(bid=judgement.bid_id, standard=judgement.standard_id, lot=judgement.lot_id)
        .exclude(pk=judgement.pk)
        .first()
    )
    if other is None:
        return None
    if other.slot == Slot.LATER:
        other.slot = slot_of(2, two_blind=False, sampled=other.sampled, first=judgement.outcome)
        other.save(update_fields=["slot"])
    if other.locked_at is None or other.outcome != judgement.outcome:
        return None
    if _standing(judgement.bid_id, judgement.standard_id, judgement.lot_id).exists():
        return None
    return settle(
        bid=judgement.bid,
        standard_id=judgement.standard_id,
        lot_id=judgement.lot_id,
        outcome=judgement.outcome,
        how=Settlement.AGREED,
        reason="",
        by=by,
        at=at,
    )


def _standing(bid_id: int, standard_id: int, lot_id: int | None):
    return Settled.objects.filter(bid=bid_id, standard=standard_id, lot=lot_id, replaced_at=None)
