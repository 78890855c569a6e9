"""Prices once quality is frozen: opening them, how far the price check is, and the prices of one bid."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard
from evaluation.actions import prices as actions
from evaluation.forms.prices import OpenForm
from evaluation.models import Bid, Evaluation
from evaluation.permissions import prices as permissions
from evaluation.queries import gate as gate_queries
from evaluation.queries import price_pages as queries
from evaluation.queries.freezes import standing_freeze
from evaluation.queries.low_prices import shown_for
from evaluation.queries.prices import opening_of
from evaluation.rules import connected, runs
from evaluation.rules.stages import check_stage
from evaluation.states import RunState, Stage
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from lots.views.setting_up import tried

_COLOURS = {RunState.RUNNING: "blue", RunState.DONE: "yellow", RunState.SIGNED: "green", RunState.VOID: "grey"}


def colour_of(run) -> str:
    """Of a run's state."""
    return _COLOURS[RunState(run.state)]


@guard(permissions.can_open_prices, on=Evaluation)
def open_prices(request, evaluation):
    """Open the prices behind the freeze; or why that cannot be done, or was done already."""
    if opening_of(evaluation) and request.method != "POST":
        return redirect("price_check", evaluation.pk)
    form, freeze = OpenForm(posted(request)), standing_freeze(evaluation)

    def act():
        actions.open_prices(evaluation=evaluation, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The prices are open")
        return redirect("price_check", evaluation.pk)
    shut = _shut(evaluation, freeze, request.user)
    context = {"form": form, "freeze": freeze, "shut": shut}
    return page(request, evaluation, "evaluation/open_prices.html", active="price_check", **context)


def _shut(evaluation, freeze, user) -> str:
    try:
        check_stage(evaluation.stage, {Stage.FROZEN}, "Prices can be opened")
        if freeze:
            runs.check_opener(frozen_by=freeze.by_id, by=user.pk)
    except Refused as refusal:
        return str(refusal)
    return ""


@guard(permissions.can_see_prices, on=Evaluation)
@require_safe
def price_check(request, evaluation):
    """How far it is: who opened prices, what is unusually low, what was corrected, every run and its averages."""
    opening = opening_of(evaluation)
    latest = gate_queries.latest_run(evaluation)
    found = latest if latest and latest.state in {RunState.DONE, RunState.SIGNED} else None
    shown = found if found and gate_queries.meets_all_in(found, request.user) else None
    every = gate_queries.runs_of(evaluation)
    low = shown_for(evaluation, opening.freeze, user=request.user) if opening else []
    context = {
        "opening": opening,
        "low": low,
        "waits": sum(1 for one in low if one.waits),
        "corrections": queries.corrections_for(evaluation, user=request.user),
        "runs": [(run, RunState(run.state).label, colour_of(run)) for run in every],
        "latest": latest,
        "shown": shown,
        "withheld": found is not None and shown is None,
        "pools": queries.pools_of(shown) if shown else [],
        "ties": _ties(opening, evaluation, request.user),
        "may_run": permissions.can_check_prices(request.user, evaluation),
        "can_correct": evaluation.stage in {Stage.PRICES, Stage.CHECKED},
    }
    return page(request, evaluation, "evaluation/price_check.html", active="price_check", **context)


def _ties(opening, evaluation, user) -> list[tuple[str, str, str]] | None:
    """Who is connected with whom and how, as far as the person meets both; None where nobody could look."""
    pairs = connected.read(opening.connected) if opening else []
    if not pairs:
        return pairs
    names = queries.names_for(evaluation, user=user, bids={bid for one in pairs for bid in (one.one, one.other)})
    return [
        (names[one.one], names[one.other], connected.HOW[one.how])
        for one in pairs
        if one.one in names and one.other in names
    ]


@guard(permissions.can_see_prices, on=Evaluation)
@require_safe
def priced_bids(request, evaluation):
    """The bids whose prices the person may look at, by name."""
    rows = queries.priced_bids(evaluation, user=request.user)
    listed = lists.page(rows, request.GET, order=["provider_name", "id"])
    return page(request, evaluation, "evaluation/priced_bids.html", active="price_check", page=listed)


@guard(permissions.can_see_prices, on=Bid)
@require_safe
def bid_prices(request, bid):
    """Every price of one bid, those that are only quoted too, with what was asked about it and corrected."""
    evaluation = bid.evaluation
    handles = permissions.can_check_prices(request.user, evaluation)  # that they meet it was the guard's question
    context = {
        "bid": bid,
        "prices": queries.prices_of(bid),
        "may_ask": handles and evaluation.stage == Stage.PRICES,
        "may_correct": handles and evaluation.stage in {Stage.PRICES, Stage.CHECKED},
        "list_url": reverse("priced_bids", args=[evaluation.pk]),
    }
    return page(request, evaluation, "evaluation/bid_prices.html", active="price_check", **context)
