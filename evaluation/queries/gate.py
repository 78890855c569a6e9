"""Runs of the price check, and what they found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluation.models import Bid, GatePool, GateResult, GateRun, LowEnquiry
from evaluation.queries import gate_sql
from evaluation.rules import connected
from evaluation.rules import gate as rules
from evaluation.rules.gate import Flag, Place, Policy, Price
from evaluation.rules.hashes import Sums, input_row
from evaluation.states import LowDecision, RunState
from jobs.models import Job
from lots.rules.price_lines import FEWEST
from lots.states import FailCosts
from providers.models import BidPrice

KIND = "evaluation.run_prices"  # the task's name in settings.JOBS


def signed_run(evaluation) -> GateRun | None:
    """The run that stands, signed; None while there is none."""
    return GateRun.objects.filter(evaluation=evaluation, state=RunState.SIGNED).first()


def policy_of(run: GateRun) -> Policy:
    """The rules that a run followed."""
    return Policy.read(run.policy)


def results_of(run: GateRun, bids: Iterable[int] | None = None) -> list[GateResult]:
    """Every result with its pool, or those of these bids (keys), in the order of price rows."""
    rows = GateResult.objects.filter(run=run).select_related("pool").order_by("price_id")
    if bids is not None:
        rows = rows.filter(bid__in=list(bids))
    return list(rows)


def lost_in(run: GateRun, *, out=()) -> set[Place]:
    """What prices cost their bidders in this run (`evaluation.rules.gate.lost`, `is_lost`). Only results that fail or
    do not count are read, and where a line alone is lost all of them."""
    policy = policy_of(run)
    rows = GateResult.objects.filter(run=run).select_related("pool")
    if policy.fail_costs != FailCosts.LINE:
        rows = rows.filter(passes=False)
    return rules.lost(rows, policy, out=out)


def run_of(pk: int) -> GateRun:
    """The run of a task, of whomever."""
    return GateRun.objects.get(pk=pk)


def latest_run(evaluation) -> GateRun | None:
    """The newest run, whatever its state."""
    return GateRun.objects.filter(evaluation=evaluation).order_by("-number").first()


def all_prices_of(run: GateRun) -> int:
    """How many prices there are in its evaluation, before it is worked out."""
    return BidPrice.objects.filter(submission__bid__evaluation=run.evaluation_id).count()


def runs_of(evaluation) -> list[GateRun]:
    """Every run, newest first, with who asked and signed."""
    rows = GateRun.objects.filter(evaluation=evaluation).select_related("asked_by", "signed_by")
    return list(rows.order_by("-number"))


def job_of(run: GateRun) -> Job | None:
    """The task that works it out."""
    return Job.objects.filter(kind=KIND, about_id=run.pk).order_by("-pk").first()


def is_being_worked_out(run: GateRun) -> bool:
    """It waits for a worker, or one is at it. A run whose task ended without a result is not."""
    job = job_of(run) if run.state == RunState.RUNNING else None
    return job is not None and not job.is_over


def all_undecided_in(run: GateRun) -> QuerySet[GateResult]:
    """Unusually low prices of a run that nobody has decided to count."""
    decided = LowEnquiry.objects.filter(price=OuterRef("price_id"), replaced_at=None, decision=LowDecision.KEEP)
    return GateResult.objects.filter(run=run, low=True).exclude(Exists(decided))


def flags_of(run: GateRun) -> list[Flag]:
    """Everything to point out in a run, of whomever; pages name only those whom somebody meets."""
    pairs = connected.read(run.opening.connected)
    ties = {(pair.one, pair.other) for pair in pairs or ()}
    pointed = (
        Q(low=True) | Q(counts=False) | Q(pool__count__lt=FEWEST) | Q(bid__in={bid for tie in ties for bid in tie})
    )
    rows = GateResult.objects.filter(pointed, run=run).select_related("pool").order_by("pool_id", "id")
    found = rules.flags(rows, sorted(ties))
    return found if pairs is not None else [Flag(rules.UNREAD, None), *found]


def meets_all_in(run: GateRun, user) -> bool:
    """Whether the person meets every bid that the run compares."""
    met = Bid.objects.visible_to(user).order_by().values("pk")
    return not GateResult.objects.filter(run=run).exclude(bid__in=met).exists()


def all_same_inputs(run: GateRun) -> bool:
    """Whether prices, decisions and bidders are as they were when the run was worked out."""
    of = gate_sql.source(run.opening.freeze, policy_of(run))
    return gate_sql.inputs_sha256(of) == run.inputs_sha256


@dataclass(frozen=True)
class Again:
    """A run that was worked out again from what it keeps: its hashes now."""

    run: GateRun
    inputs_sha256: str
    sha256: str

    @property
    def is_same(self) -> bool:
        """It came out as it is kept, to the last price."""
        return (self.inputs_sha256, self.sha256) == (self.run.inputs_sha256, self.run.sha256)


def worked_out_again(run: GateRun) -> Again:
    """Work a run out again from the prices that it keeps and its own rules, by the pure function: what is stored of
    averages and results is not looked at. Two queries; prices are read as a stream."""
    policy, sums = policy_of(run), Sums()
    pools = rules.pools_of(_kept(run), policy)
    failing, low, prices = [], [], _kept(run)
    while some := list(islice(prices, gate_sql.AT_ONCE)):
        results = [rules.result_of(price, pools[rules.pool_key(price, policy)], policy) for price in some]
        sums.add_rows(map(input_row, results))
        failing += [one.price_id for one in results if not one.passes]
        low += [one.price_id for one in results if one.low]
    return Again(run, sums.inputs, sums.over(run.policy, pools.values(), failing, low))


def pool_is_same(pool: GatePool) -> bool:
    """One pool worked out again in the same way, and compared with what is stored of it, price by price. One query."""
    policy = policy_of(pool.run)
    stored = ("compared", "counts", "passes", "low")
    rows = GateResult.objects.filter(pool=pool).order_by("price_id").values_list(*_INPUTS, "counts", *stored)
    found = [(_price(row), row[len(_INPUTS) + 1 :]) for row in rows]
    pools = rules.pools_of((price for price, _ in found), policy)
    again = pools.pop((pool.lot_id, pool.line_id, pool.sub_lot_id), None)
    was = (pool.count, pool.total, pool.upper, pool.lower)
    if pools or again is None or (again.count, again.total, again.upper, again.lower) != was:
        return False
    results = ((rules.result_of(price, again, policy), kept) for price, kept in found)
    return all((one.compared, one.counts, one.passes, one.low) == kept for one, kept in results)


_INPUTS = ("price_id", "bid_id", "price__lot_id", "price__line_id", "price__sub_lot_id", "pence", "price__vat")


def _price(row) -> Price:
    """What went in of one price, and whether it counted."""
    return Price(*row[: len(_INPUTS)], disregarded=not row[len(_INPUTS)])


def _kept(run: GateRun) -> Iterator[Price]:
    """The prices that went into a run, in the order of price rows. What a bidder declared never changes."""
    rows = GateResult.objects.filter(run=run).order_by("price_id").values_list(*_INPUTS, "counts")
    return map(_price, rows.iterator(gate_sql.AT_ONCE))
