"""Evaluations for tests, from the freeze to an award set, each from the one before it, made row by row: `frozen`,
`priced`, `run`, `proposed`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from evaluation.models import (
    AwardLine,
    AwardSet,
    BidLot,
    Evaluation,
    Freeze,
    GatePool,
    GateResult,
    GateRun,
    PriceOpening,
    QualityResult,
    Settled,
    ThemeResult,
)
from evaluation.states import Cause, Outcome, RunState, SetState, Stage
from lots.models import PriceLine, Theme
from lots.rules import prices as rules
from providers.models import BidPrice
from tests.evaluation.made import DAY, bids_of, judged


def frozen(made: Evaluation, world, *, fails: Collection[tuple[int, str]] = ()) -> Freeze:
    """Quality frozen by Ada."""
    if not Settled.objects.filter(bid__evaluation=made).exists():
        judged(made, world, fails=fails)
    document = json.dumps({"made": "for a test", "evaluation": made.pk})
    freeze = Freeze.objects.create(
        evaluation=made,
        number=1 + made.freezes.count(),
        at=made.fixed_at + DAY / 3,
        by=world.ada,
        document=document,
        sha256=hashlib.sha256(document.encode()).hexdigest(),
    )
    bad = set(
        Settled.objects.filter(bid__evaluation=made, replaced_at=None, outcome=Outcome.FAIL).values_list(
            "bid", "standard__theme"
        )
    )
    for bid in bids_of(made):
        themes = Theme.objects.filter(version__framework=made.framework)
        ThemeResult.objects.bulk_create(
            ThemeResult(freeze=freeze, bid=bid, theme=theme, passed=(bid.pk, theme.pk) not in bad) for theme in themes
        )
        out = any(pk == bid.pk for pk, _ in bad)
        lots = BidLot.objects.filter(bid=bid).values_list("lot", flat=True).distinct()
        QualityResult.objects.bulk_create(
            QualityResult(freeze=freeze, bid=bid, lot_id=lot, passed=not out) for lot in lots
        )
    made.stage = Stage.FROZEN
    made.save()
    return freeze


def priced(made: Evaluation, world, *, fails: Collection[tuple[int, str]] = ()) -> PriceOpening:
    """Prices opened by Max."""
    freeze = made.freezes.standing().first() or frozen(made, world, fails=fails)
    opening = PriceOpening.objects.create(freeze=freeze, at=freeze.at + DAY / 24, by=world.max, connected="[]")
    made.stage = Stage.PRICES
    made.save()
    return opening


def run(made: Evaluation, world, *, state: RunState = RunState.SIGNED, fails=()) -> GateRun:
    """A run of the price check over what passed quality, one pool for each line; signed by Fay unless told not."""
    opening = PriceOpening.objects.filter(freeze__evaluation=made, freeze__voided_at=None).first()
    opening = opening or priced(made, world, fails=fails)
    at = opening.at + DAY / 24
    done = GateRun.objects.create(
        evaluation=made,
        opening=opening,
        number=1 + made.runs.count(),
        state=state,
        policy="{}",
        asked_at=at,
        asked_by=world.max,
        done_at=at,
        inputs_sha256="1" * 64,
        sha256="2" * 64,
        signed_at=at if state == RunState.SIGNED else None,
        signed_by=world.fay if state == RunState.SIGNED else None,
    )
    margin = made.framework.policies.margin_percent
    passed = set(QualityResult.objects.filter(freeze=opening.freeze, passed=True).values_list("bid", "lot"))
    for line in PriceLine.objects.filter(lot__framework=made.framework, gated="gated").select_related("lot"):
        rows = BidPrice.objects.filter(line=line).select_related("submission__bid").order_by("pk")
        there = {row: 100 * row.pence for row in rows if (row.submission.bid.pk, line.lot_id) in passed}
        if not there:
            continue
        found = rules.limits(there, margin=margin)
        pool = GatePool.objects.create(
            run=done, lot=line.lot, line=line, count=found.count, total=found.total, upper=found.upper, lower=0
        )
        GateResult.objects.bulk_create(
            GateResult(
                run=done,
                pool=pool,
                bid=row.submission.bid,
                price=row,
                pence=row.pence,
                compared=compared,
                counts=True,
                passes=rules.passes(compared, found, margin=margin),
                low=False,
            )
            for row, compared in there.items()
        )
    made.stage = Stage.CHECKED if state == RunState.SIGNED else Stage.PRICES
    made.save()
    return done


def proposed(made: Evaluation, world, *, state: SetState = SetState.PROPOSED, fails=()) -> AwardSet:
    """An award set that Max proposed: everybody who passed both, on every part they bid for. With `state` approved it
    was approved by Fay; places are not given."""
    signed = made.runs.filter(state=RunState.SIGNED).first() or run(made, world, fails=fails)
    at = signed.signed_at + DAY / 24
    decided = state != SetState.PROPOSED
    award = AwardSet.objects.create(
        evaluation=made,
        run=signed,
        number=1 + made.sets.count(),
        state=state,
        standstill=made.standstill,
        sha256="3" * 64,
        proposed_at=at,
        proposed_by=world.max,
        decided_at=at if decided else None,
        decided_by=world.fay if decided else None,
    )
    quality = set(QualityResult.objects.filter(freeze=signed.opening.freeze, passed=True).values_list("bid", "lot"))
    dear = set(GateResult.objects.filter(run=signed, passes=False).values_list("bid", "pool__lot"))
    for part in BidLot.objects.filter(bid__evaluation=made).order_by("pk"):
        key = (part.bid_id, part.lot_id)
        cause = Cause.QUALITY if key not in quality else Cause.PRICE if key in dear else ""
        AwardLine.objects.create(
            award_set=award,
            bid_id=part.bid_id,
            lot_id=part.lot_id,
            sub_lot_id=part.sub_lot_id,
            awarded=not cause,
            cause=cause,
            reason=Cause(cause).label if cause else "",
        )
    if state == SetState.APPROVED:
        made.stage = Stage.AWARDED
        made.save()
    return award
