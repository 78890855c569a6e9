"""Runs of the price check: asked for, worked out, signed, worked out again to see that nothing has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from accounts.permissions import nobody
from audit import steps as audit
from core import access
from evaluation.models import Evaluation, GateRun
from evaluation.permissions import prices as permissions
from evaluation.queries import gate as queries
from evaluation.queries.low_prices import all_undecided
from evaluation.queries.prices import opening_of
from evaluation.rules import low_prices
from evaluation.rules import runs as rules
from evaluation.rules.gate import Policy
from evaluation.rules.stages import check_stage
from evaluation.states import RunState, Stage
from evaluation.steps import gate as steps
from evaluation.steps import rows
from jobs.steps import enqueue
from lots.rules.refusals import Refused

WORKER = "evaluation.run_prices"


@transaction.atomic(durable=True)
def ask_run(*, evaluation: Evaluation, why: str, by: User, at: dt.datetime) -> GateRun:
    """Ask for a run under the framework's locked rules, worked out as a task. It replaces the runs before it, which
    stay to be read; one that was signed with a reason only, and then an award that waits for approval counts no longer
    either. Raises `Refused`, also while an unusually low price has no decision."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_check_prices, by, evaluation)
    check_stage(evaluation.stage, {Stage.PRICES, Stage.CHECKED, Stage.AWARDED}, "Prices can be checked")
    opening, latest = opening_of(evaluation), queries.latest_run(evaluation)
    rules.check_ask(
        running=latest is not None and queries.is_being_worked_out(latest),
        replaces=queries.signed_run(evaluation) is not None,
        why=why,
    )
    low_prices.check_decided(all_undecided(evaluation, opening.freeze))
    number = latest.number + 1 if latest else 1
    steps.set_aside(evaluation=evaluation, reason=why or f"Run {number} replaced it", by=by, at=at)
    run = GateRun.objects.create(
        evaluation=evaluation,
        opening=opening,
        number=number,
        policy=Policy.of(evaluation.framework.policies).written(),
        asked_at=at,
        asked_by=by,
        why=why,
    )
    enqueue(
        kind=queries.KIND,
        title=f"Price check {number}: {evaluation.framework.title}",
        organisation=evaluation.framework.buyer_id,
        about=run,
        by=by,
        at=at,
    )
    audit.record("evaluation.run.asked", by=by, at=at, **_of(run))
    return run


@transaction.atomic(durable=True)
def work_out(*, run: GateRun, by, at: dt.datetime) -> GateRun:
    """Work the run out and keep what it found, whole or not at all. Where a rule says no meanwhile, the run counts no
    longer and says why. Twice is harmless: a run that is no longer waiting is left as it is."""
    evaluation = rows.locked(run.evaluation_id, by=by)
    access.require(nobody, by, systems=(WORKER,))
    run = GateRun.objects.select_related("opening__freeze").get(pk=run.pk)
    run.evaluation = evaluation
    if run.state != RunState.RUNNING:
        return run
    try:
        with transaction.atomic():
            run = steps.work_out(run=run, at=at)
    except Refused as refusal:
        run = steps.refuse(run=run, reason=str(refusal), at=at)
    audit.record("evaluation.run.worked_out", by=by, at=at, **_of(run))
    return run


@transaction.atomic(durable=True)
def sign_run(*, run: GateRun, seen: Collection[str], by: User, at: dt.datetime) -> GateRun:
    """Sign a run: an opener or an approver who never judged here and did not ask for it, after they have seen each kind
    of thing that is pointed out (`seen`). Raises `Refused`."""
    evaluation = rows.locked(run.evaluation_id, by=by)
    run = GateRun.objects.locked(run.pk)
    run.evaluation = evaluation
    access.require(permissions.can_sign, by, run)
    check_stage(evaluation.stage, {Stage.PRICES}, "A run can be signed")
    flagged = {flag.kind for flag in queries.flags_of(run)}
    rules.check_sign(
        state=run.state,
        asked_by=run.asked_by_id,
        by=by.pk,
        meets_all=queries.meets_all_in(run, by),
        same_inputs=run.state == RunState.DONE and queries.all_same_inputs(run),
        flagged=flagged,
        seen=seen,
    )
    run.state, run.signed_at, run.signed_by = RunState.SIGNED, at, by
    run.save(update_fields=["state", "signed_at", "signed_by"])
    rows.move(evaluation, Stage.CHECKED)
    audit.record("evaluation.run.signed", by=by, at=at, **_of(run))
    return run


@transaction.atomic(durable=True)
def check_again(*, run: GateRun, by: User, at: dt.datetime) -> queries.Again:
    """Work a run out again from the prices that it keeps, compare the hashes, and write down that somebody looked. It
    changes nothing, whatever comes out. Raises `Refused` for a run without a result."""
    run.evaluation = rows.locked(run.evaluation_id, by=by)
    access.require(permissions.can_see_prices, by, run)
    if not run.sha256:
        raise Refused("This run has no result that could be worked out again")
    again = queries.worked_out_again(run)
    audit.record("evaluation.run.checked_again", by=by, at=at, **_of(run))
    return again


def _of(run: GateRun) -> dict:
    """What every event of a run says of it."""
    organisation = run.evaluation.framework.buyer_id
    return {"about": run, "organisation": organisation, "data": {"evaluation": run.evaluation_id, "number": run.number}}
