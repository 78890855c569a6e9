"""A freeze is made, and what came after it stops counting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from audit import steps as audit
from core.steps import step
from evaluation.models import AwardSet, Bid, Evaluation, Freeze, GateRun, QualityResult, ThemeResult
from evaluation.queries.frozen import bids_as_settled
from evaluation.rules import freezing as rules
from evaluation.states import RunState, SetState
from lots.rules.refusals import Refused
from providers.rules.frozen import canonical, sha256_of

AT_ONCE = 2000


@step
def make(*, evaluation: Evaluation, by, at: dt.datetime) -> Freeze:
    """Freeze every bid that is still in as it is settled now: the document with its hash, and what themes and lots come
    to. A few statements, whatever the number of bids. Whoever calls it holds the evaluation. Raises `Refused` where an
    outcome is missing."""
    bids = list(bids_as_settled(evaluation, Bid.objects.filter(evaluation=evaluation).counting()))
    for bid in bids:
        if not bid.result.is_assessed:
            raise Refused(f"Bid {bid.number} has a standard without an outcome, so quality cannot be frozen yet")
    number = 1 + Freeze.objects.filter(evaluation=evaluation).count()
    raw = canonical(
        rules.document(
            evaluation=evaluation.pk,
            framework=evaluation.framework_id,
            number=number,
            at=at,
            by=by.pk,
            quality=evaluation.framework.policies.quality,
            bids=bids,
        )
    )
    freeze = Freeze.objects.create(
        evaluation=evaluation, number=number, at=at, by=by, document=raw.decode(), sha256=sha256_of(raw)
    )
    ThemeResult.objects.bulk_create(
        (
            ThemeResult(freeze=freeze, bid_id=bid.bid, theme_id=theme, lot_id=lot, passed=passed)
            for bid in bids
            for (theme, lot), passed in bid.result.themes.items()
        ),
        batch_size=AT_ONCE,
    )
    QualityResult.objects.bulk_create(
        (
            QualityResult(freeze=freeze, bid_id=bid.bid, lot_id=lot, passed=passed)
            for bid in bids
            for lot, passed in bid.result.lots.items()
        ),
        batch_size=AT_ONCE,
    )
    return freeze


@dataclass(frozen=True)
class Voided:
    """The keys of what stopped counting."""

    runs: tuple[int, ...]
    sets: tuple[int, ...]


@step
def void_later(*, evaluation: Evaluation, reason: str, by, at: dt.datetime) -> Voided:
    """Runs of the price check and sets that wait for approval stop counting, with the reason; they stay to be read. An
    award that was approved is not touched. Whoever calls it holds the evaluation."""
    runs = GateRun.objects.filter(evaluation=evaluation).exclude(state=RunState.VOID)
    sets = AwardSet.objects.filter(evaluation=evaluation, state=SetState.PROPOSED)
    found = Voided(tuple(runs.order_by("pk").values_list("pk", flat=True)), tuple(sets.values_list("pk", flat=True)))
    runs.update(state=RunState.VOID, voided_at=at, void_reason=reason)
    sets.update(state=SetState.VOID, decided_at=at, decided_by=by, decided_note=reason)
    if found.runs or found.sets:
        audit.record(
            "evaluation.freeze.later_voided",
            by=by,
            about=evaluation,
            organisation=evaluation.framework.buyer_id,
            data={"runs": list(found.runs), "sets": list(found.sets)},
            at=at,
        )
    return found
