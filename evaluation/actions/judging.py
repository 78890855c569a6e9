"""Judgements are given out, saved as a draft, and locked.

Whoever judges holds the evaluation together with the others and the bid alone (`evaluation.steps.judging`), so that no
evaluator waits for another but the one who locks the same bid at the same moment."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from audit import steps as audit
from core import access
from evaluation.models import Evaluation, Judgement
from evaluation.permissions import duties
from evaluation.permissions import judging as permissions
from evaluation.queries import judging as queries
from evaluation.rules import judging as rules
from evaluation.rules.judging import Verdict
from evaluation.rules.stages import check_stage
from evaluation.states import Stage
from evaluation.steps import allotment, rows, settling
from evaluation.steps import judging as steps
from lots.rules.refusals import Refused


@transaction.atomic(durable=True)
def give_out_judging(*, evaluation: Evaluation, by, at: dt.datetime) -> int:
    """Give out every judgement that is missing; how many. Twice is harmless, and after somebody new was assigned it
    gives out what was left. Raises `Refused` where fewer than two people can judge something."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(duties.can_run, by, evaluation)
    check_stage(evaluation.stage, {Stage.JUDGING}, "Judging can be given out")
    return allotment.give_out(evaluation=evaluation, by=by, at=at)


@transaction.atomic(durable=True)
def save_judgement(*, judgement: Judgement, verdict: Verdict, revision: int, by, at: dt.datetime) -> Judgement:
    """Keep a draft, whatever is missing. `revision` is the one that the page showed; the same words sent twice are one.
    Raises `Stale` with what was saved elsewhere since, `Refused`."""
    row = steps.row_locked(judgement, by=by)
    access.require(permissions.can_give, by, row)
    if _changed(row, verdict, revision):
        _write(row, verdict, at)
    return row


@transaction.atomic(durable=True)
def lock_judgement(*, judgement: Judgement, verdict: Verdict, revision: int, by, at: dt.datetime) -> Judgement:
    """Lock a verdict for good. Where both have locked the same it stands; where they differ a moderator decides. The
    same verdict locked twice is one. Raises `Stale`, and `Refused` without outcome or reason, while the bidder may
    still answer a question that was asked from it, and once quality is frozen."""
    row = steps.row_locked(judgement, by=by)
    access.require(permissions.can_give, by, row)
    _changed(row, verdict, revision)
    if row.locked_at is not None:
        return row
    rules.check_lock(verdict, due_at=queries.due_of(row), at=at)
    row.locked_at = at
    _write(row, verdict, at)
    audit.record(
        "evaluation.judgement.locked",
        by=by,
        about=row,
        organisation=row.bid.evaluation.framework.buyer_id,
        data={"bid": row.bid_id, "standard": row.standard_id},
        at=at,
    )
    settling.after_lock(judgement=row, by=by, at=at)
    return row


def _changed(row: Judgement, verdict: Verdict, revision: int) -> bool:
    """Whether there is anything to write, once all rules agree."""
    rules.check_open(stage=row.bid.evaluation.stage, bid_state=row.bid.state)
    rules.check_words(verdict)
    standing = queries.verdict_of(row)
    locked = row.locked_at is not None
    changed = rules.check_revision(verdict, revision, standing=standing, revision=row.revision, locked=locked)
    if verdict.version not in {None, standing.version} and not queries.is_evidence(row.bid, verdict.version):
        raise Refused("Choose a document that was sent with this bid", field="version")
    return changed


def _write(row: Judgement, verdict: Verdict, at: dt.datetime) -> None:
    row.outcome, row.reason, row.pages = verdict.outcome, verdict.reason, verdict.pages
    row.version_id = verdict.version
    row.revision += 1
    row.saved_at = at
    row.save(update_fields=["outcome", "reason", "version", "pages", "revision", "saved_at", "locked_at"])
