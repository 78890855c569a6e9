"""Checking prices, as a task. A messenger: it finds the run and calls one action."""

from __future__ import annotations

from core import clock
from core.access import System
from evaluation.actions import gate
from evaluation.models import GateRun
from evaluation.queries.gate import all_prices_of, run_of
from evaluation.rules.runs import SMALL
from evaluation.states import RunState
from jobs.rules import Failed

WORKER = System(gate.WORKER)


def run_prices(job, progress) -> str:
    """Work out the run that the task is about. Raises `Failed` with what a rule said. Twice is harmless."""
    progress(0, 1, "Adding up the prices and comparing each")
    run = gate.work_out(run=run_of(job.about_id), by=WORKER, at=clock.now())
    if run.state == RunState.VOID:
        raise Failed(f"{run.void_reason.rstrip('.')}. No result was kept.")
    progress(1, 1)
    return f"{run.prices:,} price{'' if run.prices == 1 else 's'} checked."


def at_once(run: GateRun) -> bool:
    """Where there are few prices nobody waits for a worker: the same is done here and now, and the task finds it done.
    Whether it was."""
    if all_prices_of(run) > SMALL:
        return False
    gate.work_out(run=run, by=WORKER, at=clock.now())
    return True
