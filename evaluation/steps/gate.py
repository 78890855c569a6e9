"""Working a run of the price check out and storing it, and setting aside what no longer counts."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from core.steps import step
from evaluation.models import Evaluation, GatePool, GateResult, GateRun
from evaluation.queries import gate_sql
from evaluation.queries.gate import all_undecided_in
from evaluation.rules import low_prices
from evaluation.rules.gate import Policy
from evaluation.rules.hashes import Sums, pool_text
from evaluation.states import RunState, Stage
from evaluation.steps import freezing, rows

_RESULTS = """
INSERT INTO evaluation_gateresult (run_id, pool_id, bid_id, price_id, pence, compared, counts, passes, low)
"""
_READ = """
SELECT price_id, bid_id, pool_id, pence, compared, counts, passes, low
FROM evaluation_gateresult WHERE run_id = %s ORDER BY price_id
"""
_POOL = """
JOIN evaluation_gatepool g ON g.run_id = %s AND g.line_id = bp.line_id AND COALESCE(g.sub_lot_id, 0) = {part}
"""


@step
def work_out(*, run: GateRun, at: dt.datetime) -> GateRun:
    """Add up the pools of this run, write every result, and the hashes. Raises `Refused` where an unusually low price
    has no decision yet, or a sum is too large; then nothing of it stays."""
    policy = Policy.read(run.policy)
    of = gate_sql.source(run.opening.freeze, policy)
    added = gate_sql.added_up(of, policy)
    GatePool.objects.bulk_create(
        GatePool(
            run=run,
            lot_id=one.pool.lot_id,
            line_id=one.pool.line_id,
            sub_lot_id=one.pool.sub_lot_id,
            count=one.pool.count,
            total=one.pool.total,
            upper=one.pool.upper,
            lower=one.pool.lower,
        )
        for one in added
    )
    what = (
        f"g.run_id, g.id, t.bid_id, bp.id, {gate_sql.PENCE}, {of.amount}, t.gone IS NULL, "
        f"t.gone IS NULL AND {of.amount} BETWEEN g.lower AND g.upper, FALSE"
    )
    with connection.cursor() as cursor:
        statement = _RESULTS + of.select(what, _POOL.format(part=of.part))
        cursor.execute(statement, [*of.of_before, run.pk, *of.of_where])
        run.prices = cursor.rowcount
    low = [one.pool for one in added if one.has_low]
    for pool in low:
        there = GateResult.objects.filter(pool__run=run, pool__line=pool.line_id, pool__sub_lot=pool.sub_lot_id)
        there.filter(counts=True, compared__lte=pool.last_low).update(low=True)
    if low:
        low_prices.check_decided(all_undecided_in(run).count())
    return _sealed(run, [one.pool for one in added], at)


def _sealed(run: GateRun, pools, at: dt.datetime) -> GateRun:
    """Read every result once, in the order of price rows, and write down what that comes to."""
    sums, failing, low = Sums(), [], []
    texts = {pool.pk: pool_text(pool) for pool in GatePool.objects.filter(run=run)}
    with connection.chunked_cursor() as cursor:
        cursor.execute(_READ, [run.pk])
        while some := cursor.fetchmany(gate_sql.AT_ONCE):
            sums.add_rows((row[0], row[1], texts[row[2]], *row[3:6]) for row in some)
            failing += [row[0] for row in some if not row[6]]
            low += [row[0] for row in some if row[7]]
    run.failing, run.inputs_sha256 = len(failing), sums.inputs
    run.sha256 = sums.over(run.policy, pools, failing, low)
    run.state, run.done_at = RunState.DONE, at
    run.save(update_fields=["prices", "failing", "inputs_sha256", "sha256", "state", "done_at"])
    return run


@step
def set_aside(*, evaluation: Evaluation, reason: str, by, at: dt.datetime) -> None:
    """Every run of a locked evaluation counts no longer, with the reason, and with it an award that waits for approval;
    the evaluation goes back to opened prices. What was approved stands."""
    freezing.void_later(evaluation=evaluation, reason=reason, by=by, at=at)
    if evaluation.stage in {Stage.CHECKED, Stage.AWARDED}:
        rows.move(evaluation, Stage.PRICES)


@step
def refuse(*, run: GateRun, reason: str, at: dt.datetime) -> GateRun:
    """A run that could not be worked out counts no longer, and its page says why."""
    run.state, run.voided_at, run.void_reason = RunState.VOID, at, reason
    run.save(update_fields=["state", "voided_at", "void_reason"])
    return run
