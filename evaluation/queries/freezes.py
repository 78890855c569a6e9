"""The freeze of quality for pages and for the parts that follow it."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, User
from core import lists
from evaluation.models import (
    Appeal,
    Appointment,
    AwardSet,
    Bid,
    Conflict,
    Evaluation,
    Freeze,
    GateRun,
    Judgement,
    Meeting,
    PriceOpening,
    QualityResult,
    Settled,
    ThemeResult,
)
from evaluation.models.evaluations import RUNS
from evaluation.queries.frozen import frozen_rows
from evaluation.queries.judging import unsettled_counts
from evaluation.rules.freezing import Open
from evaluation.states import AppealState, BidState, Duty, RunState, SetState, Settlement, Stage
from lots.models import Standard


def standing_freeze(evaluation: Evaluation) -> Freeze | None:
    """The freeze that holds now."""
    return Freeze.objects.standing().filter(evaluation=evaluation).select_related("by", "void_proposed_by").first()


def freezes_of(evaluation: Evaluation) -> list[Freeze]:
    """Every freeze, the last one first, without its document."""
    rows = Freeze.objects.filter(evaluation=evaluation).defer("document")
    return list(rows.select_related("by", "void_proposed_by", "voided_by").order_by("-number"))


def document_of(freeze: Freeze) -> dict:
    """Its document, read; empty where it cannot be."""
    try:
        found = json.loads(freeze.document)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def stale(evaluation: Evaluation) -> list[tuple[Bid, Standard]]:
    """The (bid, standard) whose outcome no longer matches the freeze that holds, after appeals."""
    return stale_since(evaluation)[1]


def stale_since(evaluation: Evaluation) -> tuple[Freeze | None, list[tuple[Bid, Standard]]]:
    """The same with that freeze. Its document is read only where an appeal has changed something; else there is no
    freeze in the answer."""
    changed = list(
        Settled.objects.filter(bid__evaluation=evaluation, replaced_at=None, how=Settlement.APPEAL)
        .select_related("bid", "standard__theme", "lot")
        .order_by("bid__number", "standard", "pk")
    )
    freeze = standing_freeze(evaluation) if changed else None
    if freeze is None:
        return None, []
    then = frozen_rows(document_of(freeze))
    return freeze, [
        (row.bid, row.standard)
        for row in changed
        if then.get((row.bid_id, row.standard_id, row.lot_id), {}).get("outcome") != row.outcome
    ]


def same_unit() -> Q:
    """In a subquery: of the same bid, standard and lot as the row outside. A framework judges quality for each lot, and
    then every row has one, or once for each provider, and then none has."""
    return Q(bid=OuterRef("bid"), standard=OuterRef("standard")) & (Q(lot=OuterRef("lot")) | Q(lot=None))


def open_things(evaluation: Evaluation, *, at: dt.datetime) -> Open:
    """What stands in the way of a freeze at this moment."""
    counts = unsettled_counts(evaluation, at=at)
    return Open(
        unsettled=counts.unsettled,
        differ=counts.differ,
        waiting=counts.waiting,
        without=counts.without,
        clashes=clashing_units(evaluation).count(),
    )


def clashing_judgements(evaluation: Evaluation) -> QuerySet[Judgement]:
    """Locked judgements of somebody with an interest in that bidder that was not mitigated. Whether there is any such
    interest at all is asked first, once: mostly there is none."""
    interests = Conflict.objects.blocking().filter(evaluation=evaluation)
    theirs = interests.filter(person=OuterRef("person"), provider=OuterRef("bid__provider"))
    return Judgement.objects.live().filter(Exists(interests), Exists(theirs), locked_at__isnull=False)


def clashing_units(evaluation: Evaluation) -> QuerySet[Settled]:
    """Outcomes that rest on somebody with such an interest: both agreed, and one of them has it; or it was moderated,
    and who wrote it down or took part has it."""
    interests = Conflict.objects.blocking().filter(evaluation=evaluation)
    of_bidder = interests.filter(provider=OuterRef("bid__provider"))
    took_part = interests.filter(provider=OuterRef("settled__bid__provider"), person=OuterRef("took_part"))
    met = Meeting.objects.filter(Exists(took_part), settled=OuterRef("pk"))
    judged = Exists(clashing_judgements(evaluation).filter(same_unit()))
    decided = Exists(of_bidder.filter(person=OuterRef("by"))) | Exists(met)
    return Settled.objects.filter(
        Exists(interests),
        (Q(how=Settlement.AGREED) & judged) | (Q(how=Settlement.MODERATED) & decided),
        bid__evaluation=evaluation,
        bid__state=BidState.IN,
        replaced_at=None,
    )


@dataclass(frozen=True)
class Cell:
    """What one theme of one bid came to. `failed` names the lots where quality is judged for each."""

    passed: bool
    failed: tuple[str, ...] = ()


@dataclass
class BidResult:
    """A bid's row in the table of results: each theme with its cell, None where the bid was not judged on it, and the
    lots for which it failed where quality is judged for each."""

    bid: Bid
    cells: list[tuple[str, Cell | None]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return all(cell is None or cell.passed for _, cell in self.cells)

    @property
    def failed(self) -> list[str]:
        return sorted({lot for _, cell in self.cells if cell for lot in cell.failed})


@dataclass(frozen=True)
class Results:
    """A page of the table of results: themes in their order, and `BidResult`s."""

    themes: list[str]
    page: lists.Page


def _frozen_for(freeze: Freeze, user) -> QuerySet[Bid]:
    """The bids of a freeze that this person may see."""
    return Bid.objects.visible_to(user).filter(
        Exists(QualityResult.objects.filter(freeze=freeze, bid=OuterRef("pk"))), evaluation=freeze.evaluation_id
    )


def results_of(freeze: Freeze, asked: Mapping, *, user) -> Results:
    """What a freeze says of bids that this person may see, fifty to a page by name. Two queries, and one for the
    count."""
    page = lists.page(_frozen_for(freeze, user), asked, order=["provider_name", "id"])
    found = ThemeResult.objects.filter(freeze=freeze, bid__in=[bid.pk for bid in page.rows])
    found = found.order_by("theme__position", "theme", "lot__position", "lot")
    failed: dict[tuple[int, str], list[str]] = {}
    themes: dict[str, None] = {}
    for bid, number, title, lot, passed in found.values_list(
        "bid", "theme__number", "theme__title", "lot__number", "passed"
    ):
        theme = f"{number} {title}"
        themes[theme] = None
        ones = failed.setdefault((bid, theme), [])
        if not passed:
            ones.append(f"Lot {lot}" if lot else "")
    rows = []
    for bid in page.rows:
        told = [(theme, failed.get((bid.pk, theme))) for theme in themes]
        cells = [(theme, None if ones is None else Cell(not ones, tuple(filter(None, ones)))) for theme, ones in told]
        rows.append(BidResult(bid, cells))
    page.rows[:] = rows
    return Results(list(themes), page)


@dataclass(frozen=True)
class Totals:
    """How many bids passed for every lot, for some and for none, of those that somebody may see."""

    passed: int
    partly: int
    failed: int


def totals_of(freeze: Freeze, *, user) -> Totals:
    """One query; bids that the person may not see are not counted, for a number would tell of them."""
    of = QualityResult.objects.filter(freeze=freeze, bid=OuterRef("pk"))
    rows = (
        _frozen_for(freeze, user)
        .order_by()
        .annotate(some=Exists(of.filter(passed=True)), out=Exists(of.filter(passed=False)))
    )
    found = Counter(rows.values_list("some", "out"))
    return Totals(found[True, False], found[True, True], found[False, True])


def sees_all_of(freeze: Freeze, user) -> bool:
    """May see every bid that is in it: a document cannot be handed out in part, its hash is over the whole."""
    seen = Bid.objects.visible_to(user).order_by().values("pk")
    return not QualityResult.objects.filter(freeze=freeze).exclude(bid__in=seen).exists()


@dataclass(frozen=True)
class Void:
    """What an unfreezing would make void, and who has seen prices behind it."""

    runs: list[GateRun]
    sets: list[AwardSet]
    awards: list[AwardSet]
    opening: PriceOpening | None
    could_see: list[User]


def would_be_void(evaluation: Evaluation, freeze: Freeze) -> Void:
    """What stops counting when this freeze is undone; awards that were approved stand."""
    opening = PriceOpening.objects.filter(freeze=freeze).select_related("by").first()
    sets = AwardSet.objects.filter(evaluation=evaluation).select_related("proposed_by", "decided_by").order_by("number")
    return Void(
        runs=list(GateRun.objects.filter(evaluation=evaluation).exclude(state=RunState.VOID).order_by("number")),
        sets=[one for one in sets if one.state == SetState.PROPOSED],
        awards=[one for one in sets if one.state == SetState.APPROVED],
        opening=opening,
        could_see=_could_see_prices(evaluation, opening) if opening else [],
    )


def _could_see_prices(evaluation: Evaluation, opening: PriceOpening) -> list[User]:
    """Whoever opened the prices; everybody with a duty since, and whoever runs the evaluation, as
    `duties.can_see_prices` says: those who judge or moderate only once an award was approved."""
    held = Appointment.objects.filter(Q(ended_at=None) | Q(ended_at__gt=opening.at), evaluation=evaluation)
    runs = Membership.objects.live().filter(organisation=evaluation.framework.buyer_id, role__in=RUNS)
    people = Q(pk__in=held.values("person")) | Q(pk__in=runs.values("user"))
    if evaluation.stage != Stage.AWARDED:
        people &= ~Q(pk__in=held.filter(duty__in=[Duty.EVALUATOR, Duty.MODERATOR]).values("person"))
    return list(User.objects.filter(Q(pk=opening.by_id) | people).order_by("name", "pk"))


def waiting_appeals(evaluation: Evaluation, *, user) -> int:
    """Appeals that nobody has decided, of bids that this person may see."""
    return Appeal.objects.visible_to(user).filter(bid__evaluation=evaluation, state=AppealState.RECEIVED).count()
