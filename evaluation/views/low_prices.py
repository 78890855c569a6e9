"""The question about an unusually low price: asked, read and decided by the panel, answered by the bidder."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.forms.fields import posted
from core import addresses, clock
from core.access import Denied, guard
from evaluation.actions import low_prices as actions
from evaluation.forms.prices import AnswerLowForm, AskLowForm, DecideLowForm
from evaluation.models import Bid, LowEnquiry
from evaluation.permissions import prices as permissions
from evaluation.queries import price_pages as queries
from evaluation.queries.low_prices import enquiry_about
from evaluation.rules import low_prices as rules
from evaluation.rules.clarifying import due_at
from evaluation.rules.stages import check_stage
from evaluation.states import Stage
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from lots.views.setting_up import tried
from providers.rules.countdown import left_in_words


@guard(permissions.can_handle, on=Bid)
def ask_low_price(request, bid, price):
    """Ask a bidder about one of its prices."""
    found = queries.price_of(bid, price)
    if found is None:
        raise Http404
    stands = enquiry_about(found)
    if stands and request.method != "POST":
        return redirect("low_price", stands.pk)
    form, at = AskLowForm(posted(request)), clock.now()

    def act():
        actions.ask_low_price(bid=bid, price=found, text=form.cleaned_data["text"], by=request.user, at=at)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, f"Your question was sent to {bid.provider_name}")
        return redirect("price_check", bid.evaluation_id)
    context = {
        "bid": bid,
        "price": found,
        "name": queries.name_of(found),
        "form": form,
        "due_at": due_at(at, bid.evaluation.clarify_days),
    }
    return page(request, bid.evaluation, "evaluation/ask_low_price.html", active="price_check", **context)


@guard(permissions.can_see_low, on=LowEnquiry)
def low_price(request, enquiry):
    """A question with its answer; approvers decide here."""
    evaluation, decides = enquiry.bid.evaluation, permissions.can_decide_low(request.user, enquiry)
    form = DecideLowForm(posted(request)) if decides else None

    def act():
        actions.decide_low_price(
            enquiry=enquiry,
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and not decides:
        raise Denied
    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "Your decision is saved")
        return redirect("price_check", evaluation.pk)
    context = {
        "enquiry": enquiry,
        "bid": enquiry.bid,
        "price": queries.price_of(enquiry.bid, enquiry.price_id),
        "name": queries.name_of(enquiry.price),
        "form": form,
        "shut": _shut(enquiry, evaluation, request.user) if decides else "",
        "lapsed": enquiry.answered_at is None and enquiry.due_at < clock.now(),
    }
    return page(request, evaluation, "evaluation/low_price.html", active="price_check", **context)


def _shut(enquiry, evaluation, user) -> str:
    try:
        check_stage(evaluation.stage, {Stage.PRICES}, "An unusually low price can be decided")
        rules.check_decide(
            decision="keep",
            asked_by=enquiry.asked_by_id,
            by=user.pk,
            at=clock.now(),
            due_at=enquiry.due_at,
            answered=enquiry.answered_at is not None,
            ended=enquiry.replaced_at is not None,
        )
    except Refused as refusal:
        return str(refusal)
    return ""


@guard(permissions.can_answer_low, on=LowEnquiry)
def answer_low_price(request, enquiry):
    """The bidder's one answer. What was typed stays on the page, whatever comes of it."""
    form = AnswerLowForm(posted(request))

    def act():
        actions.answer_low_price(enquiry=enquiry, text=form.cleaned_data["text"], by=request.user)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "Your answer was sent")
        return redirect("answer_low_price", enquiry.pk)
    ended = enquiry.replaced_at is not None or bool(enquiry.decision)
    context = {
        "enquiry": enquiry,
        "framework": enquiry.bid.evaluation.framework,
        "price": queries.price_of(enquiry.bid, enquiry.price_id),
        "name": queries.name_of(enquiry.price),
        "form": form,
        "left": left_in_words(enquiry.due_at, clock.now()),
        "is_open": enquiry.answered_at is None and not ended and clock.now() <= enquiry.due_at,
        "back_url": addresses.address("bidder_evaluation", enquiry.bid.submission.application_id),
    }
    return render(request, "evaluation/answer_low_price.html", context)
