"""Corrections of prices: proposing one, and looking at it to approve or drop it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.forms.fields import posted
from core import clock
from core.access import Denied, guard
from evaluation.actions import corrections as actions
from evaluation.forms.prices import CorrectForm
from evaluation.models import Bid, Correction
from evaluation.permissions import prices as permissions
from evaluation.queries import price_pages as queries
from evaluation.queries.gate import signed_run
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from lots.views.setting_up import tried


@guard(permissions.can_handle, on=Bid)
def propose_correction(request, bid, price):
    """Say what a price should have been, why, and how the bidder agreed."""
    found = queries.price_of(bid, price)
    if found is None:
        raise Http404
    form = CorrectForm(posted(request))

    def act():
        typed = form.cleaned_data
        actions.propose_correction(
            bid=bid,
            price=found,
            becomes_pence=typed["becomes"],
            reason=typed["reason"],
            consent=typed["consent"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The correction waits for approval by a second person")
        return redirect("price_check", bid.evaluation_id)
    context = {"bid": bid, "price": found, "name": queries.name_of(found), "form": form}
    return page(request, bid.evaluation, "evaluation/propose_correction.html", active="price_check", **context)


@guard(permissions.can_see_correction, on=Correction)
def correction(request, correction):
    """A correction; approvers approve it here."""
    bid = correction.price.submission.bid
    evaluation, approves = bid.evaluation, permissions.can_approve_correction(request.user, correction)
    if request.method == "POST":
        if not approves:
            raise Denied
        try:
            actions.approve_correction(correction=correction, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("correction", correction.pk)
        messages.success(request, "The price is corrected. Check the prices again")
        return redirect("price_check", evaluation.pk)
    waits = correction.approved_at is None and correction.dropped_at is None
    context = {
        "correction": correction,
        "bid": bid,
        "name": queries.name_of(correction.price),
        "waits": waits,
        "own": correction.proposed_by_id == request.user.pk,
        "approves": approves and waits,
        "drops": waits and permissions.can_drop_correction(request.user, correction),
        "signed": signed_run(evaluation),
    }
    return page(request, evaluation, "evaluation/correction.html", active="price_check", **context)


@require_POST
@guard(permissions.can_drop_correction, on=Correction)
def drop_correction(request, correction):
    """Drop it."""
    try:
        actions.drop_correction(correction=correction, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The correction was dropped. The price stays as it is")
    return redirect("correction", correction.pk)
