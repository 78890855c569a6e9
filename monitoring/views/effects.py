"""Documents of providers that ran out, and what a buyer decides."""

from __future__ import annotations

from functools import partial

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import effects as actions
from monitoring.forms.effects import AnswerForm, ProposalFilter
from monitoring.models import Proposal
from monitoring.permissions import effects as permissions
from monitoring.queries import effects as queries
from monitoring.states import Answered, Effect
from monitoring.views.frame import page

COLOURS = {"waits": "red", "held": "yellow", "suspended": "red", "ended": "grey", "renewed": "green"}


@guard(permissions.can_list, on=Organisation)
@require_safe
def proposals(request, buyer):
    """What ran out at the providers on a buyer's frameworks: what waits for a decision first, then the newest."""
    found = ProposalFilter(request.GET, queryset=queries.of_buyer(buyer, user=request.user))
    rows = found.qs if found.is_all else found.qs.filter(lapsed_at=None)
    listed = lists.page(rows, request.GET, order=["answered", "-id"])
    shown = [(one, _look(one)) for one in listed.rows]
    context = {"filter": found, "page": listed, "proposals": shown}
    return page(request, buyer, "monitoring/proposals.html", active="proposals", **context)


@guard(permissions.can_see, on=Proposal)
def answer_proposal(request, proposal):
    """One document that ran out: what it means, which places it reaches, and the decision."""
    form = None
    can = permissions.can_answer(request.user, proposal)
    again = proposal.effect == Effect.HOLD and proposal.answered == Answered.YES
    if can and (request.method == "POST" or (not proposal.lapsed_at and (again or not proposal.answered))):
        form = AnswerForm(posted(request), effect=proposal.effect, answered=proposal.answered if again else "")
        if request.method == "POST" and form.is_valid():
            act = partial(actions.answer_proposal, proposal=proposal, by=request.user, at=clock.now())
            if tried(form, partial(act, **form.cleaned_data)):
                return done(request, "The decision is saved", "proposals", proposal.framework.buyer_id)
    context = {
        "proposal": proposal,
        "form": form,
        "places": queries.places_of(proposal),
        "suspensions": queries.in_force(proposal),
        "look": _look(proposal),
        "may_answer": can,
        "is_insurance": queries.is_insurance(proposal),
    }
    return page(request, proposal.framework.buyer, "monitoring/answer_proposal.html", active="proposals", **context)


def _look(proposal: Proposal) -> dict:
    """What a proposal has come to, in words and a colour."""
    if proposal.lapsed_at:
        how, words = "renewed", "Renewed"
    elif not proposal.answered:
        how, words = "waits", "Decide"
    elif proposal.answered == Answered.NO:
        how, words = "ended", "New pupils are placed"
    else:
        suspends = proposal.effect == Effect.SUSPEND
        how, words = ("suspended", "Suspended") if suspends else ("held", "No new pupils")
    return {"label": words, "colour": COLOURS[how]}
