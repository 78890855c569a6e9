"""Everything that an award is worked out from: a few queries, whatever the number of bids."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Organisation
from evaluation.models import (
    AwardLine,
    AwardSet,
    Bid,
    BidLot,
    Evaluation,
    GateResult,
    GateRun,
    QualityResult,
    ThemeResult,
)
from evaluation.queries.cover import all_lapsed
from evaluation.queries.gate import lost_in, policy_of
from evaluation.queries.prices import current
from evaluation.rules import awards as rules
from evaluation.rules import gate
from evaluation.rules.awards import Key, Known, Limits, Line, Part
from evaluation.states import SetState
from lots.models import Place, PriceLine, Suspension
from lots.queries.places import standing_keys
from lots.states import Cause as Held
from lots.states import FailCosts


@dataclass(frozen=True)
class Case:
    """What an award is worked out from, and what comes of it. `providers` and `names` are by bid; `closed` are bids
    whose provider is no longer open on the portal; `unassessed` those of which a lot has no result of quality: no line
    is drawn for them. `standing` are (provider, lot, part) of places that have not ended."""

    lines: list[Line]
    providers: dict[int, int]
    names: dict[int, str]
    numbers: dict[int, int]
    closed: frozenset[int]
    unassessed: tuple[int, ...]
    standing: list[tuple[int, int, int | None]]
    limits: Limits

    @property
    def firms(self) -> dict[int, str]:
        """Names by provider."""
        return {provider: self.names[bid] for bid, provider in self.providers.items()}


def limits_of(evaluation: Evaluation) -> Limits:
    """What limits its framework at this moment."""
    framework = evaluation.framework
    policies = framework.policies
    return Limits(framework.max_participants, framework.max_lots, policies.lot_limit, policies.over_limit_rule)


def case_of(
    evaluation: Evaluation,
    run: GateRun,
    *,
    today: dt.date,
    left_out: Mapping[tuple[int, int | None], str] | None = None,
) -> Case:
    """Work an award out: of all bids alike, whoever looks. A part that an earlier award gave is not decided again,
    whatever became of the place, unless that award was taken back; nor is one on which the provider has a place."""
    bids = list(Bid.objects.filter(evaluation=evaluation).order_by("pk"))
    providers = {bid.pk: bid.provider_id for bid in bids}
    standing = standing_keys(evaluation.framework)
    given, taken_back = _earlier(evaluation)
    there = set(standing)
    parts = [
        part
        for part in _parts(evaluation)
        if part.key not in given and (providers[part.bid], part.lot, part.sub_lot) not in there
    ]
    quality = dict(_quality(run))
    states = {bid.pk: bid.state for bid in bids}
    unassessed = rules.unassessed(parts, states, quality)
    parts = [part for part in parts if part.bid not in set(unassessed)]
    excluded = _excluded(evaluation)
    known = Known(
        states=states,
        quality=quality,
        failed=_failed_themes(run, parts),
        excluded={bid.pk for bid in bids if bid.provider_id in excluded},
        lapsed=all_lapsed(evaluation, today=today),
        taken_back=taken_back,
        left_out=left_out or {},
        **_prices(evaluation, run, parts, quality),
    )
    firms = Organisation.objects.filter(pk__in=Bid.objects.filter(evaluation=evaluation).values("provider"))
    closed = set(firms.filter(is_open=False).values_list("pk", flat=True))
    return Case(
        lines=rules.lines(parts, known),
        providers=providers,
        names={bid.pk: bid.provider_name for bid in bids},
        numbers={bid.pk: bid.number for bid in bids},
        closed=frozenset(pk for pk, provider in providers.items() if provider in closed),
        unassessed=tuple(unassessed),
        standing=standing,
        limits=limits_of(evaluation),
    )


def _parts(evaluation: Evaluation) -> list[Part]:
    rows = BidLot.objects.filter(bid__evaluation=evaluation).order_by()
    return [Part(*row) for row in rows.values_list("bid", "lot", "sub_lot", "complete", "missing")]


def _earlier(evaluation: Evaluation) -> tuple[set[Key], set[Key]]:
    """The parts that awards gave before, and those of them that were taken back and not given again."""
    rows = AwardLine.objects.filter(
        award_set__evaluation=evaluation, award_set__state=SetState.APPROVED, awarded=True
    ).order_by("award_set__number")
    stands, back = set(), set()
    for bid, lot, part, taken_back in rows.values_list("bid", "lot", "sub_lot", "reversal__done_at"):
        (back if taken_back else stands).add((bid, lot, part))
    return stands, back - stands


def _quality(run: GateRun) -> Iterable[tuple[tuple[int, int], bool]]:
    rows = QualityResult.objects.filter(freeze=run.opening.freeze_id)
    return (((bid, lot), passed) for bid, lot, passed in rows.values_list("bid", "lot", "passed"))


def _failed_themes(run: GateRun, parts: Collection[Part]) -> dict[tuple[int, int], tuple[str, ...]]:
    """The failed themes of each bid and lot: where quality is judged once, those of the bid for every lot."""
    rows = ThemeResult.objects.filter(freeze=run.opening.freeze_id, passed=False)
    rows = rows.order_by("theme__position", "theme").values_list("bid", "lot", "theme__number", "theme__title")
    failed: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    for bid, lot, number, title in rows:
        failed[bid, lot].append(f"{number} {title}")
    named = {(part.bid, part.lot): failed[part.bid, None] + failed[part.bid, part.lot] for part in parts}
    return {key: tuple(titles) for key, titles in named.items() if titles}


def _excluded(evaluation: Evaluation) -> set[int]:
    """Providers that the buyer has suspended on a ground for exclusion, and not lifted."""
    rows = Suspension.objects.in_force().filter(buyer=evaluation.framework.buyer_id, cause=Held.EXCLUSION)
    return set(rows.values_list("provider", flat=True))


def _prices(evaluation: Evaluation, run: GateRun, parts: Collection[Part], quality: Mapping) -> dict:
    """What the price check costs, and the prices of each part: those of its lot, and its own. Where a price that fails
    costs its line alone, the place goes without it; a line that must be priced takes the part with it."""
    out = {key for key, passed in quality.items() if not passed}
    complete = {(part.bid, part.lot) for part in parts if part.complete}
    lost = lost_in(run, out=out | {(part.bid, part.lot) for part in parts} - complete)
    bad = GateResult.objects.filter(run=run, passes=False).select_related("pool__line")
    failed: dict[Key, dict[int, str]] = defaultdict(dict)
    low = set()
    for one in bad:
        if one.counts:
            failed[one.bid_id, one.pool.lot_id, one.pool.sub_lot_id][one.pool.line_id] = one.pool.line.title
        else:
            low.add((one.bid_id, one.pool.lot_id))
    line_only = policy_of(run).fail_costs == FailCosts.LINE
    required, titles = _required(evaluation)
    bid_prices = current(evaluation)
    dear, unpriced, prices = {}, {}, {}
    for part in parts:
        own = bid_prices.get(part.bid, {})
        offered = own.get((part.lot, None), {}) | own.get((part.lot, part.sub_lot), {})
        outside = failed.get((part.bid, part.lot, None), {}) | failed.get(part.key, {})
        if missing := required[part.lot] - offered.keys():
            unpriced[part.key] = tuple(titles[line] for line in sorted(missing))
        if outside and (gate.is_lost(lost, *part.key) or required[part.lot] & outside.keys()):
            dear[part.key] = tuple(title for _, title in sorted(outside.items()))
        prices[part.key] = (
            {line: pence for line, pence in offered.items() if line not in outside} if line_only else offered
        )
    return {"low": low, "lost": lost, "dear": dear, "unpriced": unpriced, "prices": prices}


def _required(evaluation: Evaluation) -> tuple[dict[int, set[int]], dict[int, str]]:
    """The lines that must be priced, by lot, and what they are called."""
    required, titles = defaultdict(set), {}
    rows = PriceLine.objects.filter(lot__framework=evaluation.framework_id, required=True)
    for pk, lot, title in rows.values_list("pk", "lot", "title"):
        required[lot].add(pk)
        titles[pk] = title
    return required, titles


def lines_of(award_set: AwardSet) -> list[Line]:
    """What a set says, as it was drawn up, without prices."""
    rows = AwardLine.objects.filter(award_set=award_set).order_by("bid", "lot", "sub_lot")
    return [Line(*row) for row in rows.values_list("bid", "lot", "sub_lot", "cause", "reason")]


def holds_award(bid: Bid) -> bool:
    """An approved award gave this bidder a place that has not ended."""
    return Place.objects.standing().filter(award_line__bid=bid).exists()


def hidden_from(user, evaluation: Evaluation) -> int:
    """How many of the bids this person does not meet: they have an interest, or have not declared."""
    seen = Bid.objects.visible_to(user).order_by().values("pk")
    return Bid.objects.filter(evaluation=evaluation).exclude(pk__in=seen).count()
