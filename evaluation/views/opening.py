"""The opening: proposed, confirmed, and then the record of it, on a page and as a PDF."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core import clock, pdf
from core.access import guard
from evaluation.actions import opening as actions
from evaluation.models import Evaluation
from evaluation.permissions import panel as permissions
from evaluation.queries import interests, panel
from evaluation.queries import opening as queries
from evaluation.rules import opening as rules
from evaluation.rules.panel import check_coverage
from evaluation.states import When
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from lots.states import FrameworkState
from lots.views.setting_up import done


@guard(permissions.can_see, on=Evaluation)
def opening(request, evaluation):
    """Before: what is missing, and the button of whoever opens. After: the record."""
    act = panel.opening_act(evaluation)
    if request.method == "POST":
        return _act(request, evaluation)
    if act and act.opened_at:
        context = _record(request, evaluation, act)
        return page(request, evaluation, "evaluation/opening_record.html", **context)
    waits = act is not None and panel.opens_still(act.proposed_by_id, evaluation)
    context = {
        "act": act if waits else None,
        "is_own": waits and act.proposed_by_id == request.user.pk,
        "can_open": permissions.can_open(request.user, evaluation),
        "stops": _stops(evaluation),
        "submitted": panel.bids_expected(evaluation),
    }
    return page(request, evaluation, "evaluation/opening.html", **context)


def _act(request, evaluation):
    """Propose or open, as the button says. What is refused is said on the page."""
    proposes = request.POST.get("step") == "propose"
    try:
        if proposes:
            actions.propose(evaluation=evaluation, by=request.user)
        else:
            actions.open_bids(evaluation=evaluation, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("opening", evaluation.pk)
    said = "You have proposed the opening. Another opener must confirm it" if proposes else "The applications are open"
    return done(request, said, "opening", evaluation.pk)


def _stops(evaluation: Evaluation) -> list[str]:
    """What an opening would be refused for now, in words."""
    framework, found = evaluation.framework, []
    published = framework.state == FrameworkState.PUBLISHED
    for check in (
        lambda: rules.check_time(published=published, closes_at=framework.closes_at, at=clock.now()),
        lambda: check_coverage(panel.coverage_of(evaluation)),
    ):
        try:
            check()
        except Refused as refusal:
            found.append(str(refusal))
    return found


@guard(permissions.can_see, on=Evaluation)
@require_safe
def opening_pdf(request, evaluation):
    """The record, to keep."""
    act = panel.opening_act(evaluation)
    if act is None or act.opened_at is None:
        raise Http404
    context = _record(request, evaluation, act) | {"framework": evaluation.framework, "evaluation": evaluation}
    made = pdf.render("pdf/opening_record.html", context, at=act.opened_at)
    return pdf.response(f"opening-{evaluation.pk}.pdf", made)


def _record(request, evaluation: Evaluation, act) -> dict:
    """Each submission that the person may see; of the others how many."""
    rows = queries.opened(evaluation, user=request.user)
    return {
        "act": act,
        "seed": rules.shown_seed(evaluation.seed, evaluation.stage),
        "rows": rows,
        "hidden": act.submissions - len(rows),
        "declared": interests.has_declared(request.user, evaluation, When.AFTER),
    }
