"""Appeals of bidders against outcomes."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import Denied, guard
from evaluation.actions import appeals as actions
from evaluation.forms.moderation import AppealForm, DecideForm
from evaluation.models import Appeal, Bid, Evaluation
from evaluation.permissions import moderation as permissions
from evaluation.queries import appeals as queries
from evaluation.queries import differences
from evaluation.rules import appeals as rules
from evaluation.rules.stages import check_stage
from evaluation.states import AppealState
from evaluation.views.frame import page
from evaluation.views.material import material
from lots.rules.refusals import Refused
from lots.views.setting_up import tried


@guard(permissions.can_see_freeze, on=Evaluation)
@require_safe
def appeals(request, evaluation):
    """Every appeal, the last one first."""
    rows = queries.appeals_of(evaluation, user=request.user)
    return page(
        request,
        evaluation,
        "evaluation/appeals.html",
        active="freeze",
        page=lists.page(rows, request.GET, order=["-id"]),
    )


@guard(permissions.can_note_appeal, on=Bid)
def note_appeal(request, bid):
    """Write down what a bidder challenges."""
    shut = _shut(bid.evaluation, actions.AFTER_A_FREEZE, "An appeal is noted")
    form = AppealForm(posted(request), outcomes=queries.outcomes_of(bid))

    def act():
        chosen, typed = form.chosen, form.cleaned_data
        form.made = actions.note_appeal(
            bid=bid,
            standard=chosen.standard,
            lot=chosen.lot,
            text=typed["text"],
            received_on=typed["received_on"],
            by=request.user,
            at=clock.now(),
            today=clock.today(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The appeal is noted")
        return redirect("appeal", form.made.pk)
    return page(request, bid.evaluation, "evaluation/note_appeal.html", active="freeze", bid=bid, form=form, shut=shut)


@guard(permissions.can_see_freeze, on=Appeal)
def appeal(request, appeal):
    """One appeal with everything that was decided about its standard, and its decision."""
    user, bid = request.user, appeal.bid
    unit = (bid.pk, appeal.standard_id, appeal.lot_id)
    may = permissions.can_decide_appeal(user, appeal)
    if request.method == "POST" and not may:
        raise Denied
    case = differences.case_of(bid, appeal.standard, appeal.lot, user=user)
    stands = case.stands
    waits = appeal.state == AppealState.RECEIVED
    why_not = _why_not(case, differences.has_settled(user, *unit)) if may and waits else ""
    form = DecideForm(posted(request), stands=stands.outcome if stands else "")

    def act():
        typed = form.cleaned_data
        actions.decide_appeal(
            appeal=appeal,
            decision=AppealState(typed["decision"]),
            outcome=typed["outcome"],
            reason=typed["reason"],
            by=user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The appeal is decided")
        return redirect("appeal", appeal.pk)
    return page(
        request,
        bid.evaluation,
        "evaluation/appeal.html",
        active="freeze",
        appeal=appeal,
        bid=bid,
        case=case,
        form=form,
        waits=waits,
        may_decide=may and waits and not why_not,
        why_not=why_not,
        is_stale=appeal.state == AppealState.UPHELD and queries.is_stale(appeal),
        **(material(bid, appeal.standard_id, appeal.lot_id, user=user) if waits else {}),
    )


def _why_not(case, has_settled: bool) -> str:
    """Why this person does not decide it; empty where they can."""
    try:
        rules.check_decider(state=AppealState.RECEIVED, has_judged=case.has_judged, has_settled=has_settled)
    except Refused as refusal:
        return str(refusal)
    return ""


def _shut(evaluation, stages, what: str) -> str:
    try:
        check_stage(evaluation.stage, stages, what)
    except Refused as refusal:
        return str(refusal)
    return ""
