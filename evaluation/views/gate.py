"""Runs of the price check: asking for one, what it found, signing it, and each of its averages."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard
from evaluation.actions import gate as actions
from evaluation.forms.prices import RunForm, SignForm
from evaluation.models import Evaluation, GatePool, GateRun
from evaluation.permissions import prices as permissions
from evaluation.queries import gate as queries
from evaluation.queries import price_pages
from evaluation.queries import sensitivity as other_rules
from evaluation.queries.low_prices import all_undecided
from evaluation.queries.prices import opening_of
from evaluation.rules import amounts, low_prices, sensitivity
from evaluation.rules.gate import KINDS
from evaluation.rules.stages import check_stage
from evaluation.states import RunState, Stage
from evaluation.views.frame import page
from evaluation.views.prices import colour_of
from evaluation.work import prices as work
from evaluation.work.pictures import alt_of
from jobs.tasks import start_soon
from lots.rules.refusals import Refused
from lots.views.setting_up import tried

NOT_SHOWN = "A bidder that is not shown to you"


@guard(permissions.can_check_prices, on=Evaluation)
def ask_run(request, evaluation):
    """Say under which rules, and check the prices."""
    signed = queries.signed_run(evaluation)
    form, made = RunForm(posted(request), replaces=signed is not None), []

    def act():
        made.append(actions.ask_run(evaluation=evaluation, why=form.given, by=request.user, at=clock.now()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        if not work.at_once(made[0]):
            start_soon()
        return redirect("run", made[0].pk)
    opening = opening_of(evaluation)
    context = {
        "form": form,
        "signed": signed,
        "shut": _shut(evaluation, opening),
        "policy": price_pages.policy_in_words(queries.Policy.of(evaluation.framework.policies)),
    }
    return page(request, evaluation, "evaluation/ask_run.html", active="price_check", **context)


def _shut(evaluation, opening) -> str:
    try:
        check_stage(evaluation.stage, {Stage.PRICES, Stage.CHECKED, Stage.AWARDED}, "Prices can be checked")
        low_prices.check_decided(all_undecided(evaluation, opening.freeze))
    except Refused as refusal:
        return str(refusal)
    return ""


@guard(permissions.can_see_prices, on=GateRun)
@require_safe
def run(request, run):
    """What a run found, or that it is being worked out, or why it counts no longer."""
    return _page(request, run, "evaluation/run.html")


@guard(permissions.can_sign, on=GateRun)
def sign_run(request, run):
    """Read what is pointed out, tick it, and sign."""
    flags = queries.flags_of(run)
    kinds = {kind: words for kind, words in KINDS.items() if any(flag.kind == kind for flag in flags)}
    form = SignForm(posted(request), kinds=kinds)

    def act():
        actions.sign_run(run=run, seen=form.ticked, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "You have signed the price check")
        return redirect("run", run.pk)
    if run.state != RunState.DONE and request.method != "POST":
        return redirect("run", run.pk)
    return _page(request, run, "evaluation/sign_run.html", form=form)


@require_POST
@guard(permissions.can_see_prices, on=GateRun)
def check_run_again(request, run):
    """Work it out again from what it keeps, and say what came out."""
    try:
        again = actions.check_again(run=run, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("run", run.pk)
    return _page(request, run, "evaluation/run.html", again=again)


def _page(request, run, template: str, **more):
    """A run with its averages, what is pointed out, who is outside a limit, and who would change under other rules."""
    evaluation = run.evaluation
    has_result = bool(run.sha256) and permissions.can_see_found(request.user, run)
    flags = queries.flags_of(run) if has_result else []
    outside = price_pages.outside_of(run) if has_result else []
    is_current = has_result and run.state in {RunState.DONE, RunState.SIGNED}
    found = other_rules.all_inputs(run) if is_current else None
    changes = sensitivity.compare(found.prices, found.places, found.policy) if found else []
    bids = {bid for flag in flags for bid in flag.bids} | {one.bid_id for one in outside}
    bids |= {place[0] for one in changes for place in (*one.gained, *one.lost)}
    names = price_pages.names_for(evaluation, user=request.user, bids=bids)
    rows, same = _changed(changes, names, evaluation)
    context = {
        "run": run,
        "state": RunState(run.state).label,
        "colour": colour_of(run),
        "job": queries.job_of(run) if run.state == RunState.RUNNING else None,
        "has_result": has_result,
        "withheld": bool(run.sha256) and not has_result,
        "policy": price_pages.policy_in_words(queries.policy_of(run)),
        "pools": price_pages.pools_of(run) if has_result else [],
        "flags": _told(flags, names),
        "outside": [(names.get(one.bid_id, NOT_SHOWN), one, price_pages.name_of(one.pool)) for one in outside],
        "has_changes": bool(found),
        "changes": rows,
        "same": same,
        "too_many": is_current and found is None,
        "may_sign": has_result and run.state == RunState.DONE and permissions.can_sign(request.user, run),
        "own": run.asked_by_id == request.user.pk,
        "may_run": permissions.can_check_prices(request.user, evaluation),
    }
    return page(request, evaluation, template, active="price_check", **context | more)


def _told(flags, names) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """By kind: its words, and each average with the bidders that it is about."""
    where = price_pages.names_of_keys({flag.pool for flag in flags if flag.pool})
    found = defaultdict(list)
    for flag in flags:
        told = [names.get(bid, NOT_SHOWN) for bid in flag.bids]
        found[flag.kind].append((where[flag.pool] if flag.pool else "", told))
    return [(words, found[kind]) for kind, words in KINDS.items() if kind in found]


def _changed(changes, names, evaluation) -> tuple[list[dict], list[str]]:
    """The other rules under which places would be won or lost, and in words those under which nothing would change."""
    labels = price_pages.labels_of_places(evaluation)

    def named(places) -> tuple[list[str], int]:
        there = defaultdict(list)
        for bid, lot, part in places:
            there[bid].append(labels[lot, part])
        told = [f"{names.get(bid, NOT_SHOWN)} ({'; '.join(where)})" for bid, where in there.items()]
        return told[: sensitivity.MOST_NAMED], max(0, len(told) - sensitivity.MOST_NAMED)

    rows = [
        {"what": one.other.what, "says": one.other.says, "gained": named(one.gained), "lost": named(one.lost)}
        for one in changes
        if one.gained or one.lost
    ]
    same = [f"{one.other.what}: {one.other.says}" for one in changes if not (one.gained or one.lost)]
    return rows, same


@guard(permissions.can_see_pool, on=GatePool)
@require_safe
def pool(request, pool):
    """One average: every price as a mark, and each of them in the table with how far it lies from the limit."""
    evaluation = pool.run.evaluation
    listed = lists.page(price_pages.results_in(pool), request.GET, order=["compared", "id"])
    for one in listed.rows:
        one.amount = amounts.pounds(one.compared)
        one.apart, one.share = amounts.against(one.compared, pool.upper)
    context = {
        "pool": pool,
        "run": pool.run,
        "state": RunState(pool.run.state).label,
        "colour": colour_of(pool.run),
        "name": price_pages.name_of(pool),
        "average": amounts.average(pool.total, pool.count),
        "sum": amounts.pounds(pool.total),
        "limit": price_pages.limit_of(pool),
        "margin": queries.policy_of(pool.run).margin_percent,
        "alt": alt_of(pool, price_pages.results_for(pool)),
        "page": listed,
    }
    return page(request, evaluation, "evaluation/pool.html", active="price_check", **context)
