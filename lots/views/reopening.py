"""The openings of a framework: its days by law, the next one, the switch; and a buyer that hands all of them over."""

from __future__ import annotations

import json

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from accounts.models import Organisation
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import reopening as actions
from lots.actions import transfers
from lots.forms.places import CoverageForm, SuccessionForm
from lots.models import Framework, Succession
from lots.queries import openings as queries
from lots.queries.limits import ASKED
from lots.queries.places import find_organisation, successions_of
from lots.rules.refusals import Refused
from lots.states import FrameworkState
from lots.views.setting_up import tried


@guard(permissions.can_see_inside, on=Framework)
@require_safe
def framework_openings(request, framework):
    """All openings of the scheme, its days by law, and the ways in which a provider carries on."""
    chain = queries.scheme_of(framework, today=clock.today())
    context = {
        "framework": framework,
        "scheme": chain,
        "decisions": (decisions := queries.decisions_of(framework)),
        "limit_asked": next((one for one in decisions if one.about == ASKED), None)
        if permissions.can_see_round(request.user, framework)
        else None,
        "can_change_limit": _can_change_limit(request.user, framework),
        "can_manage": permissions.can_manage_framework(request.user, framework),
        "runs": framework.state == FrameworkState.RUNNING,
        "can_begin": framework.state == FrameworkState.PUBLISHED,
        "following": next((one for one in chain.generations if one.previous_id == framework.pk), None),
    }
    return render(request, "lots/framework_openings.html", context)


def _can_change_limit(user, framework) -> bool:
    limited = framework.max_participants is not None or framework.max_lots is not None
    open_to_change = framework.state in {FrameworkState.PUBLISHED, FrameworkState.RUNNING}
    return limited and open_to_change and permissions.can_manage_framework(user, framework)


@guard(permissions.can_manage_framework, on=Framework)
def reopen_framework(request, framework):
    """Make the next opening from this one, as a draft."""
    form = SureForm(posted(request), submit="Open the framework again", warning=False)
    made = []

    def act():
        made.append(actions.reopen_framework(framework=framework, by=request.user, at=clock.now(), today=clock.today()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The next opening is made. Its dates are still empty")
        return redirect("setup_framework", made[0].pk)
    context = {
        "framework": framework,
        "form": form,
        "scheme": queries.scheme_of(framework, today=clock.today()),
        "decisions": queries.decisions_of(framework),
    }
    return render(request, "lots/reopen_framework.html", context)


def _switch_page(request, framework, form, coverage):
    left = queries.uncovered_by_switch(framework)
    context = {
        "framework": framework,
        "form": form,
        "coverage": coverage or CoverageForm(initial={"parts": json.dumps(left)}),
        "left": left,
        "unread": [label for label in left if label not in queries.acknowledged(framework)],
        "facts": queries.begin_facts(framework),
    }
    return render(request, "lots/switch_framework.html", context)


@guard(permissions.can_manage_framework, on=Framework)
def switch_framework(request, framework):
    """Begin a framework, which ends the one before it."""
    form = SureForm(posted(request), submit="Begin now")

    def act():
        actions.switch_framework(framework=framework, by=request.user, at=clock.now(), today=clock.today())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The framework has begun")
        return redirect("framework_openings", framework.pk)
    return _switch_page(request, framework, form, None)


@guard(permissions.can_manage_framework, on=Framework)
@require_POST
def acknowledge_coverage(request, framework):
    """Say that the list of parts left without a provider was read."""
    coverage = CoverageForm(request.POST)

    def act():
        actions.acknowledge_coverage(
            framework=framework, shown=coverage.cleaned_data["parts"], by=request.user, at=clock.now()
        )

    if coverage.is_valid() and tried(coverage, act):
        messages.success(request, "You have read the list")
        return redirect("switch_framework", framework.pk)
    messages.error(request, "; ".join(error for errors in coverage.errors.values() for error in errors))
    return redirect("switch_framework", framework.pk)


@guard(permissions.can_offer_succession, on=Organisation)
def offer_succession(request, buyer):
    """Hand all frameworks over to another buyer."""
    form = SuccessionForm(posted(request))

    def act():
        successor = find_organisation(form.cleaned_data["successor"], transfers.BUYERS)
        if successor is None:
            raise Refused("No council or academy trust on the portal has this name", field="successor")
        transfers.offer_succession(
            buyer=buyer, successor=successor, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "Your frameworks are offered. They stay yours until the other buyer accepts")
        return redirect("offer_succession", buyer.pk)
    context = {"buyer": buyer, "form": form, "successions": successions_of(buyer, user=request.user)}
    return render(request, "lots/offer_succession.html", context)


def _answer(request, succession, act, *, heading, submit, said, back):
    form = SureForm(posted(request), submit=submit)
    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, said)
        return redirect("organisation_frameworks", back)
    context = {"succession": succession, "form": form, "heading": heading, "back": back}
    return render(request, "lots/answer_succession.html", context)


@guard(permissions.can_accept_succession, on=Succession)
def accept_succession(request, succession):
    """Take another buyer's frameworks over."""

    def act():
        transfers.accept_succession(succession=succession, by=request.user, at=clock.now())

    return _answer(
        request,
        succession,
        act,
        heading=f"Take over the frameworks of {succession.buyer.name}",
        submit="Take over the frameworks",
        said="The frameworks are yours now",
        back=succession.successor_id,
    )


@guard(permissions.can_withdraw_succession, on=Succession)
def withdraw_succession(request, succession):
    """Take the offer back."""

    def act():
        transfers.withdraw_succession(succession=succession, by=request.user, at=clock.now())

    return _answer(
        request,
        succession,
        act,
        heading=f"Take back your offer to {succession.successor.name}",
        submit="Take the offer back",
        said="The offer is taken back",
        back=succession.buyer_id,
    )
