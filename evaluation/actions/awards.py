"""An award is proposed from what was decided before, and approved whole by somebody else who did not evaluate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import AwardSet, Evaluation
from evaluation.permissions import awards as permissions
from evaluation.queries.award_checks import blockers, case_again, changes_of, check_limits
from evaluation.queries.awards import Case, case_of, hidden_from
from evaluation.queries.gate import signed_run
from evaluation.rules import awards as rules
from evaluation.rules.stages import check_stage
from evaluation.states import Cause, SetState, Stage
from evaluation.steps import awarding, letters, rows
from lots.rules.refusals import Refused


@transaction.atomic(durable=True)
def propose_award(
    *,
    evaluation: Evaluation,
    left_out: Mapping[tuple[int, int | None], str] | None = None,
    rule_applied: str = "",
    note: str = "",
    by: User,
    at: dt.datetime,
) -> AwardSet:
    """Draw one set up from the frozen verdicts and the signed price check. `left_out` are (bid, lot or None for all)
    that the published rule leaves out, each with its reason; `rule_applied` says how. Raises `Refused`; `OverLimit`
    while more pass than there are places: the set is not taken in part."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_propose, by, evaluation)
    check_stage(evaluation.stage, {Stage.CHECKED}, "An award is proposed")
    rules.check_unbiased(hidden_from(by, evaluation))
    rules.check_standstill(light_touch=evaluation.framework.light_touch, standstill=evaluation.standstill)
    if evaluation.sets.filter(state=SetState.PROPOSED).exists():
        raise Refused("An award waits for approval. Take it back before you propose another")
    run = signed_run(evaluation)
    case = case_of(evaluation, run, today=timezone.localdate(at), left_out=left_out)
    _check(case, blockers(evaluation, run, case), left_out or {}, rule_applied)
    made = awarding.propose(
        evaluation=evaluation, run=run, case=case, rule_applied=rule_applied, note=note, by=by, at=at
    )
    audit.record("evaluation.award_set.proposed", by=by, at=at, **_of(made, lines=len(case.lines)))
    return made


@transaction.atomic(durable=True)
def approve_award(*, award_set: AwardSet, by: User, at: dt.datetime) -> AwardSet:
    """Approve a set whole. Everything behind it is looked at again under the locks; then all its places are given,
    those that come with them follow, and its letters are begun. Raises `Refused` with everything that stands in the
    way, `OverLimit`; then nothing was given."""
    award_set = _locked(award_set, by)
    access.require(permissions.can_approve, by, award_set)
    rules.check_set_move(award_set.state, SetState.APPROVED)
    rules.check_other(award_set.proposed_by_id, by.pk)
    evaluation = award_set.evaluation
    rules.check_unbiased(hidden_from(by, evaluation))
    check_stage(evaluation.stage, {Stage.CHECKED}, "An award is approved")
    case = case_again(award_set, today=timezone.localdate(at))
    rules.check_ready([*blockers(evaluation, award_set.run, case), *changes_of(award_set, case)])
    check_limits(case, award_set.rule_applied)
    places = awarding.give(award_set=award_set, case=case, by=by, at=at)
    awarding.decide(award_set, SetState.APPROVED, by=by, at=at)
    rows.move(evaluation, Stage.AWARDED)
    letters.begin(award_set=award_set, by=by, at=at)
    audit.record("evaluation.award_set.approved", by=by, at=at, **_of(award_set, places=len(places)))
    return award_set


@transaction.atomic(durable=True)
def send_back_award(*, award_set: AwardSet, note: str, by: User, at: dt.datetime) -> AwardSet:
    """Say no to a set, with a note, or take one's own proposal back. It stays readable. Raises `Refused`."""
    award_set = _locked(award_set, by)
    access.require(permissions.can_send_back, by, award_set)
    awarding.decide(award_set, SetState.SENT_BACK, note=note, by=by, at=at)
    audit.record("evaluation.award_set.sent_back", by=by, at=at, **_of(award_set))
    return award_set


def _check(case: Case, blocked: list[str], left_out: Mapping, rule_applied: str) -> None:
    if blocked:
        raise Refused(f"No award can be proposed yet. {'. '.join(blocked)}")
    if not case.lines:
        raise Refused("An earlier award has decided about everybody, so there is nothing to propose")
    used = {(line.bid, line.lot) for line in case.lines if line.cause == Cause.LIMIT}
    for bid, lot in left_out:
        if (bid, lot) not in used and not (lot is None and any(of == bid for of, _ in used)):
            raise Refused(
                f"Bid {case.numbers.get(bid, bid)} did not pass there, so the rule does not leave it out",
                field="left_out",
            )
    check_limits(case, rule_applied)


def _locked(award_set: AwardSet, by: User) -> AwardSet:
    evaluation = rows.locked(award_set.evaluation_id, by=by)
    award_set = AwardSet.objects.locked(award_set.pk)
    award_set.evaluation = evaluation
    return award_set


def _of(award_set: AwardSet, **counts: int) -> dict:
    """What every event of an award says of it."""
    organisation = award_set.evaluation.framework.buyer_id
    return {"about": award_set, "organisation": organisation, "data": {"number": award_set.number} | counts}
