"""What pages and files show of awards, as far as somebody meets the bids in them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from evaluation.models import AwardLine, AwardSet, Bid, Evaluation, Letter, QualityResult, Reversal
from evaluation.queries.awards import Case, limits_of
from evaluation.queries.gate import flags_of
from evaluation.queries.prices import with_current
from evaluation.rules.awards import Limits
from evaluation.rules.gate import KINDS
from evaluation.states import Cause, LetterKind, SetState
from lots.models import Lot
from lots.queries.places import standing_keys
from lots.rules.places import label
from lots.rules.refusals import Refused
from providers.models import BidPrice

CHUNK = 500
# Who was disregarded before the assessment is given no assessment summary (Procurement Act 2023, s.50(5)).
NOT_ASSESSED = (Cause.WITHDRAWN, Cause.EXCLUDED, Cause.UNREADABLE)


def sets_of(evaluation: Evaluation, *, sees_prices: bool) -> list[AwardSet]:
    """The awards of an evaluation, newest first, each with `given`, how many places it says; without `sees_prices`
    those that were approved alone."""
    rows = AwardSet.objects.filter(evaluation=evaluation)
    if not sees_prices:
        rows = rows.filter(state=SetState.APPROVED)
    rows = rows.annotate(given=Count("lines", filter=Q(lines__awarded=True)))
    return list(rows.select_related("proposed_by", "decided_by").order_by("-number"))


def lines_seen(award_set: AwardSet, *, user) -> QuerySet[AwardLine]:
    """The lines of a set about bids that this person meets."""
    bids = Bid.objects.visible_to(user).filter(evaluation=award_set.evaluation_id).order_by().values("pk")
    return AwardLine.objects.filter(award_set=award_set, bid__in=bids)


def listed(lines: QuerySet[AwardLine]) -> QuerySet[AwardLine]:
    """With what a list shows of each line: `asked_back` is the key of a decision to take it back, `taken_back_at` when
    it was done; `gets` and `asks` are how many parts its bidder is awarded in this set and bid for."""
    own = AwardLine.objects.filter(award_set=OuterRef("award_set"), bid=OuterRef("bid")).order_by().values("bid")
    return lines.select_related("bid", "lot", "sub_lot").annotate(
        asked_back=F("reversal__pk"),
        taken_back_at=F("reversal__done_at"),
        gets=Coalesce(Subquery(own.filter(awarded=True).annotate(n=Count("pk")).values("n")), 0),
        asks=Subquery(own.annotate(n=Count("pk")).values("n")),
    )


def with_prices(rows: Iterable[AwardLine], award_set: AwardSet) -> list[AwardLine]:
    """The same lines, each with `label` (its lot and part) and `prices`, (title of the line, pence) as they stand: one
    query for all of them."""
    rows = list(rows)
    found = BidPrice.objects.filter(submission__bid__in={row.bid_id for row in rows})
    names = ["submission__bid", "lot_id", "sub_lot_id", "line__title", "now_pence"]
    prices: dict[tuple, list] = defaultdict(list)
    for bid, lot, part, title, pence in with_current(found).order_by("line__position", "line").values_list(*names):
        prices[bid, lot, part].append((title, pence))
    for row in rows:
        row.label = label(row.lot.number, row.sub_lot.letter if row.sub_lot else None)
        whole = prices.get((row.bid_id, row.lot_id, None), [])
        own = prices.get((row.bid_id, row.lot_id, row.sub_lot_id), []) if row.sub_lot_id else []
        row.prices = whole + own
    return rows


@dataclass
class Total:
    """What a set says of one lot: bidders, places, and how many parts were not awarded for which cause."""

    lot: int
    number: str
    title: str
    places: int = 0
    causes: dict[str, int] = field(default_factory=dict)

    @property
    def not_awarded(self) -> int:
        return sum(self.causes.values())

    @property
    def why(self) -> list[tuple[str, int]]:
        """The causes in words, each with its number."""
        return [(Cause(cause).label, count) for cause, count in sorted(self.causes.items())]


def totals_of(lines: QuerySet[AwardLine]) -> list[Total]:
    """By lot, in their order: one query."""
    names = ["lot", "lot__number", "lot__title", "cause"]
    found: dict[int, Total] = {}
    rows = lines.order_by("lot__position", "lot", "cause").values_list(*names).annotate(count=Count("pk"))
    for lot, number, title, cause, count in rows:
        total = found.setdefault(lot, Total(lot, number, title))
        if cause:
            total.causes[cause] = count
        else:
            total.places = count
    return list(found.values())


def streamed(lines: QuerySet[AwardLine], award_set: AwardSet) -> Iterator[AwardLine]:
    """All lines from the first to the last, a few hundred at a time."""
    rows = listed(lines).order_by("lot__position", "lot", "bid__provider_name", "pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from with_prices(chunk, award_set)


@dataclass(frozen=True)
class Figures:
    """What somebody looks at before they approve: bids, bids that passed quality and price on some part, places, the
    providers that are on the framework and that would be, each limit, places that come with the others, and what was
    pointed out in the price check and acknowledged when it was signed."""

    bids: int
    quality: int
    price: int
    places: int
    on: int
    then: int
    limits: Limits
    most_lots: int
    along: int
    flags: list[str]


_BEFORE_PRICE = {Cause.WITHDRAWN, Cause.EXCLUDED, Cause.UNREADABLE, Cause.TAKEN_BACK, Cause.INCOMPLETE, Cause.QUALITY}
_ON_PRICE = {Cause.PRICE, Cause.LOW_PRICE}


def figures_of(evaluation: Evaluation, run, case: Case) -> Figures:
    """Counted over the whole of what was worked out."""
    passed = {line.bid for line in case.lines if line.cause not in _BEFORE_PRICE | _ON_PRICE}
    coming = {case.providers[line.bid] for line in case.lines if line.awarded}
    there = {key[0] for key in case.standing}
    held = defaultdict(set)
    wanted = [(case.providers[line.bid], line.lot, line.sub_lot) for line in case.lines if line.awarded]
    for provider, lot, part in [*case.standing, *wanted]:
        held[provider].add(case.limits.unit(lot, part))
    framework = evaluation.framework
    autos = Lot.objects.filter(framework=framework, is_auto=True).count() if framework.policies.auto_places else 0
    quality = QualityResult.objects.filter(freeze=run.opening.freeze_id, passed=True)
    return Figures(
        bids=len(case.providers),
        quality=quality.aggregate(count=Count("bid", distinct=True))["count"],
        price=len(passed),
        places=len(wanted),
        on=len(there),
        then=len(there | coming),
        limits=case.limits,
        most_lots=max((len(lots) for lots in held.values()), default=0),
        along=autos * len(coming - there),
        flags=[KINDS[kind] for kind in dict.fromkeys(flag.kind for flag in flags_of(run))],
    )


@dataclass(frozen=True)
class Candidate:
    """A bid that passed and would come on, as the published rule is applied to it."""

    number: int
    name: str
    lots: str
    is_on: bool


def candidates_of(evaluation: Evaluation, case: Case) -> list[Candidate]:
    """Everybody who passed somewhere, by name: over a limit the rule is applied to all of them alike."""
    numbers = dict(Lot.objects.filter(framework=evaluation.framework_id).values_list("pk", "number"))
    lots = defaultdict(list)
    for line in case.lines:
        if line.awarded and numbers[line.lot] not in lots[line.bid]:
            lots[line.bid].append(numbers[line.lot])
    on = {key[0] for key in case.standing}
    rows = [
        Candidate(case.numbers[bid], case.names[bid], ", ".join(named), case.providers[bid] in on)
        for bid, named in lots.items()
    ]
    return sorted(rows, key=lambda one: (one.name, one.number))


def left_out_keys(
    evaluation: Evaluation, typed: dict[tuple[int, str | None], str]
) -> dict[tuple[int, int | None], str]:
    """What was typed by the numbers of bids and lots, by their keys. Raises `Refused` for a number that is nobody's."""
    if not typed:
        return {}
    bids = dict(Bid.objects.filter(evaluation=evaluation).values_list("number", "pk"))
    lots = dict(Lot.objects.filter(framework=evaluation.framework_id).values_list("number", "pk"))
    found = {}
    for (bid, lot), reason in typed.items():
        if bid not in bids:
            raise Refused(f"There is no bid {bid} in this evaluation", field="left_out")
        if lot is not None and lot not in lots:
            raise Refused(f"There is no lot {lot} on this framework", field="left_out")
        found[bids[bid], lots[lot] if lot is not None else None] = reason
    return found


def standing_limits(evaluation: Evaluation) -> tuple[Limits, int]:
    """The limits as they stand, and how many providers are on the framework."""
    return limits_of(evaluation), len({key[0] for key in standing_keys(evaluation.framework)})


def summaries_of(award_set: AwardSet) -> tuple[dt.date | None, int]:
    """The day on which the last assessment summary of this award was sent, and how many were not. Where no letters were
    begun nobody who was assessed has one."""
    rows = Letter.objects.filter(award_set=award_set, kind=LetterKind.SUMMARY)
    found = rows.aggregate(all=Count("pk"), sent=Count("sent_at"), last=Max("sent_at"))
    if not found["all"]:
        assessed = award_set.lines.exclude(cause__in=NOT_ASSESSED)
        return None, assessed.aggregate(count=Count("bid", distinct=True))["count"]
    return found["last"] and timezone.localdate(found["last"]), found["all"] - found["sent"]


def reversals_of(evaluation: Evaluation, *, user) -> list[Reversal]:
    """Awards that somebody asked to take back and nobody has answered."""
    rows = Reversal.objects.visible_to(user).filter(line__award_set__evaluation=evaluation, done_at=None)
    return list(rows.order_by("pk"))
