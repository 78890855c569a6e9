"""Beginning an evaluation, appointing its panel, sharing out the standards, fixing the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction

from accounts import queries as accounts
from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import Appointment, Assignment, CureRule, Evaluation
from evaluation.permissions import panel as permissions
from evaluation.queries import panel as queries
from evaluation.rules import panel as rules
from evaluation.rules.stages import check_stage
from evaluation.states import Duty, Stage
from evaluation.steps import allotment, rows
from evaluation.steps import panel_letters as letters
from lots.models import Framework, Standard
from lots.rules.refusals import Refused
from lots.states import FrameworkState

WORKING = set(Stage) - {Stage.AWARDED}
_LEFT = "An appointment ended"
_ELSEWHERE = "The standard was assigned to others"


@transaction.atomic(durable=True)
def begin(*, framework: Framework, by: User, at: dt.datetime) -> Evaluation:
    """Begin the evaluation of a published framework, while bids may still come in. Raises `Refused`."""
    framework = Framework.objects.locked(framework.pk)
    accounts.forget_roles(by)
    access.require(permissions.can_begin, by, framework)
    if framework.state != FrameworkState.PUBLISHED:
        raise Refused("An evaluation is begun once its framework is published, and before it was awarded")
    if Evaluation.objects.filter(framework=framework).exists():
        raise Refused("The evaluation of this framework has begun already")
    made = Evaluation.objects.create(framework=framework, began_at=at, began_by=by)
    CureRule.objects.bulk_create(CureRule(evaluation=made, kind=kind, cure=cure) for kind, cure in rules.CURES.items())
    audit.record("evaluation.evaluation.begun", by=by, about=made, organisation=framework.buyer_id, at=at)
    return made


@transaction.atomic(durable=True)
def appoint(*, evaluation: Evaluation, person: User, duty: Duty, by: User, at: dt.datetime) -> Appointment:
    """Appoint somebody of the buyer who has set up a second step. Raises `Refused`."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_run, by, evaluation)
    check_stage(evaluation.stage, WORKING, "Somebody can be appointed")
    person = queries.candidates(evaluation).filter(pk=person.pk).first()
    if person is None:
        raise Refused(
            f"Choose somebody who belongs to {evaluation.framework.buyer.name} and has set up a second step",
            field="person",
        )
    rules.check_appointment(duty, queries.record_of(person, evaluation))
    made = Appointment.objects.create(evaluation=evaluation, person=person, duty=duty, appointed_at=at, appointed_by=by)
    letters.tell_appointed(appointment=made, at=at)
    audit.record(
        "evaluation.appointment.made",
        by=by,
        about=made,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "person": person.pk, "duty": duty},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def end_appointment(*, appointment: Appointment, reason: str, by: User, at: dt.datetime) -> int:
    """End somebody's duty. What an evaluator had not locked goes to those who judge the same standards; returns how
    much. Raises `Refused`."""
    evaluation = rows.locked(appointment.evaluation_id, by=by)
    appointment = Appointment.objects.get(pk=appointment.pk)
    appointment.evaluation = evaluation
    access.require(permissions.can_run_of, by, appointment)
    if appointment.ended_at:
        raise Refused("This appointment has ended already")
    if not reason:
        raise Refused("Say why", field="reason")
    appointment.ended_at, appointment.ended_by, appointment.end_reason = at, by, reason
    appointment.save(update_fields=["ended_at", "ended_by", "end_reason"])
    moved = 0
    if appointment.duty == Duty.EVALUATOR:
        Assignment.objects.filter(evaluation=evaluation, person=appointment.person_id, ended_at=None).update(
            ended_at=at
        )
        if evaluation.stage == Stage.JUDGING:
            moved = allotment.take_over(
                evaluation=evaluation, person=appointment.person, providers=None, reason=_LEFT, by=by, at=at
            )
    audit.record(
        "evaluation.appointment.ended",
        by=by,
        about=appointment,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "person": appointment.person_id, "duty": appointment.duty},
        at=at,
    )
    return moved


@transaction.atomic(durable=True)
def assign(*, appointment: Appointment, standards: Collection[int], by: User, at: dt.datetime) -> None:
    """Say which standards an evaluator judges, by key: exactly these. What was given out of a standard that is taken
    away, and is not locked, goes to others. Raises `Refused`."""
    evaluation = rows.locked(appointment.evaluation_id, by=by)
    appointment = Appointment.objects.get(pk=appointment.pk)
    appointment.evaluation = evaluation
    access.require(permissions.can_run_of, by, appointment)
    check_stage(evaluation.stage, {Stage.PREPARING, Stage.JUDGING}, "Standards can be shared out")
    if appointment.duty != Duty.EVALUATOR or appointment.ended_at:
        raise Refused("Only an evaluator judges standards")
    asked = Standard.objects.filter(theme__version__framework=evaluation.framework).values_list("pk", flat=True)
    wanted = set(standards) & set(asked)
    live = Assignment.objects.filter(evaluation=evaluation, person=appointment.person_id, ended_at=None)
    had = set(live.values_list("standard", flat=True))
    gone = had - wanted
    live.filter(standard__in=gone).update(ended_at=at)
    Assignment.objects.bulk_create(
        Assignment(evaluation=evaluation, standard_id=pk, person_id=appointment.person_id, assigned_at=at)
        for pk in sorted(wanted - had)
    )
    if gone and evaluation.stage == Stage.JUDGING:
        allotment.take_over(
            evaluation=evaluation,
            person=appointment.person,
            providers=None,
            standards=gone,
            reason=_ELSEWHERE,
            by=by,
            at=at,
        )
    audit.record(
        "evaluation.standards.assigned",
        by=by,
        about=appointment,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "person": appointment.person_id, "standards": len(wanted)},
        at=at,
    )


@transaction.atomic(durable=True)
def fix_rules(
    *,
    evaluation: Evaluation,
    two_open: bool,
    clarify_days: int,
    standstill: bool,
    cures: Mapping[str, str],
    by: User,
    at: dt.datetime,
) -> None:
    """The rules that stand from the opening on: how many open, how long a bidder has to answer, whether to wait before
    signing, and what may be sent for each kind of evidence. Raises `Refused` once applications were opened."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_run, by, evaluation)
    check_stage(evaluation.stage, {Stage.PREPARING}, "These rules can be changed")
    rules.check_days(clarify_days)
    evaluation.two_open, evaluation.clarify_days, evaluation.standstill = two_open, clarify_days, standstill
    evaluation.save(update_fields=["two_open", "clarify_days", "standstill"])
    CureRule.objects.bulk_create(
        [CureRule(evaluation=evaluation, kind=kind, cure=cure) for kind, cure in cures.items()],
        update_conflicts=True,
        unique_fields=["evaluation", "kind"],
        update_fields=["cure"],
    )
    audit.record("evaluation.rules.set", by=by, about=evaluation, organisation=evaluation.framework.buyer_id, at=at)
