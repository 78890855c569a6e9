"""The list of bids, one bid, and a bid that leaves or comes back."""

from __future__ import annotations

from django.urls import NoReverseMatch
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard
from core.addresses import address
from core.crypto import SealBroken
from evaluation.actions import bids as actions
from evaluation.filters import BidFilter
from evaluation.forms.panel import BidMoveForm
from evaluation.models import Bid, Evaluation
from evaluation.permissions import duties as may
from evaluation.permissions import panel as permissions
from evaluation.queries import bids as queries
from evaluation.queries.documents import document_of
from evaluation.queries.interests import has_declared
from evaluation.rules import opening as rules
from evaluation.states import BID_MOVES, BidState, When
from evaluation.views.frame import page
from lots.views.setting_up import done, tried
from providers.rules import copy
from providers.views import answered

COLOURS = {
    BidState.IN: "green",
    BidState.UNREADABLE: "red",
    BidState.WITHDRAWN: "grey",
    BidState.EXCLUDED: "grey",
}


@guard(permissions.can_see, on=Evaluation)
@require_safe
def bids(request, evaluation):
    """The bids, by the bidder's name."""
    user = request.user
    shows = _shows(user, evaluation)
    rows = queries.bids_of(evaluation, user=user, shows=shows)
    lots = queries.lots_of(evaluation)
    found = BidFilter(request.GET, queryset=rows, user=user, lots=lots, shows=shows)
    listed = lists.page(found.qs, request.GET, order=["provider_name", "id"])
    if not listed.rows and not has_declared(user, evaluation, When.AFTER):
        context = {"opened": evaluation.fixed_at is not None}
        return page(request, evaluation, "evaluation/bids_shut.html", active="bids", **context)
    for one in listed.rows:
        one.shown, one.colour = queries.described(one), COLOURS[one.state]
    context = {"filter": found, "page": listed, "shows": shows}
    return page(request, evaluation, "evaluation/bids.html", active="bids", **context)


@guard(permissions.can_see, on=Bid)
@require_safe
def bid(request, bid):
    """Who bids, for what, and everything that was submitted, but its prices."""
    user, evaluation = request.user, bid.evaluation
    try:
        document = document_of(bid, user=user)
    except SealBroken:
        document = None
    shows = _shows(user, evaluation)
    context = {
        "bid": bid,
        "colour": COLOURS[bid.state],
        "lots": queries.rows_of(bid),
        "groups": _groups(document) if document else [],
        "evidence": _evidence(bid, document) if document else [],
        "shows": shows,
        "progress": _progress(bid, user, shows) if shows else "",
        "moves": _moves(bid) if permissions.can_run(user, evaluation) else [],
    }
    return page(request, evaluation, "evaluation/bid.html", active="bids", **context)


def _progress(bid: Bid, user, shows: str) -> str:
    row = queries.bids_of(bid.evaluation, user=user, shows=shows).filter(pk=bid.pk).first()
    return queries.described(row).progress if row else ""


def _shows(user, evaluation: Evaluation) -> str:
    """How far bids are: to an evaluator their own work alone, to moderators and overseers what stands."""
    if may.can_judge(user, evaluation):
        return "own"
    return "all" if may.can_moderate(user, evaluation) or may.can_oversee(user, evaluation) else ""


def _groups(document: dict) -> list[answered.Group]:
    numbers = answered.numbers_of(document)
    sections = (one for one in copy.sections(document) if one.code != "prices")
    return answered.groups((answered.Shown(one, number=numbers.get(one.code, "")) for one in sections), HEADINGS)


def _evidence(bid: Bid, document: dict) -> list[dict]:
    """Each document that was submitted, with the way to it, where there is one."""
    return [one | {"url": _file(bid, one["version"])} for one in document["evidence"]]


def _file(bid: Bid, version: int) -> str:
    try:
        return address("bid_evidence_file", bid.pk, version)
    except NoReverseMatch:
        return ""


# The parts of an application under the headings of somebody else than the bidder; prices are not there.
HEADINGS = dict.fromkeys(("organisation", "profile", "exclusion", "connected", "conflicts"), "About the organisation")
HEADINGS |= {"lots": "Lots"}

WAYS = {
    BidState.WITHDRAWN: ("withdraw_bid", "Write down that the bidder withdrew"),
    BidState.EXCLUDED: ("exclude_bid", "Exclude this bidder"),
    BidState.IN: ("bring_back_bid", "Take the exclusion back"),
}


def _moves(bid: Bid) -> list[tuple[str, str]]:
    return [(address(WAYS[to][0], bid.pk), WAYS[to][1]) for to in BidState if to in BID_MOVES[BidState(bid.state)]]


@guard(permissions.can_run_bid, on=Bid)
def withdraw_bid(request, bid):
    """Write down that the bidder withdrew after the opening."""
    return _move(request, bid, BidState.WITHDRAWN, "The bidder’s withdrawal was written down")


@guard(permissions.can_run_bid, on=Bid)
def exclude_bid(request, bid):
    """Exclude the bidder."""
    return _move(request, bid, BidState.EXCLUDED, "The bidder is excluded")


@guard(permissions.can_run_bid, on=Bid)
def bring_back_bid(request, bid):
    """Take an exclusion back."""
    return _move(request, bid, BidState.IN, "The bid is in the evaluation again")


def _move(request, bid: Bid, to: BidState, said: str):
    """Ask why, say what follows, do it."""
    heading = WAYS[to][1]
    form = BidMoveForm(posted(request), submit=heading, warning=to != BidState.IN)

    def act():
        actions.move_bid(bid=bid, to=to, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, said, "bid", bid.pk)
    context = {
        "form": form,
        "bid": bid,
        "heading": heading,
        "follows": rules.follows(to, bid.evaluation.stage),
        "possible": to in BID_MOVES[BidState(bid.state)],
        "excludes": to == BidState.EXCLUDED,
    }
    return page(request, bid.evaluation, "evaluation/move_bid.html", active="bids", **context)
