"""The overview of an evaluation: every step, what comes next, what waits for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import NoReverseMatch
from django.views.decorators.http import require_safe

from core import clock, lists
from core.access import guard, signed_in
from core.addresses import address
from evaluation.models import Evaluation
from evaluation.permissions import duties as may
from evaluation.permissions import panel as permissions
from evaluation.permissions import prices
from evaluation.queries import overview as queries
from evaluation.queries.duties import duties_of
from evaluation.queries.interests import declarations_of
from evaluation.queries.panel import opening_act
from evaluation.rules import overview as rules
from evaluation.rules.overview import Me, State, Step
from evaluation.states import Duty, Stage, When
from evaluation.views import frame

# Where each step is done, and who is led there. A page that does not exist yet is not linked.
PAGES = {
    "panel": ("panel", permissions.can_oversee),
    "rules": ("evaluation_rules", permissions.can_oversee),
    "declare": ("declare_interests", permissions.can_declare),
    "opening": ("opening", permissions.can_see),
    "declare_again": ("declare_bidders", permissions.can_declare),
    "given": ("give_out_judging", permissions.can_run),
    "judging": ("my_judgements", may.can_judge),
    "moderation": ("differences", may.can_moderate),
    "freeze": ("freeze", may.can_moderate),
    "prices": ("open_prices", prices.can_open_prices),
    "check": ("price_check", may.can_see_prices),
    "award": ("awards", may.can_see_prices),
    "letters": ("letters", may.can_see_prices),
    "report": ("evaluation_report", permissions.can_oversee),
}
# A step that some do and others only watch: where these are led instead.
WATCHES = {"judging": ("progress", permissions.can_oversee)}
STATES = {
    State.DONE: ("Done", "green"),
    State.NOW: ("To do", "blue"),
    State.OPEN: ("Can be done", "grey"),
    State.LATER: ("Cannot start yet", ""),
}


@dataclass(frozen=True)
class Task:
    """A step as the page shows it."""

    step: Step
    url: str
    words: str
    colour: str
    done: queries.Done | None

    @property
    def later(self) -> bool:
        """Nothing can be done about it yet."""
        return self.step.state == State.LATER


@guard(signed_in)
@require_safe
def evaluations(request):
    """The evaluations in which somebody takes part or that they oversee, the newest first."""
    page = lists.page(queries.evaluations_of(request.user), request.GET, order=["-id"])
    duties = queries.duties_in(page.rows, request.user)
    for one in page.rows:
        one.own_duties = [duty.label for duty in Duty if duty in duties.get(one.pk, ())]
    return render(request, "evaluation/evaluations.html", {"page": page})


@guard(permissions.can_see, on=Evaluation)
@require_safe
def evaluation(request, evaluation):
    """Every step with its state, its moment and who did it."""
    user, at = request.user, clock.now()
    act, stands = opening_act(evaluation), declarations_of(evaluation)
    me = _me(user, evaluation, act, stands, at=at)
    counts = (me.oversees or Duty.MODERATOR in me.duties) and Duty.EVALUATOR not in me.duties
    steps = rules.steps(queries.facts_of(evaluation, me, counts=counts, act=act, stands=stands, at=at))
    moments = queries.moments_of(evaluation, act)
    tasks = [_task(step, user, evaluation, moments) for step in steps]
    following = rules.next_of(steps)
    context = {
        "tasks": tasks,
        "yours": [task for task in tasks if task.step.yours],
        "next": next((task for task in tasks if task.step is following), None),
        "begun": moments["begun"],
        "duties": [duty.label for duty in Duty if duty in me.duties],
        "oversees": me.oversees,
        "declares": me.declares,
    }
    return frame.page(request, evaluation, "evaluation/overview.html", active="evaluation", **context)


def _me(user, evaluation: Evaluation, act, stands, *, at) -> Me:
    duties = duties_of(user, evaluation)
    judges = Duty.EVALUATOR in duties and evaluation.stage == Stage.JUDGING
    return Me(
        duties=duties,
        oversees=permissions.can_oversee(user, evaluation),
        runs=permissions.can_run(user, evaluation),
        declared_before=(user.pk, When.BEFORE) in stands,
        declared_after=(user.pk, When.AFTER) in stands,
        to_judge=queries.own_to_judge(user, evaluation, at=at) if judges else 0,
        proposed_opening=bool(act) and act.proposed_by_id == user.pk,
        proposed_award=queries.proposed_award(user, evaluation),
    )


def _task(step: Step, user, evaluation: Evaluation, moments) -> Task:
    words, colour = STATES[step.state]
    return Task(step, _url(step, user, evaluation), words, colour, moments.get(step.code))


def _url(step: Step, user, evaluation: Evaluation) -> str:
    for name, allowed in (PAGES[step.code], WATCHES.get(step.code, PAGES[step.code])):
        if allowed(user, evaluation) and (step.state != State.LATER or step.code == "opening"):
            try:
                return address(name, evaluation.pk)
            except NoReverseMatch:
                continue
    return ""
