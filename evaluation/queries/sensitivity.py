"""What the table of other rules is worked out from: every price as it stands now, row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from evaluation.models import BidLot, GateRun, LowEnquiry, QualityResult
from evaluation.queries.gate import policy_of
from evaluation.queries.prices import with_current
from evaluation.rules.gate import Place, Policy, Price
from evaluation.rules.sensitivity import MOST_PRICES
from evaluation.states import BidState, LowDecision
from lots.states import Gated
from providers.models import BidPrice


@dataclass(frozen=True)
class Inputs:
    """Every price of a gated line, and every place that quality has not cost."""

    policy: Policy
    prices: list[Price]
    places: list[Place]


def all_inputs(run: GateRun) -> Inputs | None:
    """Four queries. None where there are more prices than somebody waits for."""
    evaluation, freeze = run.evaluation_id, run.opening.freeze_id
    rows = BidPrice.objects.filter(
        submission__bid__evaluation=evaluation, submission__bid__state=BidState.IN, line__gated=Gated.GATED
    )
    fields = ("pk", "submission__bid", "lot_id", "line_id", "sub_lot_id", "now_pence", "vat")
    found = list(with_current(rows).order_by("pk").values_list(*fields)[: MOST_PRICES + 1])
    if len(found) > MOST_PRICES:
        return None
    passed = set(QualityResult.objects.filter(freeze=freeze, passed=True).values_list("bid", "lot"))
    decided = LowEnquiry.objects.filter(bid__evaluation=evaluation, replaced_at=None)
    out = set(decided.filter(decision=LowDecision.DISREGARD).values_list("bid", "price__lot"))
    parts: dict[tuple[int, int], list[int | None]] = defaultdict(list)
    made = BidLot.objects.filter(bid__evaluation=evaluation, bid__state=BidState.IN, complete=True)
    for bid, lot, part in made.order_by("bid", "lot", "sub_lot").values_list("bid", "lot", "sub_lot"):
        parts[bid, lot].append(part)
    prices = []
    for pk, bid, lot, line, part, pence, vat in found:
        there = parts.get((bid, lot), [])
        takes_part = (bid, lot) in passed and bool(there)
        own = tuple(one for one in there if one is not None)
        prices.append(Price(pk, bid, lot, line, part, pence, vat, takes_part, (bid, lot) in out, own))
    places = [(bid, lot, part) for (bid, lot), every in parts.items() if (bid, lot) in passed for part in every]
    return Inputs(policy_of(run), prices, places)
