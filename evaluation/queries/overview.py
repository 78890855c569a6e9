"""Where an evaluation stands: its numbers, and who did what when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from evaluation.models import (
    Appointment,
    AwardSet,
    Evaluation,
    Freeze,
    GateRun,
    Judgement,
    Letter,
    OpeningAct,
    PriceOpening,
)
from evaluation.queries import judging
from evaluation.queries.panel import coverage_of
from evaluation.rules.overview import Facts, Me
from evaluation.states import Duty, RunState, SetState, Stage, When


def facts_of(evaluation: Evaluation, me: Me, *, counts: bool, act: OpeningAct | None, stands, at: dt.datetime) -> Facts:
    """The evaluation in numbers, for one person. `act` is the opening, `stands` the declarations that stand. Without
    `counts` nothing that would tell how far colleagues are: an evaluator is told of their own work alone."""
    framework = evaluation.framework
    live = Appointment.objects.live().filter(evaluation=evaluation).values_list("person", "duty")
    people, duties = {pk for pk, _ in live}, {duty for _, duty in live}
    preparing = evaluation.stage == Stage.PREPARING
    coverage = coverage_of(evaluation) if preparing else None
    given = Judgement.objects.live().filter(bid__evaluation=evaluation).exists()
    work = counts and given and evaluation.stage == Stage.JUDGING
    found = judging.unsettled_counts(evaluation, at=at) if work else None
    runs = GateRun.objects.filter(evaluation=evaluation, state=RunState.DONE)
    award = AwardSet.objects.filter(evaluation=evaluation, state=SetState.PROPOSED).values_list("state", flat=True)
    letters = list(Letter.objects.filter(award_set__evaluation=evaluation).values_list("sent_at", flat=True))
    return Facts(
        stage=Stage(evaluation.stage),
        deadline_passed=framework.closes_at is not None and at > framework.closes_at,
        two_open=evaluation.two_open,
        proposed=act is not None,
        missing_duties=[duty for duty in Duty if duty not in duties],
        few=len(coverage.few) if coverage else 0,
        thin=len(coverage.thin) if coverage else 0,
        not_declared=sum((pk, When.BEFORE) not in stands for pk in people),
        not_declared_again=sum((pk, When.AFTER) not in stands for pk in people) if evaluation.fixed_at else 0,
        given=given,
        asked=found.asked if found else 1,
        settled=found.asked - found.unsettled if found else 0,
        differ=found.differ if found else 0,
        run_waits=evaluation.stage == Stage.PRICES and runs.exists(),
        award=award.first() or "",
        letters=len(letters),
        letters_sent=sum(sent is not None for sent in letters),
        me=me,
    )


@dataclass(frozen=True)
class Done:
    """That something was done: when, and by whom."""

    at: dt.datetime
    by: User | None


def moments_of(evaluation: Evaluation, act: OpeningAct | None) -> dict[str, Done]:
    """When each step was done and by whom, by the step's code: the standing one, where it was done again. Four queries
    at most."""
    found = {"begun": Done(evaluation.began_at, evaluation.began_by)}
    if act is None or act.opened_at is None:
        return found
    found["opening"] = Done(act.opened_at, act.opened_by)
    freeze = Freeze.objects.standing().filter(evaluation=evaluation).select_related("by").first()
    if freeze is None:
        return found
    found["freeze"] = Done(freeze.at, freeze.by)
    opening = PriceOpening.objects.filter(freeze=freeze).select_related("by").first()
    if opening:
        found["prices"] = Done(opening.at, opening.by)
    run = GateRun.objects.filter(evaluation=evaluation, state=RunState.SIGNED).select_related("signed_by").first()
    if run:
        found["check"] = Done(run.signed_at, run.signed_by)
    award = (
        AwardSet.objects.filter(evaluation=evaluation, state=SetState.APPROVED)
        .select_related("decided_by")
        .order_by("-number")
        .first()
    )
    if award:
        found["award"] = Done(award.decided_at, award.decided_by)
    return found


def own_to_judge(user, evaluation: Evaluation, *, at: dt.datetime) -> int:
    """How many decisions wait for this person."""
    return judging.to_do(judging.queue(evaluation, user=user), at).count()


def proposed_award(user, evaluation: Evaluation) -> bool:
    """Whether the award that waits is this person's proposal."""
    waits = AwardSet.objects.filter(evaluation=evaluation, state=SetState.PROPOSED, proposed_by=user)
    return evaluation.stage == Stage.CHECKED and waits.exists()


def evaluations_of(user) -> QuerySet[Evaluation]:
    """Those that this person may see."""
    return Evaluation.objects.visible_to(user).select_related(None).select_related("framework__buyer")


def duties_in(evaluations: Sequence[Evaluation], user) -> dict[int, set[str]]:
    """What the person is appointed to in each of these, by key. One query."""
    rows = Appointment.objects.live().filter(evaluation__in=[one.pk for one in evaluations], person=user)
    found: dict[int, set[str]] = {}
    for pk, duty in rows.values_list("evaluation", "duty"):
        found.setdefault(pk, set()).add(duty)
    return found


def takes_part(user) -> bool:
    """Whether there is an evaluation for this person to look at."""
    return Evaluation.objects.visible_to(user).exists()
