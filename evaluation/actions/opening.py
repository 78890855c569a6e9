"""The recorded opening: proposed by one opener, done by another where two are needed, once, after the deadline."""

from __future__ import annotations

import secrets

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access, clock
from evaluation.models import Evaluation, OpeningAct
from evaluation.permissions import panel as permissions
from evaluation.queries import panel as queries
from evaluation.rules import opening as rules
from evaluation.rules.panel import check_coverage
from evaluation.rules.stages import check_stage
from evaluation.states import Stage
from evaluation.steps import opening as steps
from evaluation.steps import panel_letters as letters
from evaluation.steps import rows, settling
from lots.states import FrameworkState
from providers.steps import rounds
from providers.steps.opening import open_round


@transaction.atomic(durable=True)
def propose(*, evaluation: Evaluation, by: User) -> OpeningAct:
    """Propose the opening, as the first of two. Nothing is opened by it. Raises `Refused`."""
    at = clock.database_now()
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_open, by, evaluation)
    act = _check(evaluation, at)
    rules.check_proposal(
        needs_two=evaluation.two_open,
        proposed_by=act and act.proposed_by_id,
        proposer_opens=bool(act) and queries.opens_still(act.proposed_by_id, evaluation),
        by=by.pk,
    )
    act = act or OpeningAct(evaluation=evaluation)
    act.proposed_at, act.proposed_by = at, by
    act.save()
    letters.tell_proposed(evaluation=evaluation, key=f"{act.pk}:{by.pk}", but=by.pk, at=at)
    audit.record(
        "evaluation.opening.proposed",
        by=by,
        about=act,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk},
        at=at,
    )
    return act


@transaction.atomic(durable=True)
def open_bids(*, evaluation: Evaluation, by: User) -> OpeningAct:
    """Open everything that was submitted, once: alone where one person is enough, else as the second. Bids are numbered
    by lot, the rules and the seed of the blind sample are fixed, interests are looked for, the panel is told. The round
    is held alone first: round → framework → evaluation. Raises `Refused`, and then nothing is opened."""
    at = clock.database_now()
    rounds.alone(evaluation.framework_id)
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_open, by, evaluation)
    act = _check(evaluation, at)
    rules.check_second(
        needs_two=evaluation.two_open,
        proposed_by=act and act.proposed_by_id,
        proposer_opens=bool(act) and queries.opens_still(act.proposed_by_id, evaluation),
        by=by.pk,
    )
    check_coverage(queries.coverage_of(evaluation))
    opened = open_round(framework=evaluation.framework, by=by)
    at = opened.opening.opened_at
    bids = steps.make_bids(evaluation=evaluation, opened=opened, at=at)
    act = act or OpeningAct(evaluation=evaluation, proposed_at=at, proposed_by=by)
    act.opening, act.opened_at, act.opened_by = opened.opening, at, by
    act.submissions, act.sha256 = len(bids), rules.hash_over(bid.sha256 for bid in bids)
    act.save()
    steps.find_interests(evaluation=evaluation, bids=bids, opened=opened, by=by, at=at)
    not_asked = rules.not_asked({bid.pk: opened.documents.get(bid.submission_id) for bid in bids})
    settling.note_not_asked(evaluation=evaluation, rows=not_asked, by=by, at=at)
    rows.move(evaluation, Stage.JUDGING, fixed_at=at, seed=secrets.token_hex(32))
    letters.tell_opened(evaluation=evaluation, at=at)
    audit.record(
        "evaluation.opening.done",
        by=by,
        about=act,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "submissions": len(bids), "unreadable": len(opened.broken)},
        at=at,
    )
    return act


def _check(evaluation: Evaluation, at) -> OpeningAct | None:
    """What is so for the first person and the second: after the deadline, once, before anything else. The proposal that
    waits, or None."""
    framework = evaluation.framework
    act = queries.opening_act(evaluation)
    rules.check_not_opened(act and act.opened_at)
    rules.check_time(published=framework.state == FrameworkState.PUBLISHED, closes_at=framework.closes_at, at=at)
    check_stage(evaluation.stage, {Stage.PREPARING}, "Applications can be opened")
    return act
