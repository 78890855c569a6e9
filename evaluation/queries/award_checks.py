"""What stands in the way of an award, and what has changed since it was proposed: asked again under the locks, and
shown before anybody asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evaluation.models import AwardSet, Evaluation, GateRun
from evaluation.queries.awards import Case, case_of, hidden_from, lines_of
from evaluation.queries.freezes import stale
from evaluation.queries.gate import signed_run
from evaluation.rules import awards as rules
from evaluation.rules.stages import check_stage
from evaluation.states import Cause, RunState, SetState, Stage
from lots.rules.refusals import Refused


def blockers(evaluation: Evaluation, run: GateRun, case: Case) -> list[str]:
    """What stands in the way of an award besides the limits, one sentence each; the same before a proposal and before
    an approval."""
    found = []
    if run.state != RunState.SIGNED:
        found.append("The price check behind it is not signed any more")
    if run.opening.freeze.voided_at:
        found.append("The freeze of quality behind it was undone")
    elif behind := stale(evaluation):
        of = _bids({bid.pk for bid, _ in behind}, case)
        found.append(f"An appeal has changed an outcome since quality was frozen, of {of}")
    if case.unassessed:
        found.append(f"A theme has not been assessed of {_bids(case.unassessed, case)}")
    if closed := case.closed & {line.bid for line in case.lines if line.awarded}:
        found.append(f"No longer registered on the portal: {_bids(closed, case)}")
    return found


def case_again(award_set: AwardSet, *, today: dt.date) -> Case:
    """The set worked out anew, with those left out by the rule left out again."""
    left_out = {(line.bid, line.lot): line.reason for line in lines_of(award_set) if line.cause == Cause.LIMIT}
    return case_of(award_set.evaluation, award_set.run, today=today, left_out=left_out)


def changes_of(award_set: AwardSet, case: Case) -> list[str]:
    """What has changed since a set was proposed, one sentence for each bid."""
    found = rules.changes(lines_of(award_set), case.lines, case.names)
    again = digest_of(case, award_set.run, standstill=award_set.standstill, rule_applied=award_set.rule_applied)
    if not found and again != award_set.sha256:
        found.append("Prices or reasons behind it have changed since it was proposed")
    return found


def digest_of(case: Case, run: GateRun, *, standstill: bool, rule_applied: str) -> str:
    """The hash of a set that is worked out like this."""
    return rules.digest(case.lines, run=run.sha256, standstill=standstill, rule_applied=rule_applied)


def _bids(pks, case: Case) -> str:
    named = sorted(case.names[pk] for pk in pks)
    return ", ".join(named) if len(named) <= 10 else f"{', '.join(named[:10])} and {len(named) - 10:,} more"


@dataclass(frozen=True)
class Before:
    """What somebody is shown before they propose or approve. `blocked` is everything that stands in the way besides
    the limits, `over` what the limits say, both empty where nothing does; without `case` nothing could be worked out.
    """

    run: GateRun | None
    case: Case | None
    blocked: list[str]
    over: str = ""


def before_proposal(evaluation: Evaluation, *, user, today: dt.date) -> Before:
    """What would be proposed now, for whoever meets every bid."""
    try:
        check_stage(evaluation.stage, {Stage.CHECKED}, "An award is proposed")
        rules.check_unbiased(hidden_from(user, evaluation))
    except Refused as refusal:
        return Before(None, None, [str(refusal)])
    run = signed_run(evaluation)
    case = case_of(evaluation, run, today=today)
    return Before(run, case, blockers(evaluation, run, case), _over(case, ""))


def before_approval(award_set: AwardSet, *, user, today: dt.date) -> Before:
    """What would be refused now."""
    evaluation = award_set.evaluation
    try:
        rules.check_set_move(award_set.state, SetState.APPROVED)
        rules.check_other(award_set.proposed_by_id, user.pk)
        rules.check_unbiased(hidden_from(user, evaluation))
    except Refused as refusal:
        return Before(None, None, [str(refusal)])
    case = case_again(award_set, today=today)
    found = [*blockers(evaluation, award_set.run, case), *changes_of(award_set, case)]
    return Before(award_set.run, case, found, _over(case, award_set.rule_applied))


def _over(case: Case, rule_applied: str) -> str:
    try:
        check_limits(case, rule_applied)
    except Refused as refusal:
        return str(refusal)
    return ""


def check_limits(case: Case, rule_applied: str) -> None:
    """What was worked out keeps every limit with what stands. Raises `Refused`, `OverLimit`."""
    rules.check_limits(
        case.lines,
        case.limits,
        providers=case.providers,
        standing=case.standing,
        names=case.firms,
        rule_applied=rule_applied,
    )
