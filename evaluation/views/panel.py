"""Beginning an evaluation, its panel and its rules."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from evaluation.actions import panel as actions
from evaluation.forms.panel import AppointForm, AssignForm, EndForm, RulesForm
from evaluation.models import Appointment, Evaluation
from evaluation.permissions import panel as permissions
from evaluation.queries import panel as queries
from evaluation.rules import panel as rules
from evaluation.states import Cure, Duty, Stage
from evaluation.views.frame import page
from lots.models import Framework
from lots.rules.refusals import Refused
from lots.states import EvidenceKind, FrameworkState
from lots.views.setting_up import done, tried


@guard(permissions.can_come, on=Framework)
def evaluation_of_framework(request, framework):
    """Begin the evaluation, or go to it."""
    made = queries.evaluation_of(framework, user=request.user)
    if made:
        return redirect("evaluation", made.pk)
    if request.method == "POST":
        try:
            made = actions.begin(framework=framework, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("evaluation_of_framework", framework.pk)
        return done(request, "The evaluation has begun. Appoint its panel next", "panel", made.pk)
    context = {
        "framework": framework,
        "can_begin": permissions.can_begin(request.user, framework),
        "published": framework.state == FrameworkState.PUBLISHED,
    }
    return render(request, "evaluation/evaluation_of_framework.html", context)


@guard(permissions.can_oversee, on=Evaluation)
@require_safe
def panel(request, evaluation):
    """Who does what, and how the standards are covered."""
    people = queries.panel_of(evaluation)
    names = {one.person.pk: one.person.name or one.person.email for one in people}
    coverage = queries.coverage_of(evaluation)
    taken = {Duty(one.duty) for person in people for one in person.appointments if person.belongs}
    context = {
        "people": people,
        "ended": queries.ended(evaluation),
        "coverage": coverage,
        "judges": [(names.get(pk, ""), load) for pk, load in zip(coverage.people, coverage.loads, strict=True)],
        "bids": coverage.bids,
        "opened": evaluation.fixed_at is not None,
        "nobody": [duty.label.lower() for duty in Duty if duty not in taken],
        "separation": rules.SEPARATION,
        "can_run": permissions.can_run(request.user, evaluation),
        "can_assign": evaluation.stage in {Stage.PREPARING, Stage.JUDGING},
    }
    return page(request, evaluation, "evaluation/panel.html", active="panel", **context)


@guard(permissions.can_run, on=Evaluation)
def appoint(request, evaluation):
    """Appoint somebody."""
    form = AppointForm(posted(request), people=queries.candidates(evaluation))

    def act():
        actions.appoint(
            evaluation=evaluation,
            person=form.people[form.cleaned_data["person"]],
            duty=Duty(form.cleaned_data["duty"]),
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "They are appointed and were told so", "panel", evaluation.pk)
    context = {
        "form": form,
        "separation": rules.SEPARATION,
        "without": queries.without_second_step(evaluation),
    }
    return page(request, evaluation, "evaluation/appoint.html", active="panel", **context)


@guard(permissions.can_run_of, on=Appointment)
def end_appointment(request, appointment):
    """End an appointment, with the reason."""
    form = EndForm(posted(request))
    evaluation, found = appointment.evaluation, []

    def act():
        moved = actions.end_appointment(
            appointment=appointment, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )
        found.append(moved)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        said = f". {found[0]} decisions were taken over" if found[0] else ""
        return done(request, f"The appointment has ended{said}", "panel", evaluation.pk)
    context = {
        "form": form,
        "appointment": appointment,
        "heading": f"End the appointment of {appointment.person.name or appointment.person.email}",
        "left_thin": queries.left_thin(appointment),
        "evaluates": appointment.duty == Duty.EVALUATOR,
    }
    return page(request, evaluation, "evaluation/end_appointment.html", active="panel", **context)


@guard(permissions.can_run_of, on=Appointment)
def assign_standards(request, appointment):
    """Which standards an evaluator judges."""
    evaluation = appointment.evaluation
    assigned = queries.assigned_to(appointment.person_id, evaluation)
    form = AssignForm(posted(request), themes=queries.themes_of(evaluation), assigned=assigned)

    def act():
        actions.assign(appointment=appointment, standards=form.chosen, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The standards were shared out", "panel", evaluation.pk)
    context = {"form": form, "person": appointment.person, "judging": evaluation.stage == Stage.JUDGING}
    return page(request, evaluation, "evaluation/assign_standards.html", active="panel", **context)


@guard(permissions.can_oversee, on=Evaluation)
def evaluation_rules(request, evaluation):
    """The rules that stand from the opening on: changed before it by whoever runs the evaluation, read by whoever
    oversees it."""
    cures = queries.cures_of(evaluation)
    changes = evaluation.stage == Stage.PREPARING and permissions.can_run(request.user, evaluation)
    sent = posted(request)
    form = RulesForm(sent, evaluation=evaluation, cures=cures) if changes or sent is not None else None

    def act():
        actions.fix_rules(evaluation=evaluation, **form.rules, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The rules were saved", "evaluation_rules", evaluation.pk)
    context = {
        "form": form,
        "cures": [(EvidenceKind(kind).label, Cure(cure).label) for kind, cure in cures.items()],
        "policies": evaluation.framework.policies,
    }
    return page(request, evaluation, "evaluation/evaluation_rules.html", active="panel", **context)
