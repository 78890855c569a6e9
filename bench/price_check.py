"""The price check over very many prices, beside the bare SQL that adds up, joins and inserts as many rows: what the
hashes, the limits in whole numbers and the record cost on top. And one average worked out again."""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation
from accounts.states import OrganisationKind
from bench.page import in_chunks
from core.access import System
from evaluation.actions import gate
from evaluation.models import (
    Bid,
    BidLot,
    Evaluation,
    Freeze,
    GatePool,
    GateRun,
    PriceOpening,
    QualityResult,
)
from evaluation.queries.gate import pool_is_same
from evaluation.rules.gate import Policy
from evaluation.states import RunState, Stage
from lots.models import Framework, Lot, Policies, PriceLine
from lots.states import FrameworkState, Gated, Group, Mode, Unit
from providers.models import Application, BidPrice, Submission
from providers.states import ApplicationState

LINES = 20
AT = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
WORKER = System(gate.WORKER)
# What any way of doing it must do: add up, join, compare, write. No limits kept exactly, no hashes, no decisions.
_BARE = """
INSERT INTO evaluation_gateresult (run_id, pool_id, bid_id, price_id, pence, compared, counts, passes, low)
SELECT %s, g.id, b.id, bp.id, bp.pence, bp.pence * 100, (1 = 1), 100 * a.n * bp.pence <= 120 * a.total, (1 = 0)
FROM providers_bidprice bp
JOIN evaluation_bid b ON b.submission_id = bp.submission_id
JOIN lots_priceline l ON l.id = bp.line_id
JOIN evaluation_qualityresult q ON q.freeze_id = %s AND q.bid_id = b.id AND q.lot_id = bp.lot_id AND q.passed
JOIN evaluation_gatepool g ON g.run_id = %s AND g.line_id = bp.line_id
JOIN (
    SELECT bp.line_id, COUNT(*) AS n, SUM(bp.pence) AS total
    FROM providers_bidprice bp
    JOIN evaluation_bid b ON b.submission_id = bp.submission_id
    JOIN lots_priceline l ON l.id = bp.line_id
    JOIN evaluation_qualityresult q ON q.freeze_id = %s AND q.bid_id = b.id AND q.lot_id = bp.lot_id AND q.passed
    WHERE b.evaluation_id = %s AND b.state = 'in' AND l.gated = 'gated'{only}
    GROUP BY bp.line_id
) a ON a.line_id = bp.line_id
WHERE b.evaluation_id = %s AND b.state = 'in' AND l.gated = 'gated'{only}
"""


def check_prices(world, number: int, rounds: int, tell: Callable[[str], None], kept: list) -> None:
    """So many prices on 20 lines. Ours and the bare statement in turn, medians of a few rounds; the budgets are 1.25
    times for the whole and 1.5 times for one average."""
    opening = _prices(world, number)
    _analyse()
    whole = _in_turn(min(rounds, 5), lambda: _bare(opening, world), lambda: _ours(opening, world))
    run = _ours_kept(opening, world)
    pool = GatePool.objects.select_related("run").filter(run=run).first()
    one = _in_turn(min(rounds, 9), lambda: _bare(opening, world, line=pool.line_id), lambda: _again(pool))
    for what, count, (bare, ours), budget in (
        ("price check, results stored", number, whole, 1.25),
        ("one average worked out again", pool.count, one, 1.5),
    ):
        ratio = ours / bare
        kept.append({"work": what, "number": count, "wall_s": ours, "bare_s": bare, "ratio": ratio, "budget": budget})
        tell(f"{what:<44}{count:>9,}{ours:>9.2f} s{bare:>9.2f} s bare SQL{ratio:>7.2f} (budget {budget})")


def _clock() -> float:
    """SQLite works in this process, so that its processor time is what it costs whatever else runs here; PostgreSQL is
    waited for."""
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def _in_turn(rounds: int, *works: Callable[[], float]) -> list[float]:
    """Medians of each, measured in turn; the first round only warms up."""
    found: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for shelf, work in zip(found, works, strict=True):
            gc.collect()
            spent = work()
            if number:
                shelf.append(spent)
    return [median(shelf) for shelf in found]


def _ours(opening: PriceOpening, world) -> float:
    run = _run(opening, world)
    began = _clock()
    gate.work_out(run=run, by=WORKER, at=timezone.now())
    spent = _clock() - began
    _forget(run)
    return spent


def _ours_kept(opening: PriceOpening, world) -> GateRun:
    return gate.work_out(run=_run(opening, world), by=WORKER, at=timezone.now())


def _again(pool: GatePool) -> float:
    began = _clock()
    if not pool_is_same(pool):
        raise RuntimeError("A run that nobody touched came out otherwise")
    return _clock() - began


def _bare(opening: PriceOpening, world, line: int | None = None) -> float:
    run = _run(opening, world)
    lines = PriceLine.objects.filter(lot__framework=opening.freeze.evaluation.framework)
    GatePool.objects.bulk_create(
        GatePool(run=run, lot_id=one.lot_id, line=one, count=0, total=0, upper=0, lower=0) for one in lines
    )
    only = f" AND bp.line_id = {line}" if line else ""
    evaluation, freeze = opening.freeze.evaluation_id, opening.freeze_id
    began = _clock()
    with transaction.atomic(), connection.cursor() as cursor:
        params = [run.pk, freeze, run.pk, freeze, evaluation, evaluation]
        cursor.execute(_BARE.format(only=only), params)
    spent = _clock() - began
    _forget(run)
    return spent


def _run(opening: PriceOpening, world) -> GateRun:
    evaluation = opening.freeze.evaluation
    return GateRun.objects.create(
        evaluation=evaluation,
        opening=opening,
        number=1 + evaluation.runs.count(),
        policy=Policy().written(),
        asked_at=AT,
        asked_by=world.max,
    )


def _forget(run: GateRun) -> None:
    """What the next round shall not find: rows of earlier runs make every index larger."""
    for table in ("evaluation_gateresult", "evaluation_gatepool"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE run_id = %s", [run.pk])
    GateRun.objects.filter(pk=run.pk).update(state=RunState.VOID)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM evaluation_gateresult")


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _prices(world, number: int) -> PriceOpening:
    """An evaluation with so many prices, each bid on every line, none unusually low."""
    framework = Framework.objects.create(
        buyer=world.larkshire, title="Many prices", state=FrameworkState.PUBLISHED, created_at=AT, published_at=AT
    )
    Policies.objects.create(framework=framework)
    lots = [Lot.objects.create(framework=framework, number=str(n), title=f"Lot {n}") for n in range(1, 5)]
    lines = [
        PriceLine.objects.create(
            lot=lots[n % len(lots)], title=f"Line {n}", unit=Unit.DAY, mode=Mode.ANY, group=Group.ANY, gated=Gated.GATED
        )
        for n in range(LINES)
    ]
    evaluation = Evaluation.objects.create(framework=framework, began_at=AT, fixed_at=AT, stage=Stage.PRICES)
    count = max(1, number // LINES)
    firms = in_chunks(
        Organisation,
        0,
        count,
        lambda n: Organisation(
            kind=OrganisationKind.PROVIDER, name=f"Bidder {n:06}", name_key=f"b {n}", compared_at=AT
        ),
    )
    applications = in_chunks(
        Application,
        0,
        count,
        lambda n: Application(
            framework=framework, provider=firms[n], alias=f"B {n:06}", state=ApplicationState.DRAFT, began_at=AT,
            started_at=AT,
        ),
    )  # fmt: skip
    submissions = in_chunks(
        Submission,
        0,
        count,
        lambda n: Submission(
            application=applications[n], number=1, reference=f"MANY-{n}", sealed=b"none", revision=1,
            sha256=f"{n:064}", content_key=f"{n:064}", key=str(n), submitted_at=AT,
        ),
    )  # fmt: skip
    bids = in_chunks(
        Bid,
        0,
        count,
        lambda n: Bid(
            evaluation=evaluation, provider=firms[n], provider_name=firms[n].name, submission=submissions[n],
            number=n + 1, sha256=f"{n:064}",
        ),
    )  # fmt: skip
    freeze = Freeze.objects.create(evaluation=evaluation, number=1, at=AT, by=world.ada, document="{}", sha256="0" * 64)
    each = len(lots)
    in_chunks(BidLot, 0, count * each, lambda n: BidLot(bid=bids[n // each], lot=lots[n % each], complete=True))
    in_chunks(
        QualityResult,
        0,
        count * each,
        lambda n: QualityResult(freeze=freeze, bid=bids[n // each], lot=lots[n % each], passed=True),
    )
    in_chunks(
        BidPrice,
        0,
        count * LINES,
        lambda n: BidPrice(
            submission=submissions[n // LINES], lot=lines[n % LINES].lot, line=lines[n % LINES],
            pence=3000 + n * 7919 % 4000, vat="exempt",
        ),
    )  # fmt: skip
    return PriceOpening.objects.create(freeze=freeze, at=AT, by=world.max, connected="[]")
