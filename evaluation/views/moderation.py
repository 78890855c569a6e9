"""Differences between two judgements: the list, and one of them side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard
from evaluation.actions import moderation as actions
from evaluation.forms.differences import DifferencesFilter
from evaluation.forms.moderation import ModerateForm
from evaluation.models import Bid, Evaluation
from evaluation.permissions import duties as permissions
from evaluation.queries import differences as queries
from evaluation.queries.frozen import for_each_lot
from evaluation.rules import moderation as rules
from evaluation.rules.stages import check_stage
from evaluation.states import BidState, Outcome, Stage
from evaluation.views.frame import page
from evaluation.views.material import material
from lots.rules.refusals import Refused
from lots.views.setting_up import tried


@guard(permissions.can_moderate, on=Evaluation)
@require_safe
def differences(request, evaluation):
    """What two people judged differently, fifty to a page, in the order of bids and standards."""
    themes, judges = queries.narrowed_by(evaluation)
    rows = queries.differences_of(evaluation, user=request.user)
    found = DifferencesFilter(request.GET, queryset=rows, evaluation=evaluation, themes=themes, judges=judges)
    listed = lists.page(found.qs, request.GET, order=queries.ORDER)
    for row in listed.rows:
        row.url = _address(row.bid_id, row.standard_id, row.lot_id)
        row.other_said = Outcome(row.other_outcome).label if row.other_outcome else ""
        row.said = Outcome(row.outcome).label
    return page(request, evaluation, "evaluation/differences.html", active="differences", filter=found, page=listed)


@guard(permissions.can_moderate, on=Bid)
def moderate(request, bid, standard):
    """Both judgements of one standard side by side, with what the bidder said and sent; and what a meeting agreed."""
    case = _case(request, bid, standard)
    stands = case.stands
    shut = _shut(case)
    sides = case.sides
    people = queries.panel_of(bid, [one.person_id for one in sides]) if not shut else []
    form = ModerateForm(posted(request), people=people, stands=stands.pk if stands else None)

    def act():
        typed = form.cleaned_data
        actions.moderate(
            bid=bid,
            standard=case.standard,
            lot=case.lot,
            outcome=typed["outcome"],
            reason=typed["reason"],
            met_on=typed["met_on"],
            took_part=form.chosen,
            seen=form.saw(),
            by=request.user,
            at=clock.now(),
            today=clock.today(),
        )

    if request.method == "POST" and shut:
        messages.error(request, f"{shut}.")
    elif request.method == "POST" and form.is_valid():
        if tried(form, act):
            messages.success(request, f"Saved what was agreed about {case.standard.number} of {bid.provider_name}")
            return redirect("differences", bid.evaluation_id)
        case = _case(request, bid, standard)
        form.see(case.stands.pk if case.stands else None)
    return page(
        request,
        bid.evaluation,
        "evaluation/moderate.html",
        active="differences",
        bid=bid,
        case=case,
        form=form,
        shut=shut,
        **material(bid, case.standard.pk, case.lot.pk if case.lot else None, user=request.user),
    )


def _case(request, bid, standard: int) -> queries.Case:
    """The standard and lot that the address names; a stranger's is not found."""
    found, each = queries.standard_of(bid.evaluation, standard), for_each_lot(bid.evaluation)
    lot = queries.lot_of(bid, request.GET.get("lot", "")) if each else None
    if found is None or (each and lot is None):
        raise Http404
    return queries.case_of(bid, found, lot, user=request.user)


def _shut(case: queries.Case) -> str:
    """Why nothing can be decided here now; empty where it can."""
    stands = case.stands
    try:
        check_stage(case.bid.evaluation.stage, {Stage.JUDGING}, "A difference is decided")
        rules.check_case(
            is_in=case.bid.state == BidState.IN,
            has_judged=case.has_judged,
            outcomes=[one.outcome for one in case.sides],
            how=stands.how if stands else None,
            clashes=case.clashes,
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def _address(bid: int, standard: int, lot: int | None) -> str:
    address = reverse("moderate", args=[bid, standard])
    return f"{address}?lot={lot}" if lot else address
